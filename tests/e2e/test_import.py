"""Laws of import and look-up: what exists is taken over by its id, and nothing is left to change afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlworkbench_emulator import Emulator

from .place import Kept
from .programs import Declared, Ref, image, job, tensorboard
from .stacks import PluginStack, Stack

READS = {"GetTensorboard", "ShowVisualizationJob", "ShowImage"}
PATH = "swr.cn-north-4.myhuaweicloud.com/team/torch:{}"
EXISTING = {
    "board": tensorboard(
        displayName="board", maxRunningTimeMinutes=60, dataSourceType="OSS", summaryPath="/a/", options='{"a": 1}'
    ),
    "curves": job(jobName="curves", jobDesc="Curves"),
    "torch": image(
        swrPath=PATH.format("rich"), description="PyTorch", arch="AARCH64", resourceCategories=["CPU"], services=["SSH"]
    ),
    "plain_board": tensorboard(),
    "plain_curves": job(),
    "plain_torch": image(swrPath=PATH.format("plain")),
}
MISSING = {"pai:Tensorboard": "tb0", "modelarts:VisualizationJob": "99", "modelarts:Image": "no-such-image"}


@pytest.fixture
def existing(plugin: PluginStack, cloud: Emulator) -> dict[str, Kept]:
    """What somebody has made, and what no stack manages."""
    plugin.declare(**EXISTING)
    plugin.up().succeeded()
    made = {kept.name: kept for kept in plugin.place.all_kept()}
    plugin.place.forget()
    cloud.journal.clear()
    return made


def declared(kept: Kept) -> Declared:
    return Declared(kept.token, kept.inputs)


def test_a_file_of_ids_imports_all_and_their_inputs_change_nothing(
    plugin: PluginStack, existing: dict[str, Kept], cloud: Emulator
) -> None:
    """`pulumi import` takes a stack of the plugin: the engine cannot import what a dynamic provider holds."""
    plugin.declare()
    wanted = [{"type": f"mlworkbench:{kept.token}", "name": name, "id": kept.id} for name, kept in existing.items()]
    plugin.import_file(wanted).succeeded()
    assert set(cloud.journal.operations()) == READS

    imported = {kept.name: kept for kept in plugin.place.all_kept()}
    assert {name: kept.id for name, kept in imported.items()} == {name: kept.id for name, kept in existing.items()}
    plugin.declare(**{name: declared(kept) for name, kept in imported.items()})
    assert plugin.preview(refresh=True, expect_no_changes=True).succeeded().changes == []


def test_an_option_imports_what_the_program_describes(
    plugin: PluginStack, existing: dict[str, Kept], cloud: Emulator
) -> None:
    """The option `import` of a YAML resource."""
    described = {name: replace(declared(kept), imported=kept.id) for name, kept in existing.items()}
    plugin.declare(**described)
    run = plugin.up().succeeded()
    assert sorted(run.changes) == sorted(("import", name) for name in existing)
    assert set(cloud.journal.operations()) == READS

    plugin.declare(**{name: replace(each, imported="") for name, each in described.items()})
    assert plugin.up(expect_no_changes=True).succeeded().changes == []


def test_an_id_that_does_not_exist_is_not_imported(plugin: PluginStack) -> None:
    plugin.declare()
    for token, missing in MISSING.items():
        run = plugin.import_file([{"type": f"mlworkbench:{token}", "name": "lost", "id": missing}]).refused()
        assert "lost" in run.text
        assert "does not exist" in run.text
    assert plugin.place.all_kept() == []


def test_a_look_up_reads_what_exists_and_leaves_it_alone(stack: Stack, cloud: Emulator) -> None:
    """`get` in YAML, `.get` in Python."""
    stack.declare(board=tensorboard(displayName="found"), curves=job(), torch=image())
    stack.up().succeeded()
    ids = {kept.name: kept.id for kept in stack.place.all_kept()}
    stack.place.forget()
    found = {
        "board": Declared("pai:Tensorboard", looked_up=ids["board"]),
        "curves": Declared("modelarts:VisualizationJob", looked_up=ids["curves"]),
        "torch": Declared("modelarts:Image", looked_up=ids["torch"]),
    }
    stack.declare(**found, new=tensorboard(displayName=Ref("torch", "namespace"), jobId=Ref("board", "displayName")))
    assert stack.up().succeeded().changes == [("create", "new")]
    assert stack.place.kept("new").outputs["displayName"] == "team"
    assert stack.place.kept("new").outputs["jobId"] == "found"

    stack.destroy().succeeded()
    assert [facts["TensorboardId"] for facts in cloud.resources.all("tensorboards")] == [ids["board"]]
    assert len(cloud.resources.all("visualization-jobs")) == len(cloud.resources.all("images")) == 1


def test_a_look_up_of_what_does_not_exist_is_refused(stack: Stack) -> None:
    lost = {
        f"lost{place}": Declared(token, looked_up=missing) for place, (token, missing) in enumerate(MISSING.items())
    }
    stack.declare(**lost)
    run = stack.preview().refused()
    for name in lost:
        assert f"{name}" in run.text
    assert "does not exist" in run.text
