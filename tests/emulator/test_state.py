"""Laws of the state file: what was there is there after a restart, with what was still to come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import OTC_PROJECT
from mlworkbench_emulator.store import StoreError

PATH = "swr.region.example.com/org/repo:1.0"


@asynccontextmanager
async def life(
    file: Path, login: dict[str, object], progress: str = "reads:1"
) -> AsyncIterator[tuple[Emulator, httpx.AsyncClient]]:
    emulator = Emulator(state_file=file, progress=progress)
    transport = httpx.ASGITransport(emulator.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://x/v1/{OTC_PROJECT.id}/") as client:
        token = (await client.post("http://x/v3/auth/tokens", json=login)).headers["X-Subject-Token"]
        client.headers["X-Auth-Token"] = token
        yield emulator, client
    emulator.close()


async def test_resources_and_what_is_to_come_survive_a_restart(tmp_path: Path, login: dict[str, object]) -> None:
    file = tmp_path / "state.db"
    seen = []
    body = {"job_name": "a", "train_url": "/b/"}
    async with life(file, login) as (_, client):
        await client.post("visualization-jobs", json=body)
        seen.append((await client.get("visualization-jobs/10")).json()["status"])
    for _ in range(3):
        async with life(file, login) as (_, client):
            seen.append((await client.get("visualization-jobs/10")).json()["status"])
    assert seen == [1, 4, 7, 8]
    async with life(file, login) as (_, client):
        second = await client.post("visualization-jobs", json={**body, "job_name": "b"})
        assert second.json()["job_id"] == "11"


async def test_the_clock_and_removed_contents_survive_a_restart(tmp_path: Path, login: dict[str, object]) -> None:
    file = tmp_path / "state.db"
    async with life(file, login) as (emulator, client):
        emulator.advance(1e6)
        before = emulator.now
        emulator.swr.remove(PATH)
    async with life(file, login) as (emulator, client):
        assert emulator.now >= before
        assert (await client.post("images", json={"swr_path": PATH})).status_code == 400


async def test_a_reset_empties_the_file(tmp_path: Path, login: dict[str, object]) -> None:
    file = tmp_path / "state.db"
    async with life(file, login) as (emulator, client):
        await client.post("images", json={"swr_path": PATH})
        assert len(emulator.resources.all("images")) == 1
        emulator.reset()
    async with life(file, login) as (emulator, _):
        assert emulator.resources.all("images") == []


async def test_deletion_survives_a_restart(tmp_path: Path, login: dict[str, object]) -> None:
    file = tmp_path / "state.db"
    async with life(file, login, "immediate") as (emulator, client):
        made = [(await client.post("images", json={"swr_path": f"{PATH}{n}"})).json()["id"] for n in range(3)]
        await client.delete(f"images/{made[1]}")
    async with life(file, login) as (emulator, _):
        assert [image["id"] for image in emulator.resources.all("images")] == [made[0], made[2]]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are my notes, and no database at all\n" * 100)
    with pytest.raises(StoreError, match=r"notes\.txt"):
        Emulator(state_file=file)


def test_two_emulators_cannot_share_a_file(tmp_path: Path) -> None:
    first = Emulator(state_file=tmp_path / "state.db")
    with pytest.raises(StoreError, match="locked"):
        Emulator(state_file=tmp_path / "state.db")
    first.close()
