"""Run this project where Pulumi's Python host is missing: the Automation API runs the program in this very process.

Where `pulumi up` works, nobody needs this file.
"""

import runpy
import sys
from pathlib import Path

from pulumi import automation

HERE = Path(__file__).parent


def program() -> None:
    runpy.run_path(str(HERE / "__main__.py"), run_name="__main__")


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def run(stack: automation.Stack, arguments: list[str]) -> None:
    match arguments:
        case ["up"]:
            stack.up(refresh=True, on_output=print, on_error=complain)
        case ["preview"]:
            stack.preview(refresh=True, diff=True, on_output=print, on_error=complain)
        case ["destroy"]:
            stack.destroy(on_output=print, on_error=complain)
        case _:
            sys.exit("usage: python run.py up|preview|destroy")


def main() -> None:
    # The folder brings Pulumi.yaml and each stack's configuration, as for the command line.
    project = automation.LocalWorkspaceOptions(work_dir=str(HERE))
    stack = automation.create_or_select_stack("dev", project_name=HERE.name, program=program, opts=project)
    try:
        run(stack, sys.argv[1:])
    except automation.CommandError:
        # What the engine says has been shown; the error would say it all again.
        sys.exit("Pulumi has failed.")


if __name__ == "__main__":
    main()
