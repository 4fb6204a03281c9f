"""Laws of the demo's parts: how it fails, what it checks, how it ends what it has started."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.clouds import fake_clouds
from demo.hosts import open_yaml
from demo.run import INTERRUPTED, run
from demo.screen import Screen
from demo.session import Session, members
from demo.stage import Folder
from demo.story import DemoFailed, Life, Step, Tampering, require

# A child that leaves the group, as plugins do, and that no polite signal ends.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
os.write(1, b"ready\\n")
time.sleep(600)
"""


class Heard:
    """A pipe to print to."""

    def __init__(self) -> None:
        self._reading, self.writing = os.pipe()

    def line(self) -> str:
        with os.fdopen(self._reading) as stream:
            return stream.readline()


def failing() -> None:
    require(False, "the moon is not round")


def told(steps: list[Step], interrupted: Callable[[], bool] = lambda: False) -> tuple[int, str]:
    out = io.StringIO()
    return run(steps, Screen(out, coloured=False), interrupted), out.getvalue()


def test_a_failed_check_ends_the_demo_with_its_reason() -> None:
    code, text = told([Step("One.", failing), Step("Two.", lambda: None)])
    assert code == 1
    assert text.endswith("The demo failed: the moon is not round\n")
    assert "Two." not in text


def test_a_step_is_announced_before_it_is_done() -> None:
    out = io.StringIO()
    seen: list[str] = []
    run([Step("One.", lambda: seen.append(out.getvalue()))], Screen(out, coloured=False), lambda: False)
    assert seen == ["\n[1/1] One.\n"]


def test_an_interrupted_run_announces_nothing_more() -> None:
    assert told([Step("One.", failing)], lambda: True) == (INTERRUPTED, "")


@pytest.mark.parametrize("coloured", [True, False])
def test_colours_are_used_only_where_they_are_wanted(coloured: bool) -> None:
    out = io.StringIO()
    screen = Screen(out, coloured=coloured)
    screen.announce(1, 2, "One.")
    screen.command("pulumi up")
    assert ("\x1b[" in out.getvalue()) is coloured


def test_the_end_of_a_session_is_the_end_of_all_its_processes() -> None:
    heard = Heard()
    session = Session([sys.executable, "-c", STUBBORN], dict(os.environ), heard.writing, grace_seconds=0.2)
    assert heard.line() == "ready\n"
    leader = session.leader
    assert members(leader)
    session.end()
    os.close(heard.writing)
    assert members(leader) == []


def test_nothing_of_the_users_gets_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "HW_AUTH_TOKEN", "OS_PASSWORD", "MLWORKBENCH_PAI_REGION", "PULUMI_STACK")
    for name in theirs:
        monkeypatch.setenv(name, "theirs")
    with Folder() as folder:
        environment = folder.environment(coloured=False)
    assert not folder.path.exists()
    assert "theirs" not in environment.values()


def test_a_drift_that_is_not_seen_fails_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(io.StringIO(), coloured=False)
    with Folder() as folder, fake_clouds("immediate") as clouds:
        for name, value in {**folder.environment(coloured=False), **clouds.variables}.items():
            monkeypatch.setenv(name, value)
        nothing = Tampering("nobody does anything", (), {"update": 1, "same": 3})
        life = Life(screen, lambda: open_yaml(folder.path, screen), nothing)
        life.clouds = clouds
        create, tamper, compare, *_ = life.steps("YAML")
        create.act()
        tamper.act()
        with pytest.raises(DemoFailed, match="the drift was not seen"):
            compare.act()


def test_the_entry_of_the_demo_imports_nothing_slow() -> None:
    """Until the signals are caught, a Ctrl-C would show a traceback."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, demo.__main__; print(*sys.modules)"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"pulumi", "grpc", "mlworkbench", "demo.run"} & set(loaded.stdout.split())
