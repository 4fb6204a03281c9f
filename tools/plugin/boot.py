"""Run the plugin from the folder that its archive was unpacked to. Knows for which Pythons there are libraries in it;
knows nothing of what they do.

An old Python, too, must be able to read this file: it says what is missing, or hands over to a newer one.
"""

import os
import shutil
import sys

LIBRARIES = os.path.dirname(os.path.abspath(__file__))
NAME = "pulumi-resource-mlworkbench"
HANDED_OVER = "MLWORKBENCH_HANDED_OVER"


def folder(minor: int) -> str:
    return os.path.join(LIBRARIES, f"cp3{minor}")


def supported() -> "list[int]":
    """Return the minor versions that there are libraries for, newest first."""
    return [minor for minor in range(40, 10, -1) if os.path.isdir(folder(minor))]


def hand_over() -> None:
    """Run this file with another Python, if this machine has one that will do. Return only if it has none."""
    if os.environ.pop(HANDED_OVER, ""):
        return
    for minor in supported():
        python = shutil.which(f"python3.{minor}")
        if python:
            os.environ[HANDED_OVER] = "1"
            os.execv(python, [python, "-I", "-S", os.path.abspath(__file__), *sys.argv[1:]])


def main() -> None:
    if sys.version_info[0] != 3 or sys.version_info[1] not in supported():
        hand_over()
        wanted = ", ".join(f"3.{minor}" for minor in reversed(supported()))
        sys.exit(
            f"{NAME} runs with Python {wanted}, and {sys.executable} is {sys.version_info[0]}.{sys.version_info[1]}. "
            "Install one of them, or name one: MLWORKBENCH_PYTHON=/path/to/python3"
        )
    os.environ.pop(HANDED_OVER, None)
    sys.path[:0] = [folder(sys.version_info[1]), os.path.join(LIBRARIES, "any")]
    sys.argv[0] = NAME
    from mlworkbench.hosts.plugin import main as serve

    serve()


if __name__ == "__main__":
    main()
