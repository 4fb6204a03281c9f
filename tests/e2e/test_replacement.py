"""Laws of replacement: what makes a new resource, what is said to be the reason, which one goes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlworkbench_emulator import Emulator

from .programs import Declared, image, job, tensorboard
from .runs import Run, Step
from .stacks import PluginStack, Stack

FREE_PATH = "swr.cn-north-4.myhuaweicloud.com/team/torch:{}"

# Per name: the resource as it is, its change, and the path and the kind that the change is foretold with.
Case = tuple[Declared, dict[str, object], str, str]
IN_PLACE: dict[str, Case] = {
    "minutes": (
        tensorboard(maxRunningTimeMinutes=60),
        {"maxRunningTimeMinutes": 90},
        "maxRunningTimeMinutes",
        "update",
    ),
    "access": (tensorboard(), {"accessibility": "PUBLIC"}, "accessibility", "add"),
    "priority": (tensorboard(priority=1), {"priority": 2}, "priority", "update"),
    "said": (job(jobDesc="one"), {"jobDesc": None}, "jobDesc", "delete"),
    "state": (job(), {"desiredStatus": "Stopped"}, "desiredStatus", "add"),
    "content": (image(swrPath=FREE_PATH.format("content")), {"deleteSwrContent": True}, "deleteSwrContent", "add"),
}
SPEC = {"ecsType": "ecs.g6.large", "vpcId": "vpc-1"}
HOURS = {"type": "stop", "timeUnit": "HOURS"}
ANEW: dict[str, Case] = {
    "board": (tensorboard(displayName="one"), {"displayName": "two"}, "displayName", "update-replace"),
    "uri": (tensorboard(uri="oss://a.b/c/"), {"uri": "oss://a.b/d/"}, "uri", "update-replace"),
    "options": (tensorboard(options='{"a": 1}'), {"options": '{"a":2}'}, "options", "update-replace"),
    "quota": (tensorboard(), {"quotaId": "quota1"}, "quotaId", "add-replace"),
    "unjobbed": (tensorboard(jobId="dlc1"), {"jobId": None}, "jobId", "delete-replace"),
    "spec": (
        tensorboard(tensorboardSpec=SPEC),
        {"tensorboardSpec": {**SPEC, "vpcId": "vpc-2"}},
        "tensorboardSpec.vpcId",
        "update-replace",
    ),
    "sources": (
        tensorboard(tensorboardDataSources=[{"id": "d-1"}, {"id": "d-2"}]),
        {"tensorboardDataSources": [{"id": "d-1"}, {"id": "d-3"}]},
        "tensorboardDataSources[1].id",
        "update-replace",
    ),
    "named": (job(jobName="one"), {"jobName": "two"}, "jobName", "update-replace"),
    "url": (job(), {"trainUrl": "/bucket/other/"}, "trainUrl", "update-replace"),
    "hours": (
        job(schedule={**HOURS, "duration": 4}),
        {"schedule": {**HOURS, "duration": 5}},
        "schedule.duration",
        "update-replace",
    ),
    "unhoured": (job(schedule={**HOURS, "duration": 4}), {"schedule": None}, "schedule", "delete-replace"),
    "path": (image(swrPath=FREE_PATH.format("1")), {"swrPath": FREE_PATH.format("2")}, "swrPath", "update-replace"),
    "categories": (
        image(swrPath=FREE_PATH.format("categories"), resourceCategories=["CPU", "GPU"]),
        {"resourceCategories": ["GPU", "CPU", "ASCEND"]},
        "resourceCategories[2]",
        "add-replace",
    ),
    "tags": (
        image(swrPath=FREE_PATH.format("tags"), tags=["a", "b"]),
        {"tags": ["b"]},
        "tags[0]",
        "delete-replace",
    ),
}
# Written otherwise, but meaning the same.
IDLE: dict[str, tuple[Declared, dict[str, object]]] = {
    "spaces": (tensorboard(options='{"a": 1, "b": 2}'), {"options": '{"b":2,"a":1}'}),
    "order": (
        image(swrPath=FREE_PATH.format("order"), services=["SSH", "NOTEBOOK"]),
        {"services": ["NOTEBOOK", "SSH"]},
    ),
}
ROOM_FOR_ALL = 100


def as_it_is() -> dict[str, Declared]:
    declared = {name: case[0] for name, case in {**IN_PLACE, **ANEW}.items()}
    return declared | {name: case[0] for name, case in IDLE.items()}


def as_it_shall_be() -> dict[str, Declared]:
    declared = {name: case[0].but(**case[1]) for name, case in {**IN_PLACE, **ANEW}.items()}
    return declared | {name: case[0].but(**case[1]) for name, case in IDLE.items()}


def foretold(run: Run) -> dict[str, Step]:
    """Return the step on each resource that the program asks for: to update it, or to make it anew."""
    return {step.name: step for step in run.steps if step.op in ("update", "replace")}


@pytest.fixture
def changed(stack: Stack, cloud: Emulator) -> Stack:
    """A stack that holds all the cases, and a program that changes them all."""
    cloud.settings = replace(cloud.settings, tensorboard_cap=ROOM_FOR_ALL)
    stack.declare(**as_it_is())
    stack.up().succeeded()
    stack.declare(**as_it_shall_be())
    cloud.journal.clear()
    return stack


def test_a_preview_names_what_changes_and_what_it_costs(changed: Stack, cloud: Emulator) -> None:
    """The dynamic host's protocol names properties; the plugin's also names paths and kinds."""
    run = changed.preview().succeeded()
    assert cloud.journal.operations() == []
    steps = foretold(run)
    assert {name for name, step in steps.items() if step.op == "update"} == IN_PLACE.keys()
    assert {name for name, step in steps.items() if step.op == "replace"} == ANEW.keys()
    for name, (_, change, path, kind) in {**IN_PLACE, **ANEW}.items():
        assert steps[name].replacing == (frozenset(change) if name in ANEW else frozenset()), name
        if isinstance(changed, PluginStack):
            assert steps[name].kinds == {path: kind}, name
            assert steps[name].differing == frozenset(change), name


def order(cloud: Emulator, create: str, delete: str) -> list[str]:
    return [operation for operation in cloud.journal.operations() if operation in (create, delete)]


def test_the_new_one_comes_first_unless_both_would_hold_one_name(stack: Stack, cloud: Emulator) -> None:
    stack.declare(
        board=tensorboard(summaryPath="/a/"),
        named=job(jobName="one"),
        curves=job(),
        torch=image(description="one"),
    )
    stack.up().succeeded()
    names_before = {kept.name: kept.outputs for kept in stack.place.all_kept()}
    stack.declare(
        board=tensorboard(summaryPath="/b/"),
        named=job(jobName="one", trainUrl="/bucket/other/"),
        curves=job(trainUrl="/bucket/other/"),
        torch=image(description="two"),
    )
    cloud.journal.clear()
    changes = stack.up().succeeded().changes

    assert order(cloud, "CreateTensorboard", "DeleteTensorboard") == ["CreateTensorboard", "DeleteTensorboard"]
    assert changes.index(("create-replacement", "board")) < changes.index(("delete-replaced", "board"))
    assert changes.index(("create-replacement", "curves")) < changes.index(("delete-replaced", "curves"))
    assert order(cloud, "RegisterImage", "DeleteImage") == ["DeleteImage", "RegisterImage"]
    for name in ("named", "torch"):
        assert changes.index(("delete-replaced", name)) < changes.index(("create-replacement", name))

    # While both are there, they need two names.
    assert stack.place.kept("board").outputs["displayName"] != names_before["board"]["displayName"]
    assert stack.place.kept("curves").outputs["jobName"] != names_before["curves"]["jobName"]
    assert stack.place.kept("named").outputs["jobName"] == "one"

    stack.declare(
        board=tensorboard(summaryPath="/b/"),
        named=job(jobName="two", trainUrl="/bucket/other/"),
        curves=job(trainUrl="/bucket/other/"),
        torch=image(swrPath=FREE_PATH.format("other"), description="two"),
    )
    cloud.journal.clear()
    stack.up().succeeded()
    assert order(cloud, "CreateVisualizationJob", "DeleteVisualizationJob")[0] == "CreateVisualizationJob"
    assert order(cloud, "RegisterImage", "DeleteImage")[0] == "RegisterImage"
