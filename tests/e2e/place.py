"""Know where a stack lives: its folders, its environment, its state file. Knows no host; runs nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["STACK", "Kept", "Place"]

STACK = "dev"


@dataclass(frozen=True)
class Kept:
    """A resource as the state file has it."""

    name: str
    token: str
    id: str
    urn: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    failures: tuple[str, ...]
    protected: bool


@dataclass(frozen=True)
class Place:
    """The folders of one stack, and the environment that the engine gets. Nothing of the real home leaks in."""

    root: Path
    path: str
    cloud: Mapping[str, str]

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def backend(self) -> Path:
        return self.root / "backend"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.cloud,
            "PATH": self.path,
            "HOME": str(self.root / "home"),
            "PULUMI_HOME": str(self.root / "pulumi"),
            "PULUMI_BACKEND_URL": self.backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase of this test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # Without it the CLI has no --event-log.
            "PULUMI_DEBUG_COMMANDS": "true",
        }

    def processes(self) -> dict[int, str]:
        """Return what was started with this environment and still runs, by process id (on Linux)."""
        mark = f"PULUMI_HOME={self.environment['PULUMI_HOME']}\0".encode()
        found = {}
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environ.read_bytes():
                    found[int(environ.parent.name)] = (environ.parent / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                # It ended just now, or is somebody else's.
                continue
        return found

    @property
    def state_file(self) -> Path:
        project: str = yaml.safe_load((self.project / "Pulumi.yaml").read_text())["name"]
        return self.backend / ".pulumi" / "stacks" / project / f"{STACK}.json"

    def forget(self) -> None:
        """Empty the state, so that what it held exists, but is nobody's."""
        state = json.loads(self.state_file.read_text())
        state["checkpoint"]["latest"]["resources"] = []
        self.state_file.write_text(json.dumps(state))

    def checkpoint(self) -> Mapping[str, Any]:
        latest: Mapping[str, Any] = json.loads(self.state_file.read_text())["checkpoint"].get("latest") or {}
        return latest

    def all_kept(self) -> list[Kept]:
        """Return the resources in the state, without the stack itself and the providers."""
        found = self.checkpoint().get("resources", [])
        return [_kept(each) for each in found if each["custom"] and not each["type"].startswith("pulumi:")]

    def kept(self, name: str) -> Kept:
        """Return the one resource of this name that the state has."""
        found = [each for each in self.all_kept() if each.name == name]
        assert len(found) == 1, f"{len(found)} resources named {name} in {self.all_kept()}"
        return found[0]


def _kept(resource: Mapping[str, Any]) -> Kept:
    return Kept(
        name=resource["urn"].rpartition("::")[2],
        token=re.sub("^.*mlworkbench[:/]", "", resource["type"]),
        id=resource.get("id", ""),
        urn=resource["urn"],
        inputs=_public(resource.get("inputs", {})),
        outputs=_public(resource.get("outputs", {})),
        failures=tuple(resource.get("initErrors", ())),
        protected=resource.get("protect", False),
    )


def _public(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Take away what the engine keeps for itself: the pickled dynamic provider, for one."""
    return {name: value for name, value in properties.items() if not name.startswith("__")}
