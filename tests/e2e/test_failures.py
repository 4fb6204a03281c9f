"""Laws of what goes wrong half-way: nothing that exists is lost, and the next run can mend it."""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.outcomes import Outcome
from mlworkbench_emulator.serving import running

from .place import Place
from .programs import Declared, image, job, tensorboard
from .stacks import DynamicStack, PluginStack

SUBMIT_FAILED = 5
AT_ONCE_SECONDS = 4
FAILING = {
    "tensorboard": (tensorboard(), Outcome("CreateTensorboard", "Failed", "OutOfStock", "no machine is free")),
    "job": (job(), Outcome("CreateVisualizationJob", SUBMIT_FAILED)),
    "image": (image(), Outcome("RegisterImage", "CREATE_FAILED", reason_message="the image has no manifest")),
}


def existing(cloud: Emulator) -> int:
    return sum(len(cloud.resources.all(kind)) for kind in ("tensorboards", "visualization-jobs", "images"))


def commands_in(text: str, urn: str) -> list[list[str]]:
    """Return the commands that a message advises, ready to run."""
    advised = list(dict.fromkeys(re.findall(r"`pulumi ([^`]+)`", text)))
    return [[urn if word == "URN" else word for word in command.split()] for command in advised]


@pytest.mark.parametrize(("declared", "outcome"), FAILING.values(), ids=FAILING)
def test_a_creation_that_fails_keeps_the_id_until_it_is_mended_as_advised(
    plugin: PluginStack, cloud: Emulator, declared: Declared, outcome: Outcome
) -> None:
    """The plugin's protocol can keep what exists and is not as it should be."""
    cloud.outcomes.add(outcome)
    plugin.declare(wanted=declared)
    refused = plugin.up().refused()
    failed = plugin.place.kept("wanted")
    assert failed.id in refused.text
    assert outcome.reason_message in refused.text
    assert len(failed.failures) == 1
    assert "Traceback" not in refused.text

    commands = commands_in(refused.text, failed.urn)
    assert commands
    for verb, *arguments in commands:
        plugin.run(verb, "--yes", "--skip-preview", *arguments).succeeded()
    mended = plugin.place.kept("wanted")
    assert mended.id != failed.id
    assert mended.failures == ()
    assert existing(cloud) == 1


def test_a_creation_that_fails_is_undone_where_it_cannot_be_kept(dynamic: DynamicStack, cloud: Emulator) -> None:
    """The dynamic host's protocol has no way to keep it."""
    for _, outcome in FAILING.values():
        cloud.outcomes.add(outcome)
    dynamic.declare(**{name: declared for name, (declared, _) in FAILING.items()})
    refused = dynamic.up(continue_on_error=True).refused()
    assert all(outcome.reason_message in refused.text for _, outcome in FAILING.values())
    assert "It was deleted again." in refused.text
    assert dynamic.place.all_kept() == []
    assert existing(cloud) == 0

    dynamic.up().succeeded()
    assert existing(cloud) == len(FAILING)


def test_an_interrupted_wait_returns_at_once_and_goes_on_next_time(plugin: PluginStack, cloud: Emulator) -> None:
    """Ctrl-C reaches the CLI and whatever is in its process group. A dynamic provider is never told."""
    cloud.progress = "seconds:600"
    plugin.declare(board=tensorboard(), curves=job())
    with plugin.start("up", "--yes", "--skip-preview") as process:
        assert process.stdout is not None
        waiting = {"Creating, ", "INIT, "}
        while waiting:
            line = process.stdout.readline()
            assert line, "the command ended before it waited"
            waiting = {sign for sign in waiting if sign not in line}
        process.send_signal(signal.SIGINT)
        interrupted = time.monotonic()
        text = process.stdout.read()
    assert process.returncode != 0
    assert time.monotonic() - interrupted < AT_ONCE_SECONDS
    assert "was interrupted" in text
    ids = {kept.name: kept.id for kept in plugin.place.all_kept()}
    assert all(ids[name] for name in ("board", "curves"))
    assert not plugin.place.checkpoint().get("pending_operations")

    cloud.progress = "immediate"
    plugin.up().succeeded()
    assert {kept.name: kept.id for kept in plugin.place.all_kept()} == ids
    assert plugin.place.kept("board").outputs["status"] == "Running"
    assert not any(kept.failures for kept in plugin.place.all_kept())


def test_a_killed_plugin_leaves_nothing_that_is_made_twice(plugin: PluginStack, cloud: Emulator) -> None:
    """The engine records nothing of what was being created: only the cloud has it."""
    cloud.progress = "seconds:600"
    # An image is there at once: the first look at it is what takes its time.
    cloud.faults.add(Fault("ShowImage", delay_seconds=60))
    made = {
        "board": tensorboard(displayName="curves", summaryPath="/a/"),
        "curves": job(jobName="curves"),
        "torch": image(),
    }
    plugin.declare(**made)
    with plugin.start("up", "--yes", "--skip-preview") as process:
        assert process.stdout is not None
        while existing(cloud) < len(made):
            assert process.stdout.readline(), "the command ended before everything was being created"
        for process_id, command in plugin.place.processes().items():
            if "pulumi-resource-mlworkbench" in command:
                os.kill(process_id, signal.SIGKILL)
        process.communicate()
    assert process.returncode != 0
    assert plugin.place.all_kept() == []

    cloud.faults.clear()
    cloud.progress = "immediate"
    again = plugin.up(continue_on_error=True).refused()
    assert existing(cloud) == len(made)
    ids = {
        "pai:Tensorboard": str(cloud.resources.all("tensorboards")[0]["TensorboardId"]),
        "modelarts:VisualizationJob": str(cloud.resources.all("visualization-jobs")[0]["job_id"]),
        "modelarts:Image": str(cloud.resources.all("images")[0]["id"]),
    }
    for token, id in ids.items():
        assert f"`pulumi import mlworkbench:{token} NAME {id}`" in again.text

    names = {"pai:Tensorboard": "board", "modelarts:VisualizationJob": "curves", "modelarts:Image": "torch"}
    plugin.import_file(
        [{"type": f"mlworkbench:{token}", "name": names[token], "id": id} for token, id in ids.items()]
    ).succeeded()
    assert {kept.id for kept in plugin.place.all_kept()} == set(ids.values())


def test_what_the_emulator_holds_survives_its_restart(place: Place, plugin: PluginStack, tmp_path: Path) -> None:
    file = tmp_path / "emulator.db"
    with closing(Emulator(state_file=file)) as first, running(first) as url:
        port = int(url.rpartition(":")[2])
        plugin.place = Place(place.root, place.path, environment(first.settings, url))
        plugin.declare(board=tensorboard(), curves=job(), torch=image())
        plugin.up().succeeded()
    with closing(Emulator(state_file=file)) as second, running(second, port):
        assert plugin.up(refresh=True, expect_no_changes=True).succeeded().changes == []
