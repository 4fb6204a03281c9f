"""Laws of the process: how a plugin starts, where it listens, how it ends. Know no resource.

Source: sdk/go/common/resource/plugin/{plugin,provider_plugin}.go of github.com/pulumi/pulumi.
"""

from __future__ import annotations

import signal
import socket

from google.protobuf.empty_pb2 import Empty

from ..law import Scope, Severity, broken, chapter, require, skip
from ..plugin import Refused
from ..stage import Stage, cancel

law = chapter("Start and end", Scope.PROVIDER)

QUICK_START_SECONDS = 3.0
QUICK_END_SECONDS = 1.0
CANCEL_SECONDS = 5.0


@law(
    "plugin.go, newPlugin: reads the port from stdout",
    "Bind 127.0.0.1:0, then print the port and a newline and flush. Send everything else to stderr or to Engine.Log, "
    "what libraries print while they are imported too.",
)
def the_port_is_the_first_line(stage: Stage) -> None:
    """The first line on stdout is the port and nothing else."""
    with stage.another() as plugin:
        line = plugin.process.first_line
    require(line.endswith("\n"), f"the first line {line!r} has no end: print a newline after the port")
    require(line.rstrip("\r\n").isdigit(), f"the first line is {line!r}")


@law(
    "plugin.go, newPlugin: arguments of a plugin",
    "Take the last argument as the engine's address and step over flags and flag values that you do not know.",
)
def flags_are_tolerated(stage: Stage) -> None:
    """The plugin starts with the flags that the CLI adds, and reads the engine's address from the last argument."""
    with stage.another(("--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:9")) as plugin:
        plugin.call("GetPluginInfo", Empty())


@law(
    "plugin.go: the plugin is asked as soon as it has named its port",
    "Start to serve before you print the port.",
)
def it_serves_when_it_has_named_its_port(stage: Stage) -> None:
    """The port takes connections at once."""
    with stage.another() as plugin:
        try:
            socket.create_connection(("127.0.0.1", plugin.process.port), timeout=2).close()
        except OSError as error:
            broken(f"a connection right after the port was printed failed: {error}")


@law(
    "provider_plugin.go: plugins serve on 127.0.0.1",
    "Bind 127.0.0.1, not 0.0.0.0 or [::]: the port takes orders and secrets from anybody who reaches it.",
)
def it_listens_on_this_machine_only(stage: Stage) -> None:
    """The port cannot be reached from other machines."""
    address = _outer_address()
    if address is None:
        skip("this machine has no address but the loopback's")
    with stage.another() as plugin:
        try:
            socket.create_connection((address, plugin.process.port), timeout=2).close()
        except OSError:
            return
    broken(f"the port takes connections on {address}")


@law(
    "engine behaviour: one command starts a plugin several times",
    "Import what is slow when it is first needed, and do no network calls before the port is printed.",
    Severity.SHOULD,
)
def it_starts_quickly(stage: Stage) -> None:
    """The port comes within three seconds."""
    with stage.another() as plugin:
        seconds = plugin.process.seconds_to_start
    require(seconds <= QUICK_START_SECONDS, f"it took {seconds:.1f} s to print the port")


@law(
    "provider.proto, Cancel; provider_plugin.go, Close: five seconds for Cancel",
    "Set a flag that those who wait look at, and answer at once.",
)
def cancel_is_answered_at_once(stage: Stage) -> None:
    """Cancel is answered within five seconds, before and after the configuration."""
    with stage.another() as plugin:
        try:
            cancel(plugin, CANCEL_SECONDS)
        except Refused as refusal:
            broken(str(refusal))


@law(
    "provider_plugin.go, Close: Cancel, then SIGINT, then a kill after five seconds",
    "Stop the server and exit on SIGINT. A plugin that lingers costs its users up to five seconds in every command.",
)
def it_ends_after_cancel_and_sigint(stage: Stage) -> None:
    """After Cancel and SIGINT the process ends by itself within a second."""
    plugin = stage.launch()
    stage.introduce(plugin)
    cancel(plugin)
    ended = plugin.close()
    require(not ended.killed, "it still ran five seconds after SIGINT and had to be killed")
    require(ended.seconds <= QUICK_END_SECONDS, f"it took {ended.seconds:.1f} s to end after SIGINT")


@law(
    "plugin.go: what ends before it is told to is reported as a bug of the provider, with all its output",
    "Handle SIGINT: end quietly, with exit code 0, without a traceback.",
    Severity.SHOULD,
)
def it_ends_quietly(stage: Stage) -> None:
    """SIGINT leaves no traceback on stderr."""
    plugin = stage.launch()
    stage.introduce(plugin)
    cancel(plugin)
    plugin.close()
    told = "".join(plugin.process.errors)
    require("Traceback" not in told and "goroutine 1" not in told, f"stderr ends with {told[-200:]!r}")


@law(
    "plugin.go: SIGTERM ends a plugin whose CLI was told to end",
    "Handle SIGTERM like SIGINT.",
    Severity.SHOULD,
)
def it_ends_on_sigterm(stage: Stage) -> None:
    """SIGTERM ends the process within a second, without a Cancel."""
    plugin = stage.launch()
    plugin.call("GetPluginInfo", Empty())
    plugin.channel.close()
    ended = plugin.process.signal(signal.SIGTERM)
    require(not ended.killed, "it still ran five seconds after SIGTERM")
    require(ended.seconds <= QUICK_END_SECONDS, f"it took {ended.seconds:.1f} s to end after SIGTERM")


last = chapter("The whole run", Scope.PROVIDER)


@last(
    "plugin.go: later output is hidden, and dumped if the plugin ends early",
    "Log through Engine.Log, with the URN; print nothing to stdout after the port.",
    Severity.SHOULD,
)
def stdout_stays_silent(stage: Stage) -> None:
    """Nothing is printed to stdout after the port, whatever was asked."""
    lines = stage.output()
    require(not lines, f"{len(lines)} lines came after the port, the first is {lines[:1]}")


def _outer_address() -> str | None:
    """Return an address of this machine that others could reach; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") or address == "0.0.0.0" else address


LAWS = (
    the_port_is_the_first_line,
    flags_are_tolerated,
    it_serves_when_it_has_named_its_port,
    it_listens_on_this_machine_only,
    it_starts_quickly,
    cancel_is_answered_at_once,
    it_ends_after_cancel_and_sigint,
    it_ends_quietly,
    it_ends_on_sigterm,
)
LAST = (stdout_stays_silent,)
