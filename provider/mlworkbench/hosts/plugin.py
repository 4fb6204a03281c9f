"""Serve the provider as a plugin process, `pulumi-resource-mlworkbench`. Knows the process contract and no resource.

Source: sdk/go/common/resource/plugin of github.com/pulumi/pulumi: the engine's address is the last argument, the port
is the first line of stdout, and a Cancel, then SIGINT, ends the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from .claims import Claims
from .core import Provider
from .document import schema_text
from .servicer import Servicer

__all__ = ["main"]

_LOOK_AFTER_PARENT_SECONDS = 2.0
# The engine kills what has not ended five seconds after a signal.
_GRACE_SECONDS = 4.0
_MESSAGE_SIZE = 400 * 1024 * 1024
_OPTIONS = [
    ("grpc.max_receive_message_length", _MESSAGE_SIZE),
    ("grpc.max_send_message_length", _MESSAGE_SIZE),
]


def engine_address(arguments: list[str]) -> str:
    """Return the last positional argument; flags and their values, known or not, may stand before it."""
    last = arguments[-1] if arguments else ""
    return "" if last.startswith("-") else last


async def serve(address: str) -> None:
    """Serve until a signal ends the process."""
    server = grpc.aio.server(options=_OPTIONS)
    # One engine runs a process for each of its providers, all of them its children.
    provider = Provider(claims=Claims(str(os.getppid())))
    servicer = Servicer(provider, schema_text, address)
    add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(port, flush=True)
    await _until(stopped)
    # What is in flight must still answer: an id that the engine is not told is lost.
    servicer.interrupt()
    await server.stop(grace=_GRACE_SECONDS)
    await provider.close()
    await servicer.log.close()


async def _until(stopped: asyncio.Event) -> None:
    """Wait for the end, or until the engine is gone without a word, as after kill -9: nobody else would end this."""
    parent = os.getppid()
    while os.getppid() == parent and not stopped.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), _LOOK_AFTER_PARENT_SECONDS)


def main() -> None:
    """Run the plugin. Started by hand it says what it is for."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        print("pulumi-resource-mlworkbench is started by Pulumi: run `pulumi up` with it on PATH.", file=sys.stderr)
        sys.exit(0 if arguments else 2)
    asyncio.run(serve(engine_address(arguments)))


if __name__ == "__main__":
    main()
