"""Laws of the plugin as Pulumi runs it from a folder of sources. Knows Pulumi's Python host; no resource.

The host makes an environment in the folder, installs the folder in it, and runs `python -m pulumi.run.plugin NAME`,
NAME being the distribution's (sdk/python/cmd/pulumi-language-python of github.com/pulumi/pulumi). Here the environment
of the other tests stands in for that one: the provider has been installed in it in the same way.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from .conftest import Installed
from .kept import ROOT


def test_the_manifest_names_a_runtime_that_can_install_the_folder() -> None:
    manifest = yaml.safe_load((ROOT / "PulumiPlugin.yaml").read_text())
    assert manifest == {"runtime": "python"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    # The host goes by these two; with a `__main__.py` in the folder it would run that instead, and install nothing.
    assert project["project"]["name"] == "mlworkbench"
    assert project["build-system"]["build-backend"]
    assert not (ROOT / "__main__.py").exists()


def test_pulumi_gets_the_schema_from_a_plugin_that_runs_from_its_sources(installed: Installed, tmp_path: Path) -> None:
    plugin = tmp_path / "pulumi-resource-mlworkbench"
    plugin.write_text(f'#!/bin/sh\nexec "{installed.python}" -I -m pulumi.run.plugin mlworkbench "$@"\n')
    plugin.chmod(0o755)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    command: list[str | Path] = [Path(sys.executable).with_name("pulumi"), "package", "get-schema", plugin]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told, kept = json.loads(done.stdout), json.loads((ROOT / "schema.json").read_text())
    assert set(told["resources"]) == set(kept["resources"])
    assert told["version"] == kept["version"]
