"""Laws of the whole demo, on the real engine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.stage import ROOT
from tests.demo.leftovers import processes_of

# What a user may have set for stacks and clouds of their own; the demo would fail if any of it took part.
FOREIGN = {
    "HW_AUTH_TOKEN": "token-of-another-cloud",
    "MLWORKBENCH_PAI_ENDPOINT": "http://127.0.0.1:9",
    "OS_PROJECT_ID": "another-project",
    "PULUMI_BACKEND_URL": "file:///nowhere",
    "PULUMI_STACK": "production",
}
HOSTS = ("YAML program, plugin host", "Python program, dynamic host")
STEPS = (
    "Start emulated clouds",
    *(
        step
        for host in HOSTS
        for step in (host, "Behind Pulumi's back", "Look for drift", "Heal", "Look again", "Destroy")
    ),
    "Stop the emulated clouds",
)


@dataclass(frozen=True)
class Performance:
    """One run of the demo, seen from outside."""

    code: int
    text: str
    folder: Path

    def step(self, announcement: str) -> str:
        """Return what was shown from an announcement to the next one."""
        return self.text.partition(announcement)[2].partition("\n[")[0]


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env={**os.environ, **FOREIGN, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def interrupted(folder: Path, number: signal.Signals, moment: str) -> Performance:
    """Run the demo until it prints a text, then send it a signal."""
    with started(folder) as process:
        assert process.stdout is not None
        shown = []
        for line in process.stdout:
            shown.append(line)
            if moment in line:
                process.send_signal(number)
                break
        rest, _ = process.communicate(timeout=60)
        return Performance(process.returncode, "".join(shown) + rest, folder)


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    folder = tmp_path_factory.mktemp("whole")
    with started(folder) as process:
        text, _ = process.communicate(timeout=300)
        return Performance(process.returncode, text, folder)


def test_the_demo_comes_to_a_good_end(performance: Performance) -> None:
    assert performance.code == 0, performance.text


def test_every_step_is_announced_in_one_line_before_it_happens(performance: Performance) -> None:
    announced = re.findall(r"^\[(\d+)/(\d+)\] (.+)$", performance.text, re.MULTILINE)
    assert [(int(number), int(total)) for number, total, _ in announced] == [
        (number, len(STEPS)) for number in range(1, len(STEPS) + 1)
    ]
    assert all(told.startswith(step) for (_, _, told), step in zip(announced, STEPS, strict=True))


@pytest.mark.parametrize("host", HOSTS)
def test_the_outputs_of_the_stack_are_shown(performance: Performance, host: str) -> None:
    shown = performance.step(host)
    assert re.search(r'tensorboardUrl: "http://127.0.0.1:\d+/', shown)
    assert "+ 4 created" in shown


def test_the_drift_of_each_stack_is_shown_to_the_property(performance: Performance) -> None:
    yaml, python = performance.text.split(HOSTS[1])
    assert "~ maxRunningTimeMinutes: 30 => 240" in yaml
    assert '~ accessibility        : "PUBLIC" => "PRIVATE"' in yaml
    assert "+ mlworkbench:modelarts:Image: (create)" in yaml
    assert '"Mine now, please do not touch" => "Curves of the nightly training"' in python


def test_waiting_can_be_watched(performance: Performance) -> None:
    assert "Creating → Running" in performance.step(HOSTS[0])


def test_the_engine_has_nothing_to_warn_of(performance: Performance) -> None:
    assert "warning" not in performance.text


def test_a_log_has_no_colours(performance: Performance) -> None:
    assert "\x1b" not in performance.text


def test_nothing_is_left_behind(performance: Performance) -> None:
    assert list(performance.folder.iterdir()) == []
    assert processes_of(performance.folder) == []


@pytest.mark.parametrize(
    ("number", "code", "moment"),
    [(signal.SIGINT, 130, "Tensorboard curves creating"), (signal.SIGTERM, 143, "[2/14]")],
)
def test_an_interrupted_demo_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, code: int, moment: str
) -> None:
    performance = interrupted(tmp_path, number, moment)
    assert performance.code == code
    assert performance.text.endswith(
        "Interrupted: stopping the engine and the emulator, removing the temporary folder.\n"
    )
    assert list(tmp_path.iterdir()) == []
    assert processes_of(tmp_path) == []


def test_a_reader_who_leaves_ends_the_demo(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 1
    assert list(tmp_path.iterdir()) == []
    assert processes_of(tmp_path) == []
