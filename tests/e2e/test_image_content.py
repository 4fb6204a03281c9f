"""Laws of deleteSwrContent: content goes when that is asked for, and never with a path that is still used."""

from __future__ import annotations

import yaml

from mlworkbench_emulator import Emulator

from .programs import Declared, image
from .stacks import PROJECT, PluginStack, Stack


def path(name: str) -> str:
    return f"swr.cn-north-4.myhuaweicloud.com/team/{name}:1"


def program(*, kept: bool, description: str, **more: Declared) -> dict[str, Declared]:
    return {
        "plain": image(swrPath=path("plain")),
        "switched_on": image(swrPath=path("switched-on"), deleteSwrContent=not kept),
        "switched_off": image(swrPath=path("switched-off"), deleteSwrContent=kept),
        "replaced": image(swrPath=path("replaced"), description=description, deleteSwrContent=True),
        **more,
    }


def test_content_goes_only_when_asked_for_and_no_longer_used(stack: Stack, cloud: Emulator) -> None:
    moved = image(swrPath=path("moved"), deleteSwrContent=True)
    dropped = image(swrPath=path("dropped"), deleteSwrContent=True)
    stack.declare(**program(kept=True, description="one", moved=moved, dropped=dropped))
    stack.up().succeeded()

    elsewhere = image(swrPath=path("elsewhere"), deleteSwrContent=True)
    stack.declare(**program(kept=False, description="two", moved=elsewhere))
    cloud.journal.clear()
    run = stack.up().succeeded()
    in_place = [name for op, name in run.changes if op == "update"]
    assert sorted(in_place) == ["switched_off", "switched_on"]
    # No call of the API changes an image, and none is made.
    assert set(cloud.journal.operations()) == {"ShowImage", "RegisterImage", "DeleteImage"}
    # The replacement registers the same path again; the old path of another is used no longer.
    assert cloud.swr.removed() == [path("dropped"), path("moved")]

    stack.destroy().succeeded()
    assert set(cloud.swr.removed()) == {path(name) for name in ("dropped", "moved", "elsewhere", "replaced")} | {
        path("switched-on")
    }


def test_content_stays_when_the_provider_changes_together_with_the_image(plugin: PluginStack, cloud: Emulator) -> None:
    """Each provider is a process of its own: one is asked about the new registration, another deletes the old one."""
    for provider, description in (("one", "first"), ("other", "second")):
        inputs = {"swrPath": path("moved"), "description": description, "deleteSwrContent": True}
        options = {"provider": f"${{{provider}}}"}
        moved = {"type": "mlworkbench:modelarts:Image", "properties": inputs, "options": options}
        providers = {name: {"type": "pulumi:providers:mlworkbench"} for name in ("one", "other")}
        project = {"name": PROJECT, "runtime": "yaml", "resources": {**providers, "moved": moved}}
        (plugin.place.project / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        run = plugin.up().succeeded()
    assert "deleteSwrContent was not done" in run.text
    assert cloud.swr.removed() == []
    (found,) = cloud.resources.all("images")
    assert found["description"] == "second"
