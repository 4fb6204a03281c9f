"""Laws of the Go SDK: it passes go vet, and the compiler says what is wrong in a program. Knows Go's tools."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from .checking import by_program, output_of
from .kept import ROOT
from .programs import GO

SDK_MODULE = "github.com/mlworkbench/pulumi-mlworkbench/sdk/go"
# As the engine is built, so that what has been compiled for it is not compiled again.
ENVIRONMENT = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=mod"}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's module that takes the SDK from the checkout, and all else as tools/go.mod pins it."""
    assert shutil.which("go"), "the SDK for Go is tested with Go 1.21 or newer, and there is no go on PATH"
    folder = tmp_path_factory.mktemp("programs")
    shutil.copy(ROOT / "tools" / "go.sum", folder)
    tools = (ROOT / "tools" / "go.mod").read_text()
    needed = f"require {SDK_MODULE} v0.0.0\n\nreplace {SDK_MODULE} => {ROOT / 'sdk' / 'go'}\n"
    (folder / "go.mod").write_text(f"{tools.replace('module mlworkbench/tools', 'module programs')}\n{needed}")
    for name, text in GO.programs.items():
        (folder / name).mkdir()
        (folder / name / "main.go").write_text(text)
    return folder


@pytest.fixture(scope="module")
def said(module: Path) -> Mapping[str, str]:
    output = output_of(["go", "build", "-o", os.devnull, "./..."], module, (0, 1), ENVIRONMENT)
    return by_program(output, {name: f"{name}/" for name in GO.programs})


def test_the_sdk_passes_go_vet(module: Path) -> None:
    assert output_of(["go", "vet", f"{SDK_MODULE}/..."], module, (0,), ENVIRONMENT) == ""


def test_a_right_program_is_right(said: Mapping[str, str]) -> None:
    assert said["right"] == ""


@pytest.mark.parametrize("mistake", GO.wrong)
def test_a_mistake_is_told_before_the_program_runs(mistake: str, said: Mapping[str, str]) -> None:
    *_, expected = GO.wrong[mistake]
    assert expected in said[mistake]


def test_the_sdk_is_formatted() -> None:
    assert output_of(["gofmt", "-l", ROOT / "sdk" / "go", ROOT / "tools" / "gensdk"], ROOT, codes=(0,)) == ""
