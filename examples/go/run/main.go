// Run this project where Pulumi's Go host is missing: the Automation API runs the program in this very process.
// Where `pulumi up` works, nobody needs this folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"mlworkbench-go/workbench"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	verb := ""
	if len(arguments) == 1 {
		verb = arguments[0]
	}
	// The folder brings Pulumi.yaml and each stack's configuration, as for the command line.
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "mlworkbench-go", workbench.Declare, auto.WorkDir("."))
	if err != nil {
		return err
	}
	switch verb {
	case "up":
		_, err = stack.Up(ctx, optup.Refresh(), optup.ProgressStreams(os.Stdout), optup.ErrorProgressStreams(os.Stderr))
	case "preview":
		_, err = stack.Preview(ctx, optpreview.Refresh(), optpreview.Diff(),
			optpreview.ProgressStreams(os.Stdout), optpreview.ErrorProgressStreams(os.Stderr))
	case "destroy":
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(os.Stdout), optdestroy.ErrorProgressStreams(os.Stderr))
	default:
		return errors.New("usage: go run ./run up|preview|destroy")
	}
	if err != nil {
		// What the engine says has been shown; this error would say it all again.
		return fmt.Errorf("%s has failed", verb)
	}
	return nil
}
