"""Lay out the places that keys come from, for one user of the emulated clouds. Knows files and variables; no law."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mlworkbench.hosts.doctor import Check, Finding, State, examine
from mlworkbench_emulator.accounts import ALIBABA_COLLEAGUE, ALIBABA_OWNER, HUAWEI_USER, AccessKey

__all__ = [
    "COLLEAGUE",
    "KEY",
    "STS",
    "TEMPORARY",
    "WRONG",
    "cli_profiles",
    "cloud_file",
    "examined",
    "keys_server",
    "line",
    "works",
    "write",
]

STS, COLLEAGUE = ALIBABA_OWNER.keys[1], ALIBABA_COLLEAGUE.keys[0]
KEY, TEMPORARY = HUAWEI_USER.keys
# A key that no cloud knows: whoever signs with it is refused.
WRONG = AccessKey("WrongAccessKeyId0000", "wrong-secret-of-a-place", "wrong-token-of-a-place")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def cli_profiles(home: Path, **profiles: Mapping[str, str]) -> Path:
    """Write the configuration of Alibaba Cloud's CLI, whose current profile is the one named `current`."""
    told = [{"name": name, **facts} for name, facts in profiles.items()]
    return write(home / ".aliyun" / "config.json", json.dumps({"current": "current", "profiles": told}))


def ak(key: AccessKey, **more: str) -> dict[str, str]:
    return {"mode": "AK", "access_key_id": key.id, "access_key_secret": key.secret, **more}


def sts(key: AccessKey, **more: str) -> dict[str, str]:
    return {**ak(key), "mode": "StsToken", "sts_token": key.security_token or "", **more}


def external(home: Path, key: AccessKey) -> dict[str, str]:
    """Return a profile whose keys a program prints."""
    told = {**sts(key), "expiration": "2100-01-01T00:00:00Z"}
    program = write(home / "keys.py", f"import json\nprint(json.dumps({told!r}))\n")
    return {"mode": "External", "process_command": f"{sys.executable} {program}"}


def cloud_file(home: Path, text: str) -> Path:
    """Write clouds.yaml where OpenStack's own tools look for it."""
    return write(home / ".config" / "openstack" / "clouds.yaml", text)


class _Keys(BaseHTTPRequestHandler):
    """Tell keys as a credentials URI does."""

    asked: list[str]
    answer: dict[str, Any]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = json.dumps(self.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def keys_server(key: AccessKey, lives: timedelta, **more: Any) -> Iterator[tuple[str, list[str]]]:
    """Serve a key that expires; yields the address and the list of the questions that come."""
    answer = {
        "Code": "Success",
        "AccessKeyId": key.id,
        "AccessKeySecret": key.secret,
        "SecurityToken": key.security_token,
        "Expiration": (datetime.now(UTC) + lives).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    told = {name: value for name, value in {**answer, **more}.items() if value is not None}
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Keys", (_Keys,), {"asked": asked, "answer": told}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/keys", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def examined(service: str, explicit: Mapping[str, Any], environment: Mapping[str, str]) -> Finding:
    """Return what the doctor finds out about one cloud."""
    (finding,) = await examine(explicit, environment, [service])
    return finding


def line(finding: Finding, subject: str) -> Check:
    """Return the one thing that was found out about a subject."""
    (found,) = [each for each in finding.checks if each.subject == subject]
    return found


def works(finding: Finding) -> str:
    """Return who called and where the keys came from, of a cloud that took them."""
    assert finding.state is State.OK, finding
    return line(finding, "credentials").told
