"""Laws of waiting: how long, how often, and how it ends. Knows nothing that is waited for."""

from __future__ import annotations

import asyncio

import pytest

from mlworkbench.lifecycle.waiting import Interrupted, OutOfPatience, Patience, Watch
from tests.unit.lifecycle.cloud import Clock


def test_the_users_limit_replaces_the_default_and_nothing_else() -> None:
    patience = Patience(limit=1200)
    assert patience.within(60) == Patience(limit=60)
    assert patience.within(None) == patience
    assert patience.within(0) == patience


async def test_a_pause_of_no_length_lets_others_work_and_ends() -> None:
    wait = Watch(clock=Clock(0)).begin(Patience(limit=10, first=0))
    await wait.pause()
    assert wait.pauses == 1


async def test_patience_ends_at_its_limit() -> None:
    wait = Watch(clock=Clock(4)).begin(Patience(limit=10, first=0))
    await wait.pause()
    await wait.pause()
    with pytest.raises(OutOfPatience):
        await wait.pause()


async def test_an_interruption_is_seen_at_the_next_pause() -> None:
    watch = Watch()
    watch.interrupted.set()
    with pytest.raises(Interrupted):
        await watch.begin(Patience(limit=10, first=5)).pause()


async def test_an_interruption_ends_a_pause_that_has_begun() -> None:
    watch = Watch()
    pause = asyncio.create_task(watch.begin(Patience(limit=10_000, first=5_000, longest=5_000)).pause())
    await asyncio.sleep(0)
    watch.interrupted.set()
    with pytest.raises(Interrupted):
        await asyncio.wait_for(pause, timeout=5)


def test_the_time_taken_is_read_from_the_clock() -> None:
    wait = Watch(clock=Clock(2)).begin(Patience(limit=10))
    assert [wait.seconds, wait.seconds] == [2.0, 4.0]
