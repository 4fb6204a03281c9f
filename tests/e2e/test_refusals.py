"""Laws of refusal: what cannot work is said in full, by name, with what to do, before the cloud is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlworkbench_emulator import Emulator

from .programs import Declared, image, job, tensorboard
from .runs import Run
from .stacks import PluginStack, Stack

HOURS = {"type": "stop", "timeUnit": "HOURS"}

# Per resource: what is wrong with it, as property path and a part of the reason.
WRONG: dict[str, tuple[Declared, dict[str, str]]] = {
    "tensorboard": (
        tensorboard(
            priority=10,
            summaryPath="/a/",
            summaryRelativePath="b/",
            options="{not JSON",
            uri="oss://a.b/c/",
            tensorboardDataSources=[{"id": "d-1"}],
        ),
        {
            "priority": "less than or equal to 9",
            "summaryPath": "together with summaryRelativePath",
            "options": "must be the text of a JSON object",
            "tensorboardDataSources": "ignore uri",
        },
    ),
    "job": (
        job(jobName="a" * 21, schedule={**HOURS, "duration": 25}, jobDesc="x" * 257),
        {
            "jobName": "at most 20 characters",
            "schedule.duration": "less than or equal to 24",
            "jobDesc": "at most 256 characters",
        },
    ),
    "image": (
        image(swrPath="too/short", description="x" * 513, workspaceId="no such form"),
        {"swrPath": "at least 16 characters", "description": "at most 512 characters", "workspaceId": "match"},
    ),
}


def complaints(run: Run, path: str, reason: str) -> list[str]:
    """Return the lines that say what is wrong with a property, by its path."""
    lines = [line for line in run.text.splitlines() if "has a problem" in line]
    return [line for line in lines if f" {path} " in line and reason in line]


@pytest.mark.parametrize(("wrong", "reasons"), WRONG.values(), ids=WRONG)
def test_all_that_is_wrong_with_a_resource_is_said_at_once(
    stack: Stack, cloud: Emulator, wrong: Declared, reasons: dict[str, str]
) -> None:
    stack.declare(wrong=wrong)
    run = stack.preview().refused()
    for path, reason in reasons.items():
        assert complaints(run, path, reason), (path, run.text)
    assert cloud.journal.operations() == []
    assert "Traceback" not in run.text


def test_a_name_or_a_type_that_the_schema_does_not_have_is_refused_with_its_place(
    plugin: PluginStack, cloud: Emulator
) -> None:
    """YAML programs are held to the schema before the plugin is asked; all places are named at once."""
    plugin.declare(
        board=tensorboard(colour="red"),
        deep=tensorboard(tensorboardSpec={"vpc": "vpc-1"}),
        curves=job(jobDesc=["a", "list"]),
        torch=image(arch="MIPS"),
    )
    text = plugin.preview().refused().text
    for named in ("Property colour does not exist", "Property vpc does not exist", "jobDesc: Cannot", "arch: Cannot"):
        assert named in text
    assert cloud.journal.operations() == []


UNTYPED = {
    "nested": (tensorboard(tensorboardSpec={"vpc": "vpc-1"}), "tensorboardSpec.vpc", 'did you mean "vpcId"?'),
    "type": (job(jobDesc=["a", "list"]), "jobDesc", "must be a string"),
    "choice": (image(arch="MIPS"), "arch", "must be one of X86_64, AARCH64"),
}


@pytest.mark.parametrize(("wrong", "path", "reason"), UNTYPED.values(), ids=UNTYPED)
def test_a_name_or_a_type_that_python_lets_pass_is_refused_by_the_provider(
    dynamic: Stack, cloud: Emulator, wrong: Declared, path: str, reason: str
) -> None:
    """On the dynamic host nothing else checks what is in a dictionary, or types."""
    dynamic.declare(wrong=wrong)
    run = dynamic.preview().refused()
    assert complaints(run, path, reason), run.text
    assert cloud.journal.operations() == []


PAI_NEEDS = {
    "mlworkbench:paiRegion": "ALIBABA_CLOUD_REGION_ID",
    "mlworkbench:paiAccessKeyId": "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "mlworkbench:paiAccessKeySecret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
}
MODELARTS_NEEDS = {
    "mlworkbench:modelartsRegion": "HW_REGION_NAME",
    "mlworkbench:modelartsAccessKey": "HUAWEICLOUD_SDK_AK",
    "mlworkbench:modelartsSecretKey": "HUAWEICLOUD_SDK_SK",
}


@pytest.mark.parametrize(
    ("declared", "needs"), [(tensorboard(), PAI_NEEDS), (job(), MODELARTS_NEEDS)], ids=["pai", "modelarts"]
)
def test_missing_configuration_is_named_by_key_and_variable(
    stack: Stack, cloud: Emulator, declared: Declared, needs: dict[str, str]
) -> None:
    stack.place = replace(stack.place, cloud={})
    stack.declare(wanted=declared)
    run = stack.preview().refused()
    for key, variable in needs.items():
        assert key in run.text
        assert variable in run.text
    assert "pulumi config set" in run.text
    assert "Traceback" not in run.text


def test_a_project_that_nothing_tells_is_named_too(stack: Stack) -> None:
    """With an endpoint of one's own no region is needed; then the project must be told."""
    told = {name: value for name, value in stack.place.cloud.items() if "REGION" not in name and "PROJECT" not in name}
    stack.place = replace(stack.place, cloud=told)
    stack.declare(curves=job())
    text = stack.preview().refused().text
    assert "mlworkbench:modelartsProjectId" in text
    assert "HUAWEICLOUD_SDK_PROJECT_ID" in text
    assert "mlworkbench:modelartsRegion" not in text


BAD_KEYS = {
    "pai": (tensorboard(), "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "SignatureDoesNotMatch"),
    "modelarts": (image(), "HUAWEICLOUD_SDK_SK", "APIGW.0301"),
}


@pytest.mark.parametrize(("declared", "variable", "code"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_wrong_key_is_refused_in_the_vendors_words(
    stack: Stack, declared: Declared, variable: str, code: str
) -> None:
    secret = "WrongSecretOfThisTest"
    stack.place = replace(stack.place, cloud={**stack.place.cloud, variable: secret})
    stack.declare(wanted=declared)
    text = stack.up().refused().text
    assert f"code {code}" in text
    assert "request id" in text
    assert secret not in text
    if isinstance(stack, PluginStack):
        assert "Traceback" not in text
    assert stack.place.all_kept() == []
