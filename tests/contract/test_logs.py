"""Laws of logs: neither the engine nor any logger is told a key or a secret value, at any level."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as proto

from mlworkbench.hosts.log import EngineLog
from mlworkbench.model.values import leaves
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.faults import Fault

from .cases import Kind, variants
from .hosts import Existing, Host, Loop, PluginHost, Refused, open_host

World = tuple[Emulator, dict[str, str]]
CREDENTIALS = ("SECRET", "_SK", "PASSWORD", "TOKEN")


class Engine(engine_pb2_grpc.EngineServicer):
    """The part of the engine that a provider logs to."""

    def __init__(self) -> None:
        self.said: list[engine_pb2.LogRequest] = []
        self.slow_to_hear, self.meanwhile = "", threading.Event()

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> Empty:
        if request.message == self.slow_to_hear:
            self.meanwhile.wait(timeout=0.2)
        self.said.append(request)
        return Empty()


@pytest.fixture
def engine() -> Iterator[tuple[Engine, str]]:
    engine, server = Engine(), grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield engine, f"127.0.0.1:{port}"
    server.stop(None).wait()


def credentials(environment: dict[str, str]) -> list[str]:
    return [value for name, value in environment.items() if any(sign in name for sign in CREDENTIALS)]


def texts(kind: Kind) -> list[str]:
    return [text for inputs in variants(kind) for _, text in leaves(inputs) if str(text).startswith("text-of-")]


def live(host: Host, kind: Kind, emulator: Emulator) -> None:
    """Lead a life in which everything is tried, and something goes wrong."""
    inputs = variants(kind)[0]
    host.check(kind.token, inputs)
    created = host.create(kind.token, inputs)
    found = host.read(kind.token, created.id, created)
    assert found is not None
    host.update(kind.token, Existing(created.id, created.state, inputs), {**inputs, **kind.change})
    emulator.faults.add(Fault(operation="*", status=500, code="InternalError", message=str(inputs)[:300], times=9))
    with pytest.raises(Refused):
        host.read(kind.token, created.id, found)
    emulator.faults.clear()
    host.delete(kind.token, created)


def test_no_logger_is_told_a_key(
    host: Host, kind: Kind, emulator: Emulator, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    live(host, kind, emulator)
    assert caplog.records, "nothing was logged, so nothing was shown"
    told = caplog.text + "".join(str(record.args) for record in caplog.records)
    assert [value for value in [*credentials(world[1]), *texts(kind)] if value in told] == []


def test_the_engine_is_told_how_it_goes_and_nothing_secret(
    engine: tuple[Engine, str], kind: Kind, emulator: Emulator, world: World, loop: Loop
) -> None:
    log, address = engine
    emulator.progress = "reads:2"
    with open_host("plugin", world[1], loop, {"maxRetries": 0}) as plugin:
        assert isinstance(plugin, PluginHost)
        plugin.call("Handshake", proto.ProviderHandshakeRequest(engine_address=address))
        live(plugin, kind, emulator)
        loop.run(plugin.servicer.log.settled())
    said = [line.message for line in log.said]
    assert any("→" in line for line in said) or kind.token == "modelarts:Image"
    assert all(line.ephemeral for line in log.said)
    told = " ".join(said)
    assert [value for value in [*credentials(world[1]), *texts(kind)] if value in told] == []


async def test_no_line_overtakes_another(engine: tuple[Engine, str]) -> None:
    heard, address = engine
    heard.slow_to_hear = "Creating, 1 s"
    log = EngineLog(address)
    for text in ("Creating, 1 s", "Running, 2 s"):
        log.status("urn")(text)
    await log.close()
    assert [each.message for each in heard.said] == ["Creating, 1 s", "Running, 2 s"]


async def test_an_engine_that_attaches_later_is_told_what_comes_then(engine: tuple[Engine, str]) -> None:
    heard, address = engine
    log = EngineLog("127.0.0.1:1")
    log.status("urn")("to nobody")
    await log.attach(address)
    log.status("urn")("to the engine")
    await log.close()
    assert [each.message for each in heard.said] == ["to the engine"]


def test_no_token_is_logged_even_by_whoever_wants_to_see_all_of_httpcore(
    world: World, loop: Loop, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(1, logger=name)
    environment = {name: value for name, value in world[1].items() if not name.startswith(("HUAWEICLOUD_SDK", "HW_"))}
    with open_host("core", environment, loop, {}) as host:
        host.create("modelarts:Image", registry()["modelarts:Image"].example)
    assert "CreateToken" in emulator.journal.operations()
    assert "x-subject-token" not in caplog.text.lower()
