"""Be the command `mlworkbench-emulator`: start the emulator, or say how to reach one. Knows arguments and messages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .emulator import Emulator
from .environment import environment, exports, json_text
from .progress import Progress, ProgressError
from .serving import listening_socket, serve, url_of
from .settings import Settings
from .store import StoreError

__all__ = ["main"]

DEFAULT_PORT = 8765
LOOPBACK = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit code."""
    chosen = _parser().parse_args(arguments)
    if chosen.command == "env":
        variables = environment(Settings(), f"http://{LOOPBACK}:{chosen.port}")
        sys.stdout.write(json_text(variables) if chosen.format == "json" else exports(variables))
        return 0
    return _run(chosen)


def _run(chosen: argparse.Namespace) -> int:
    settings = replace(Settings(), tensorboard_cap=chosen.tensorboard_cap)
    try:
        emulator = Emulator(settings, progress=chosen.progress, state_file=chosen.state)
    except StoreError as error:
        return _fail(f"{error}.\nGive --state a file that this emulator wrote, a new name, or leave it out.")
    try:
        listening = listening_socket(chosen.host, chosen.port)
    except OSError as error:
        emulator.close()
        why = error.strerror or str(error)
        return _fail(
            f"cannot listen on {chosen.host} port {chosen.port}: {why}.\nGive another --port; 0 takes a free one."
        )
    sys.stdout.write(_greeting(url_of(listening), chosen))
    sys.stdout.flush()
    try:
        serve(emulator, listening)
    finally:
        emulator.close()
    return 0


def _greeting(url: str, chosen: argparse.Namespace) -> str:
    state = "in memory, gone when it stops" if chosen.state is None else f"kept in {chosen.state}"
    port = url.rpartition(":")[2]
    lines = (
        f"mlworkbench emulator on {url}",
        f"  progress     {chosen.progress}",
        f"  state        {state}",
        f'  environment  eval "$(mlworkbench-emulator env --port {port})"',
        f"  controls     {url}/_emulator/health",
        "  stop         Ctrl-C",
    )
    return "\n".join(lines) + "\n"


def _fail(message: str) -> int:
    sys.stderr.write(f"mlworkbench-emulator: {message}\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mlworkbench-emulator",
        description="Stand in for PAI-DLC TensorBoards, ModelArts visualization jobs and images, and IAM.",
    )
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help="port to listen on; 0 takes a free one")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--progress",
        type=_progress,
        default=Progress(),
        metavar="HOW",
        help="how states advance: immediate, reads:N (after N reads each) or seconds:S (default: immediate)",
    )
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the state in this SQLite file")
    parser.add_argument(
        "--tensorboard-cap",
        type=int,
        default=Settings.tensorboard_cap,
        metavar="N",
        help="how many TensorBoards an account may have up (default: %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", metavar="env")
    env = commands.add_parser("env", help="print the environment that leads clients to an emulator")
    # A default here would overwrite a --port given before the word env.
    env.add_argument("--port", type=_port, default=argparse.SUPPRESS, help="the emulator's port")
    env.add_argument("--format", choices=("shell", "json"), default="shell", help="how to print it")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: give a number from 0 to 65535")
    return int(text)


def _progress(text: str) -> Progress:
    try:
        return Progress.parse(text)
    except ProgressError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
