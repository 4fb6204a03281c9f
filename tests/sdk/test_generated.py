"""Laws of the generated SDKs: fresh, and the same however they are made. Knows the generators; knows no resource."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import mlworkbench
from tools.engine import surroundings
from tools.progress import Progress
from tools.sdk import LANGUAGES, generate, host_cli, made, read, through_hosts

from .kept import ROOT

SCHEMA = ROOT / "schema.json"


def generated(folder: Path) -> dict[str, dict[str, bytes]]:
    with Progress(io.StringIO()) as progress:
        generate(SCHEMA, folder, progress)
    return {language: made(folder / language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    return generated(tmp_path_factory.mktemp("fresh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_sdk_is_what_the_schema_gives(language: str, fresh: dict[str, dict[str, bytes]]) -> None:
    committed = read(ROOT / "sdk" / language)
    stale = {name for name in committed | fresh[language] if committed.get(name) != fresh[language].get(name)}
    assert stale == set(), "run `make sdk`"


def test_the_sdks_are_the_same_bytes_each_time(tmp_path: Path, fresh: dict[str, dict[str, bytes]]) -> None:
    assert generated(tmp_path) == fresh


def test_the_language_hosts_where_there_are_any_give_the_same_bytes(
    tmp_path: Path, fresh: dict[str, dict[str, bytes]]
) -> None:
    place = surroundings(ROOT)
    cli = host_cli(place.path, place.modules)
    if cli is not None:
        through_hosts(cli, SCHEMA, tmp_path)
        assert {language: made(tmp_path / language) for language in LANGUAGES} == fresh


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sdk_asks_for_the_plugin_of_its_own_version(language: str) -> None:
    texts = {name: content for name, content in read(ROOT / "sdk" / language).items() if name.endswith(".json")}
    plugins = [
        json.loads(text).get("pulumi", json.loads(text)) for name, text in texts.items() if "tsconfig" not in name
    ]
    assert [(plugin["name"], plugin["version"]) for plugin in plugins] == [("mlworkbench", mlworkbench.__version__)]


def test_every_resource_has_its_module_in_every_language() -> None:
    assert {name for language in LANGUAGES for name in read(ROOT / "sdk" / language)} >= {
        "mlworkbench/modelarts/image.go",
        "mlworkbench/modelarts/visualizationJob.go",
        "mlworkbench/pai/tensorboard.go",
        "modelarts/image.ts",
        "modelarts/visualizationJob.ts",
        "pai/tensorboard.ts",
        "pulumi_mlworkbench/modelarts/image.py",
        "pulumi_mlworkbench/modelarts/visualization_job.py",
        "pulumi_mlworkbench/pai/tensorboard.py",
    }
