"""Laws of claims: what one process of a run needs, no other destroys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlworkbench.hosts.claims import Claims
from mlworkbench.hosts.core import Provider
from mlworkbench.model.autoname import Naming
from mlworkbench.resources import registry


def another(monkeypatch: pytest.MonkeyPatch, run: str, folder: Path, pid: int) -> Claims:
    """Return the claims of another process."""
    other = Claims(run, folder)
    monkeypatch.setattr(Claims, "_own", property(lambda self: folder / f"{self._stem}{pid if self is other else 1}"))
    return other


def test_what_is_claimed_is_known_in_the_process_itself() -> None:
    mine = Claims()
    mine.add(["a"])
    assert mine.overlap(["b", "a"])
    assert not mine.overlap(["b"])
    assert not mine.overlap([])


def test_the_processes_of_a_run_know_each_others_claims_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Claims("4711", tmp_path)
    theirs = another(monkeypatch, "4711", tmp_path, 2)
    theirs.add(["secret/path:1"])
    assert mine.overlap(["secret/path:1"])
    assert not Claims("4712", tmp_path).overlap(["secret/path:1"])
    assert not Claims("471", tmp_path).overlap(["secret/path:1"])
    theirs.close()
    assert not mine.overlap(["secret/path:1"])
    assert list(tmp_path.iterdir()) == []


def test_what_is_shared_is_for_this_user_only_and_tells_no_values(tmp_path: Path) -> None:
    Claims("4711", tmp_path).add(["secret/path:1"])
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert "secret" not in file.read_text()


def test_a_link_that_somebody_has_laid_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    mine = Claims("4711", tmp_path)
    (tmp_path / f"mlworkbench-{os.getuid()}-4711-{os.getpid()}").symlink_to(target)
    mine.add(["a"])
    assert target.read_text() == "precious"
    assert mine.overlap(["a"])


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_sharing(tmp_path: Path) -> None:
    mine = Claims("4711", tmp_path / "missing")
    mine.add(["a"])
    assert mine.overlap(["a"])
    mine.close()


def test_a_provider_claims_what_it_checks_for_all_processes_of_its_run(tmp_path: Path) -> None:
    image = registry()["modelarts:Image"]
    Provider({}, Claims("4711", tmp_path)).check(image.token, {}, dict(image.example), Naming("image"))
    assert Claims("4711", tmp_path).overlap([f"{image.token}.swrPath={image.example['swrPath']}"])
