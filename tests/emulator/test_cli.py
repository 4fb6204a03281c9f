"""Laws of the command: it says where it listens, leads clients there, and stops when told."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mlworkbench_emulator.cli import main

WANTED = {
    "MLWORKBENCH_PAI_ENDPOINT": "http://127.0.0.1:4711",
    "MLWORKBENCH_MODELARTS_ENDPOINT": "http://127.0.0.1:4711",
    "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": "http://127.0.0.1:4711",
    "MLWORKBENCH_MODELARTS_REGION": "cn-north-4",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "EmulatorAlibabaKeyId",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "EmulatorAlibabaKeySecret",
    "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou",
    "HUAWEICLOUD_SDK_AK": "EMULATORHUAWEIKEYID0",
    "HUAWEICLOUD_SDK_SK": "EmulatorHuaweiSecretKey",
    "HUAWEICLOUD_SDK_PROJECT_ID": "e0000000000000000000000000000001",
    "HUAWEICLOUD_SDK_REGION_MODELARTS_CN_NORTH_4": "http://127.0.0.1:4711",
    "HUAWEICLOUD_SDK_IAM_ENDPOINT": "http://127.0.0.1:4711",
    "OS_AUTH_URL": "http://127.0.0.1:4711/v3",
    "OS_USERNAME": "emulator-user",
    "OS_PASSWORD": "emulator-password",
    "OS_USER_DOMAIN_NAME": "emulator-domain",
    "OS_PROJECT_NAME": "eu-de",
    "OS_REGION_NAME": "eu-de",
}


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command on a free port; gives the process and its first line's URL."""
    command = [sys.executable, "-W", "error", "-m", "mlworkbench_emulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        match = re.search(r"http://\S+", process.stdout.readline())
        assert match is not None
        try:
            yield process, match[0]
        finally:
            process.kill()


@pytest.mark.parametrize("order", [["env", "--port", "4711"], ["--port", "4711", "env"]])
def test_env_prints_lines_for_a_shell(capsys: pytest.CaptureFixture[str], order: list[str]) -> None:
    assert main(order) == 0
    lines = [shlex.split(line) for line in capsys.readouterr().out.splitlines()]
    assert {word for word, _ in lines} == {"export"}
    assert dict(assignment.split("=", 1) for _, assignment in lines) == WANTED


def test_env_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "--port", "4711", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == WANTED


def test_a_port_in_use_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.splitlines()[0]) == (
        "",
        f"mlworkbench-emulator: cannot listen on 127.0.0.1 port {port}: Address already in use.",
    )


def test_a_state_file_that_is_none_is_said_plainly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--port", "0", "--state", str(tmp_path)]) == 1
    assert "cannot open the state file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--progress", "soon"], ["--port", "70000"], ["--port", "x"]])
def test_arguments_that_make_no_sense_are_refused_with_help(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert re.search(r"immediate, reads:N or seconds:S|from 0 to 65535", capsys.readouterr().err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly_within_a_second(number: signal.Signals) -> None:
    with started() as (process, url):
        assert httpx.get(f"{url}/_emulator/health").json()["status"] == "ok"
        begin = time.monotonic()
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
        assert time.monotonic() - begin < 1


def test_its_options_take_effect_and_its_state_survives(tmp_path: Path) -> None:
    options = ["--progress", "reads:3", "--tensorboard-cap", "7", "--state", str(tmp_path / "state.db")]
    with started(*options) as (process, url):
        assert httpx.get(f"{url}/_emulator/health").json()["progress"] == "reads:3"
        assert httpx.get(f"{url}/_emulator/settings").json()["tensorboard_cap"] == 7
        httpx.put(f"{url}/_emulator/swr", json={"swr_path": "a", "present": False})
        # A kill leaves no time to write anything down.
        process.kill()
        process.wait()
    with started(*options) as (_, url):
        assert httpx.get(f"{url}/_emulator/swr").json() == {"removed": ["a"]}
