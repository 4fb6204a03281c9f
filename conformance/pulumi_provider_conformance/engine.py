"""Be the engine that a plugin talks back to: record its log, know no stack. Knows no law."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server

__all__ = ["Engine", "Logged", "engine"]


@dataclass(frozen=True)
class Logged:
    """One message of a plugin."""

    text: str
    urn: str
    ephemeral: bool
    severity: int


@dataclass
class Engine(EngineServicer):
    """Answers what a plugin may ask of the engine, and remembers what it said."""

    address: str = ""
    logged: list[Logged] = field(default_factory=list)
    _root: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def Log(self, request: engine_pb2.LogRequest, context: Any) -> Empty:
        with self._lock:
            self.logged.append(Logged(request.message, request.urn, request.ephemeral, request.severity))
        return Empty()

    def GetRootResource(self, request: Any, context: Any) -> engine_pb2.GetRootResourceResponse:
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, context: Any) -> engine_pb2.SetRootResourceResponse:
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def StartDebugging(self, request: Any, context: Any) -> Empty:
        return Empty()

    def RequirePulumiVersion(self, request: Any, context: Any) -> engine_pb2.RequirePulumiVersionResponse:
        return engine_pb2.RequirePulumiVersionResponse()


@contextmanager
def engine() -> Iterator[Engine]:
    """Serve an engine on a free port."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    serving = Engine()
    add_EngineServicer_to_server(serving, server)
    serving.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield serving
    finally:
        server.stop(grace=None).wait()
