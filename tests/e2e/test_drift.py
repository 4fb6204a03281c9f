"""Laws of drift: what somebody else changed is reported, by name, and mended; what nobody asked for is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from mlworkbench_emulator import Emulator

from .programs import Declared, image, job, tensorboard
from .stacks import PluginStack, Stack

PATH = "swr.cn-north-4.myhuaweicloud.com/team/torch:{}"
ROOM_FOR_ALL = 100


@dataclass(frozen=True)
class Case:
    """A resource, what somebody else changes of it, and the property that this shows in."""

    declared: Declared
    facts: dict[str, object]
    property: str
    mended: str = "replace"


def kind_of(declared: Declared) -> str:
    kinds = {"pai:Tensorboard": "tensorboards", "modelarts:VisualizationJob": "visualization-jobs"}
    return kinds.get(declared.token, "images")


DRIFTS = {
    "access": Case(tensorboard(accessibility="PRIVATE"), {"Accessibility": "PUBLIC"}, "accessibility", mended="update"),
    "minutes": Case(
        tensorboard(maxRunningTimeMinutes=60),
        {"MaxRunningTimeMinutes": 61},
        "maxRunningTimeMinutes",
        mended="update",
    ),
    "priority": Case(tensorboard(priority=3), {"Priority": "4"}, "priority", mended="update"),
    "display": Case(tensorboard(displayName="one"), {"DisplayName": "two"}, "displayName"),
    "workspace": Case(tensorboard(workspaceId="10002"), {"WorkspaceId": "10003"}, "workspaceId"),
    "dlc": Case(tensorboard(jobId="dlc1"), {"JobId": "dlc2"}, "jobId"),
    "dataset": Case(tensorboard(dataSourceId="d-1"), {"DataSourceId": "d-2"}, "dataSourceId"),
    "storage": Case(tensorboard(dataSourceType="OSS"), {"DataSourceType": "NAS"}, "dataSourceType"),
    "options": Case(tensorboard(options='{"a": 1}'), {"Options": '{"a":2}'}, "options"),
    "summary": Case(tensorboard(summaryPath="/a/"), {"SummaryPath": "/b/"}, "summaryPath"),
    "relative": Case(tensorboard(summaryRelativePath="/a/"), {"SummaryRelativePath": "/b/"}, "summaryRelativePath"),
    "cpu": Case(tensorboard(cpu=4), {"Cpu": 8}, "cpu"),
    "memory": Case(tensorboard(memory=8), {"Memory": 16}, "memory"),
    "quota": Case(tensorboard(quotaId="quota1"), {"QuotaId": "quota2"}, "quotaId"),
    "said": Case(job(jobDesc="mine"), {"job_desc": "theirs"}, "jobDesc", mended="update"),
    "unsaid": Case(job(), {"job_desc": "theirs"}, "jobDesc", mended="update"),
    "url": Case(job(), {"train_url": "/bucket/other/"}, "trainUrl"),
    "name": Case(job(jobName="mine"), {"job_name": "theirs"}, "jobName"),
    "description": Case(
        image(swrPath=PATH.format("description"), description="mine"), {"description": "theirs"}, "description"
    ),
    "arch": Case(image(swrPath=PATH.format("arch"), arch="X86_64"), {"arch": "aarch64"}, "arch"),
    "visibility": Case(
        image(swrPath=PATH.format("visibility"), visibility="PRIVATE"), {"visibility": "PUBLIC"}, "visibility"
    ),
    "services": Case(
        image(swrPath=PATH.format("services"), services=["SSH", "NOTEBOOK"]),
        {"dev_services": ["NOTEBOOK"]},
        "services",
    ),
    "categories": Case(
        image(swrPath=PATH.format("categories"), resourceCategories=["CPU"]),
        {"resource_categories": ["CPU", "GPU"]},
        "resourceCategories",
    ),
    "service": Case(
        image(swrPath=PATH.format("service"), serviceType="TRAIN"), {"service_type": "COMMON"}, "serviceType"
    ),
}

# What nobody asked for may be whatever the cloud likes.
NO_DRIFTS: dict[str, tuple[Declared, dict[str, object]]] = {
    "easy": (
        tensorboard(),
        {
            "DisplayName": "renamed",
            "Accessibility": "PUBLIC",
            "MaxRunningTimeMinutes": 61,
            "Priority": "4",
            "Cpu": 8,
            "Memory": 16,
            "WorkspaceId": "10003",
            "TensorboardUrl": "/boards/elsewhere/",
            "ReasonMessage": "moved",
        },
    ),
    "plain": (job(), {"job_name": "renamed", "service_url": "/boards/elsewhere/"}),
    "bare": (
        image(swrPath=PATH.format("bare")),
        {"arch": "aarch64", "visibility": "PUBLIC", "dev_services": ["SSH"], "size": 1, "service_type": "DEV"},
    ),
}


@pytest.fixture
def drifted(stack: Stack, cloud: Emulator) -> Stack:
    """A stack whose every resource was changed behind its back."""
    cloud.settings = replace(cloud.settings, tensorboard_cap=ROOM_FOR_ALL)
    declared = {name: case.declared for name, case in DRIFTS.items()}
    stack.declare(**declared, **{name: case[0] for name, case in NO_DRIFTS.items()})
    stack.up().succeeded()
    for name, case in DRIFTS.items():
        cloud.resources.change(kind_of(case.declared), stack.place.kept(name).id, case.facts)
    for name, (like, facts) in NO_DRIFTS.items():
        cloud.resources.change(kind_of(like), stack.place.kept(name).id, facts)
    return stack


def test_drift_is_named_and_mended(drifted: Stack) -> None:
    """The dynamic host's protocol names no property of an update: the plugin's does."""
    seen = drifted.preview(refresh=True, expect_no_changes=True).refused()
    steps = {step.name: step for step in seen.steps if step.op in ("update", "replace")}
    assert {name: step.op for name, step in steps.items()} == {name: case.mended for name, case in DRIFTS.items()}
    for name, case in DRIFTS.items():
        assert steps[name].replacing == ({case.property} if case.mended == "replace" else frozenset()), name
        if isinstance(drifted, PluginStack):
            assert steps[name].differing == {case.property}, name
            assert all(path.startswith(case.property) for path in steps[name].kinds), name

    ids = {kept.name: kept.id for kept in drifted.place.all_kept()}
    drifted.up(refresh=True).succeeded()
    kept_ids = {kept.name for kept in drifted.place.all_kept() if kept.id == ids[kept.name]}
    assert kept_ids == {name for name, case in DRIFTS.items() if case.mended == "update"} | NO_DRIFTS.keys()
    assert drifted.preview(refresh=True, expect_no_changes=True).succeeded().changes == []


def test_what_was_deleted_by_hand_is_forgotten_made_again_and_no_burden_to_destroy(
    stack: Stack, cloud: Emulator
) -> None:
    program = {"board": tensorboard(), "curves": job(), "torch": image()}
    stack.declare(**program)
    stack.up().succeeded()
    remove_all(stack, cloud, program)

    stack.refresh().succeeded()
    assert stack.place.all_kept() == []
    assert sorted(stack.up().succeeded().changes) == [("create", "board"), ("create", "curves"), ("create", "torch")]

    remove_all(stack, cloud, program)
    stack.destroy().succeeded()
    assert stack.place.all_kept() == []


def remove_all(stack: Stack, cloud: Emulator, program: Mapping[str, Declared]) -> None:
    for name, declared in program.items():
        cloud.resources.remove(kind_of(declared), stack.place.kept(name).id)
