"""Laws of the command `mlworkbench`: what it tells, what it never tells, and its exit status."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from mlworkbench.hosts import command
from mlworkbench.wire.signing import Keys, SdkHmac
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT

from .places import KEY

World = tuple[Emulator, dict[str, str]]
SECRETS = ("EmulatorAlibabaKeySecret", "EmulatorHuaweiSecretKey", "emulator-password", "wrong-secret")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that names no cloud, and a screen on which no line is broken."""
    for name in os.environ:
        if name.startswith(("ALIBABA", "ALICLOUD", "HUAWEI", "HW_", "OS_", "MLWORKBENCH", "SSL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "2000")


@pytest.fixture
def both(world: World, monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> dict[str, str]:
    """The environment of a user of both clouds."""
    for name, value in world[1].items():
        monkeypatch.setenv(name, value)
    return world[1]


def doctor(*arguments: str) -> int:
    """Run the command in this process and return its exit status."""
    with pytest.raises(SystemExit) as ended:
        command.main(["doctor", *arguments])
    return int(ended.value.code or 0)


def blocks(text: str) -> list[list[list[str]]]:
    """Return the blocks of a report, each line as its words."""
    return [[each.split() for each in block.splitlines()] for block in text.split("\n\n")]


@pytest.mark.usefixtures("both")
def test_what_works_is_told_as_such_in_one_block_per_cloud(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor() == 0
    pai, modelarts = blocks(capsys.readouterr().out)
    assert (pai[0][0], pai[0][-1]) == ("PAI", "ok")
    assert (modelarts[0][0], modelarts[0][-1]) == ("ModelArts", "ok")
    for block in (pai, modelarts):
        assert [words[:2] for words in block[1:]] == [
            ["credentials", "ok"],
            ["endpoint", "ok"],
            ["clock", "ok"],
            ["call", "ok"],
        ]


def test_each_line_tells_its_facts_and_no_secret(both: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    doctor()
    told = capsys.readouterr().out
    for fact in (
        "the environment (ALIBABA_CLOUD_ACCESS_KEY_ID), access key Emul…eyId",
        "the environment (HUAWEICLOUD_SDK_AK), access key EMUL…YID0",
        f"{both['MLWORKBENCH_PAI_ENDPOINT']}, region cn-hangzhou",
        f"region cn-north-4, project id {HUAWEI_PROJECT.id}",
        "in step with the cloud's",
        "a list of mlworkbench:pai:Tensorboard shows 0",
        "a list of mlworkbench:modelarts:Image shows 0",
    ):
        assert fact in told
    assert [secret for secret in (*SECRETS, "EmulatorAlibabaKeyId", "EMULATORHUAWEIKEYID0") if secret in told] == []


@pytest.mark.usefixtures("both")
def test_one_harmless_call_is_made_to_each_cloud(emulator: Emulator) -> None:
    doctor()
    assert sorted(emulator.journal.operations()) == ["ListImage", "ListTensorboards"]


@pytest.mark.usefixtures("both")
def test_only_the_first_page_is_asked_for(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    seed(emulator, 250)
    assert doctor("--cloud", "modelarts") == 0
    assert "shows 100 or more" in capsys.readouterr().out
    assert emulator.journal.operations().count("ListImage") == 1


def seed(emulator: Emulator, count: int) -> None:
    """Register many images, as their owner would."""

    async def register() -> None:
        transport = httpx.ASGITransport(emulator.app)
        auth = SdkHmac(Keys(KEY.id, KEY.secret))
        async with httpx.AsyncClient(transport=transport, base_url="http://x", auth=auth) as client:
            for number in range(count):
                path = f"swr.cn-north-4.myhuaweicloud.com/team/image-{number}:1"
                body = json.dumps({"swr_path": path})
                url = f"/v1/{HUAWEI_PROJECT.id}/images"
                answer = await client.post(url, content=body, headers={"Content-Type": "application/json"})
                assert answer.is_success

    asyncio.run(register())


def test_a_cloud_that_nothing_names_is_not_configured_and_does_no_harm(
    both: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in both:
        if not name.startswith(("ALIBABA", "MLWORKBENCH_PAI")):
            monkeypatch.delenv(name)
    assert doctor() == 0
    pai, modelarts = blocks(capsys.readouterr().out)
    assert pai[0][-1] == "ok"
    assert modelarts[0][-2:] == ["not", "configured"]


def test_if_no_cloud_is_configured_it_is_said_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor() == 1
    told = capsys.readouterr().out
    assert told.count("not configured") == 2
    for key in ("paiRegion", "paiAccessKeyId", "modelartsRegion", "modelartsSecretKey"):
        assert f"mlworkbench:{key}" in told


def test_a_cloud_that_is_asked_for_is_examined_even_if_nothing_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    assert doctor("--cloud", "pai") == 1
    told = capsys.readouterr().out
    assert "PAI (Alibaba Cloud): failed" in told
    assert "pulumi config set mlworkbench:paiRegion" in told


@pytest.mark.usefixtures("both")
def test_a_refused_key_is_told_with_the_code_the_request_id_and_the_advice(
    capsys: pytest.CaptureFixture[str], emulator: Emulator
) -> None:
    wrong = ("paiAccessKeyId=EmulatorAlibabaKeyId", "mlworkbench:paiAccessKeySecret=wrong-secret")
    assert doctor("--cloud", "pai", "--config", wrong[0], "--config", wrong[1]) == 1
    told = capsys.readouterr().out
    (block,) = blocks(told)
    assert [words[:2] for words in block[1:5]] == [
        ["credentials", "failed"],
        ["endpoint", "ok"],
        ["clock", "ok"],
        ["call", "failed"],
    ]
    for fact in ("the configuration", "SignatureDoesNotMatch", "request id", "→ Check the access key"):
        assert fact in told
    assert "wrong-secret" not in told
    assert len(emulator.journal) == 1


@pytest.mark.usefixtures("both")
def test_json_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["cloud"], each["state"]) for each in told] == [("pai", "ok"), ("modelarts", "ok")]
    subjects = [check["subject"] for check in told[0]["checks"]]
    assert subjects == ["credentials", "endpoint", "clock", "call"]
    assert set(told[0]["checks"][0]) == {"subject", "state", "told", "advice"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--config", "paiRegion"], "KEY=VALUE"),
        (["--config", "paiRegin=x"], 'did you mean "paiRegion"?'),
        (["--cloud", "aws"], "invalid choice"),
        (["--cwd", "."], "--stack"),
        (["--stack", "dev", "--cwd", "/no/such/folder"], "no folder"),
        (["--nonsense"], "unrecognized"),
    ],
)
def test_wrong_usage_is_told_with_status_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(*arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert complaint in written.err
    assert "usage: mlworkbench" in written.err


def test_a_value_is_never_repeated_by_a_complaint(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor("--config", "paiAccessKeySecrt=wrong-secret") == 2
    assert "wrong-secret" not in capsys.readouterr().err


def test_a_bug_is_told_as_one_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Any) -> int:
        raise ZeroDivisionError("wrong-secret")

    monkeypatch.setattr(command, "_doctor", broken)
    assert doctor() == 3
    told = capsys.readouterr().err
    assert told.startswith("mlworkbench: This is a bug in mlworkbench: ZeroDivisionError")
    assert "https://" in told
    assert "wrong-secret" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("arguments", "status", "fact"),
    [
        (["--version"], 0, "mlworkbench 0."),
        (["--help"], 0, "doctor"),
        (["doctor", "--help"], 0, "exit status:"),
        ([], 2, "usage: mlworkbench"),
    ],
)
def test_help_is_there_at_once(arguments: list[str], status: int, fact: str) -> None:
    program = [sys.executable, "-X", "importtime", "-m", "mlworkbench.hosts.command", *arguments]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert fact in (done.stderr if status else done.stdout)
    imported = {entry.rpartition("|")[2].strip() for entry in done.stderr.splitlines() if "import time:" in entry}
    assert imported & {"grpc", "pulumi", "httpx", "pydantic", "asyncio"} == set()


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack of the real engine that is configured for PAI, with a secret."""
    project = tmp_path / "project"
    (tmp_path / "backend").mkdir()
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: laws\nruntime: yaml\n")
    for name, value in {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PULUMI_HOME": str(tmp_path / "pulumi"),
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "of this test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }.items():
        monkeypatch.setenv(name, value)
    subprocess.run(["pulumi", "stack", "init", "dev"], cwd=project, check=True, capture_output=True)
    return project


def test_a_stacks_configuration_is_used_and_its_secrets_are_not_shown(
    stack: Path, world: World, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = [f"mlworkbench:paiEndpoint={world[1]['MLWORKBENCH_PAI_ENDPOINT']}", "mlworkbench:paiRegion=cn-hangzhou"]
    keys = [
        "mlworkbench:paiAccessKeyId=EmulatorAlibabaKeyId",
        "mlworkbench:paiAccessKeySecret=EmulatorAlibabaKeySecret",
    ]
    pairs = [*(f"--plaintext={each}" for each in plain), *(f"--secret={each}" for each in keys)]
    subprocess.run(["pulumi", "config", "set-all", *pairs, "-s", "dev"], cwd=stack, check=True, capture_output=True)
    assert doctor("--stack", "dev", "--cwd", str(stack)) == 0
    told = capsys.readouterr().out
    assert "the configuration, access key Emul…eyId" in told
    assert "EmulatorAlibabaKeySecret" not in told
    assert doctor("--stack", "nowhere", "--cwd", str(stack)) == 2
    assert "no stack named 'nowhere'" in capsys.readouterr().err
