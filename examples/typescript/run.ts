// Run this project where Pulumi's Node.js host is missing: the Automation API runs the program in this very process.
// Where `pulumi up` works, nobody needs this file.

import { CommandError, LocalWorkspace, Stack } from "@pulumi/pulumi/automation";

// What the module exports are the outputs of the stack.
const program = async () => require("./index.js");

async function run(stack: Stack, verb?: string): Promise<void> {
    const shown = {
        onOutput: (text: string) => void process.stdout.write(text),
        onError: (text: string) => void process.stderr.write(text),
    };
    switch (verb) {
        case "up":
            await stack.up({ refresh: true, ...shown });
            break;
        case "preview":
            await stack.preview({ refresh: true, diff: true, ...shown });
            break;
        case "destroy":
            await stack.destroy(shown);
            break;
        default:
            throw new Error("usage: node bin/run.js up|preview|destroy");
    }
}

async function main(): Promise<void> {
    // The folder brings Pulumi.yaml and each stack's configuration, as for the command line.
    const inline = { stackName: "dev", projectName: "mlworkbench-typescript", program };
    const stack = await LocalWorkspace.createOrSelectStack(inline, { workDir: "." });
    try {
        await run(stack, process.argv[2]);
    } catch (error) {
        // What the engine says has been shown; its error would say it all again.
        throw error instanceof CommandError ? new Error("Pulumi has failed.") : error;
    }
}

main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
