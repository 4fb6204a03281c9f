"""Prepare the place where the demo runs: a temporary folder and an environment. Knows no engine and no cloud."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["COLOUR_VARIABLE", "FOLDER_VARIABLE", "PROGRAMS", "ROOT", "Folder"]

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
FOLDER_VARIABLE = "MLWORKBENCH_DEMO_FOLDER"
COLOUR_VARIABLE = "MLWORKBENCH_DEMO_COLOURS"

# Nothing of the user's may take part: no stack, no account, no cloud.
_THEIRS = re.compile(r"(PULUMI|MLWORKBENCH|ALIBABA_?CLOUD|ALICLOUD|HUAWEICLOUD|HW|OS)_")
_LOOPBACK = "127.0.0.1,localhost"


class Folder:
    """A temporary folder that is gone afterwards, whatever happens."""

    def __init__(self) -> None:
        self.path = Path(tempfile.gettempdir()) / f"mlworkbench-demo-{secrets.token_hex(4)}"

    def __enter__(self) -> Self:
        self.path.mkdir(mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path)

    def environment(self, coloured: bool) -> dict[str, str]:
        """Return the environment that keeps the engine within the folder and off the user's stacks and clouds."""
        for name in ("home", "backend", "temporary"):
            (self.path / name).mkdir()
        return {
            **{name: value for name, value in os.environ.items() if not _THEIRS.match(name)},
            "PATH": os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self.path / "temporary"),
            "NO_PROXY": _LOOPBACK,
            "no_proxy": _LOOPBACK,
            "PULUMI_HOME": str(self.path / "home"),
            "PULUMI_BACKEND_URL": (self.path / "backend").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            FOLDER_VARIABLE: str(self.path),
            COLOUR_VARIABLE: "yes" if coloured else "",
        }
