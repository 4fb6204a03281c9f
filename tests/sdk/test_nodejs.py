"""Laws of the npm package: it compiles, and the compiler says what is wrong in a program. Knows Node.js's tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import mlworkbench

from .checking import by_program, output_of
from .conftest import run
from .programs import TYPESCRIPT

PACKAGE = Path("node_modules") / "@mlworkbench" / "pulumi-mlworkbench"
OPTIONS = {
    "strict": True,
    "noEmit": True,
    "target": "es2022",
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "skipLibCheck": True,
    "types": ["node"],
}


@pytest.fixture(scope="module")
def said(node_project: Path, node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "node_modules").symlink_to(node_project / "node_modules")
    for name, text in TYPESCRIPT.programs.items():
        (folder / f"{name}.ts").write_text(text)
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": ["*.ts"]}))
    output = output_of([node_modules / ".bin" / "tsc", "--pretty", "false"], folder, codes=(0, 2))
    return by_program(output, {name: f"{name}.ts(" for name in TYPESCRIPT.programs})


def test_a_right_program_is_right(said: Mapping[str, str]) -> None:
    assert said["right"] == ""


@pytest.mark.parametrize("mistake", TYPESCRIPT.wrong)
def test_a_mistake_is_told_before_the_program_runs(mistake: str, said: Mapping[str, str]) -> None:
    *_, expected = TYPESCRIPT.wrong[mistake]
    assert expected in said[mistake]


@pytest.mark.parametrize("mistake", ["name", "setting"])
def test_a_misspelt_name_is_told_with_the_right_one(mistake: str, said: Mapping[str, str]) -> None:
    right, *_ = TYPESCRIPT.wrong[mistake]
    assert f"mean to write '{right}'" in said[mistake]


def test_the_package_loads_and_says_its_version(node_project: Path) -> None:
    code = """
        const mlworkbench = require("@mlworkbench/pulumi-mlworkbench");
        const facts = require("@mlworkbench/pulumi-mlworkbench/package.json");
        const { pai, modelarts } = mlworkbench;
        const types = [pai.Tensorboard, modelarts.VisualizationJob, modelarts.Image].map((each) => each.__pulumiType);
        console.log(JSON.stringify([facts.version, facts.pulumi, types]));
    """
    version, plugin, types = json.loads(run(["node", "-e", code], node_project))
    assert version == mlworkbench.__version__
    assert plugin == {"resource": True, "name": "mlworkbench", "version": mlworkbench.__version__}
    assert types == [
        "mlworkbench:pai:Tensorboard",
        "mlworkbench:modelarts:VisualizationJob",
        "mlworkbench:modelarts:Image",
    ]


def test_the_package_brings_types_readme_and_licence_and_no_sources(node_project: Path) -> None:
    held = {path.relative_to(node_project / PACKAGE).as_posix() for path in (node_project / PACKAGE).rglob("*.*")}
    assert held >= {"index.js", "index.d.ts", "pai/tensorboard.d.ts", "README.md", "package.json"}
    assert (node_project / PACKAGE / "LICENSE").is_file()
    assert [name for name in held if name.endswith(".ts") and not name.endswith(".d.ts")] == []


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((Path(__file__).parent / "nodejs" / "package-lock.json").read_text())
    assert [name for name, facts in lock["packages"].items() if "resolved" in facts] == []
