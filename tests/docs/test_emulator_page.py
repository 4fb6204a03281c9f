"""Laws of the page about the emulator: what it names exists, all of it, and what it shows works. Knows no vendor."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount, Route

from demo.stage import ROOT
from mlworkbench.hosts.core import Provider
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import ALIBABA_COLLEAGUE, ALIBABA_OWNER, HUAWEI_USER
from mlworkbench_emulator.cli import _parser
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.faults import FAULT_FIELDS
from mlworkbench_emulator.outcomes import OUTCOME_FIELDS
from mlworkbench_emulator.pipeline import Pipeline
from mlworkbench_emulator.resources import KINDS
from mlworkbench_emulator.serving import running
from tests.demo.documents import blocks, names, rows

PAGE = ROOT / "docs" / "emulator.md"
TOKEN = "pai:Tensorboard"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    fresh = Emulator()
    yield fresh
    fresh.close()


def fields(after: str) -> set[str]:
    """Return the names in the table of fields that follows a heading."""
    text = PAGE.read_text("utf-8").partition(f"\n## {after}\n")[2]
    return {
        name
        for line in text.partition("\n## ")[0].splitlines()
        if line.startswith("| `")
        for name in names(line.split("|")[1])
    }


def test_every_control_is_told(emulator: Emulator) -> None:
    [mount] = [route for route in emulator.app.routes if isinstance(route, Mount) and route.path == "/_emulator"]
    controls = [route for route in mount.routes if isinstance(route, Route)]
    known = {f"{method} {route.path}" for route in controls for method in (route.methods or set()) - {"HEAD"}}
    assert {names(control)[0] for control, _ in rows(PAGE, "control")} == known


def test_every_operation_is_told(emulator: Emulator) -> None:
    mounted = [route.app for route in emulator.app.routes if isinstance(route, Mount)]
    [pipeline] = [application for application in mounted if isinstance(application, Pipeline)]
    services = [service for _, group in pipeline._services for service in group]
    told = {names(service)[0]: set(names(operations)) for service, operations in rows(PAGE, "service")}
    assert told == {service.name: {each.name for each in service.operations} for service in services}


def test_every_option_is_told() -> None:
    known = {option for action in _parser()._actions for option in action.option_strings if option.startswith("--")}
    assert {names(option)[0] for option, *_ in rows(PAGE, "option")} == known - {"--help"}


def test_every_setting_is_told_with_its_default() -> None:
    told = {names(setting)[0]: names(default)[0] for setting, _, default in rows(PAGE, "setting")}
    plain = json.loads(json.dumps(Settings().plain()))
    assert told == {name: value if isinstance(value, str) else json.dumps(value) for name, value in plain.items()}


def test_every_field_of_a_fault_and_of_an_ending_is_told() -> None:
    assert fields("Faults") == {field.name for field in FAULT_FIELDS}
    assert fields("Endings") == {field.name for field in OUTCOME_FIELDS}


def test_every_account_is_told() -> None:
    keys = [*ALIBABA_OWNER.keys, *ALIBABA_COLLEAGUE.keys, *HUAWEI_USER.keys]
    text = PAGE.read_text("utf-8")
    assert [key.id for key in keys if f"| `{key.id}` | `{key.secret}` |" not in text] == []
    assert [key.id for key in keys if key.security_token and f"`{key.security_token}`" not in text] == []
    assert f"user `{HUAWEI_USER.name}` | `{HUAWEI_USER.password}` | domain `{HUAWEI_USER.domain_name}`" in text
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []


def test_the_walk_works_as_written(emulator: Emulator, tmp_path: Path) -> None:
    with running(emulator) as url:
        asyncio.run(create_tensorboard(url))
        script = "".join(blocks(PAGE, "sh emulator-walk")).replace("http://127.0.0.1:8765", url)
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"error"' not in done.stdout
    assert [board["Accessibility"] for board in emulator.resources.all("tensorboards")] == ["PUBLIC"]
    assert [fault.operation for fault in emulator.faults] == ["CreateTensorboard", "CreateVisualizationJob"]
    assert [outcome.state for outcome in emulator.outcomes] == ["Failed"]


async def create_tensorboard(url: str) -> None:
    """Create one, as a user of the provider would."""
    provider = Provider(environment(Settings(), url))
    await provider.configure({})
    await provider.create(TOKEN, registry()[TOKEN].example, Request(Watch()))
    await provider.close()


def test_the_python_works_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    [program] = blocks(PAGE, "python emulator")
    exec(compile(program, str(PAGE), "exec"), {})
    assert capsys.readouterr().out == "[] []\n"
