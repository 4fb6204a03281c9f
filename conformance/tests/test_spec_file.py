"""Laws of the file that describes a provider: what it may say, and what is refused with the place. Know no provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_provider_conformance.hooks import HookFailed, staged
from pulumi_provider_conformance.spec import Hook, Scene, SpecError
from pulumi_provider_conformance.spec_file import load

SCENES = (
    "failing",
    "slow",
    "refused",
    "denied",
    "undeletable",
    "failingUpdate",
    "silent",
    "unanswered",
    "late",
    "echoing",
)


def written(folder: Path, scene: str) -> Path:
    file = folder / "spec.yaml"
    file.write_text(f"name: pkg\nresources:\n  - type: pkg:m:Thing\n    {scene}\n", "utf-8")
    return file


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_begins_and_ends_with_one_hook_or_several(tmp_path: Path, name: str) -> None:
    told = f"{name}: {{before: [{{shell: a}}, {{http: GET b}}], after: {{shell: c}}}}"
    (resource,) = load(written(tmp_path, told)).resources
    attribute = "failing_update" if name == "failingUpdate" else name
    expected = Scene((Hook(shell="a"), Hook(method="GET", url="b")), (Hook(shell="c"),))
    assert getattr(resource, attribute) == expected


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ("silent: {after: {shell: a}}", "silent lacks 'before'"),
        ("silent: {before: []}", "silent lacks 'before'"),
        ("silent: {before: [{shell: a}, {}]}", "before[1] must hold either"),
        ("silnet: {before: {shell: a}}", "'silnet', which nothing reads"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, scene: str, told: str) -> None:
    with pytest.raises(SpecError) as refused:
        load(written(tmp_path, scene))
    assert told in str(refused.value)


def test_a_scene_ends_even_if_it_broke_off(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    scene = Scene((Hook(shell=f"touch {mark}"), Hook(shell="false")), (Hook(shell=f"rm {mark}"),))
    with pytest.raises(HookFailed), staged(scene, {"PATH": "/usr/bin:/bin"}):
        raise AssertionError("a scene that has not begun was played")
    assert not mark.exists()
