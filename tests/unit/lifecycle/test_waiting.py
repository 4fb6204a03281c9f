"""Laws of waiting: how long, how often, and how it ends. Knows nothing that is waited for."""

from __future__ import annotations

import asyncio

import pytest

from mlworkbench.lifecycle import waiting
from mlworkbench.lifecycle.waiting import Interrupted, OutOfPatience, Patience, Unanswered, Watch
from mlworkbench.wire.pauses import NotWanted, rest
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


async def test_a_rest_that_the_time_allows_ends() -> None:
    await Watch(clock=Clock(0)).begin(Patience(limit=10)).rest(0)


async def test_a_rest_that_would_end_too_late_is_not_begun_in_vain() -> None:
    wait = Watch(clock=Clock(11)).begin(Patience(limit=10))
    with pytest.raises(OutOfPatience):
        await wait.rest(300)


async def test_what_nobody_waits_for_any_longer_is_not_sent() -> None:
    watch = Watch()
    watch.interrupted.set()
    with watch.begin(Patience(limit=10)).leads(), pytest.raises(NotWanted):
        await rest()
    await rest()


async def test_a_look_answers_what_the_call_answers() -> None:
    wait = Watch().begin(Patience(limit=10))
    assert await wait.look(_told("curves")) == "curves"
    with pytest.raises(ZeroDivisionError):
        await wait.look(_told(ZeroDivisionError()))


async def test_a_look_that_is_about_to_answer_may_end_after_an_interruption() -> None:
    watch = Watch()
    watch.interrupted.set()
    assert await watch.begin(Patience(limit=10)).look(_told("curves")) == "curves"


async def test_a_look_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LAST_LOOK_SECONDS", 0)
    silence, watch = asyncio.Event(), Watch()
    with pytest.raises(OutOfPatience):
        await watch.begin(Patience(limit=0)).look(silence.wait())
    watch.interrupted.set()
    with pytest.raises(Interrupted):
        await watch.begin(Patience(limit=10)).look(silence.wait())


async def test_a_look_that_must_rest_longer_than_anybody_waits_ends_at_once_for_its_own_reason() -> None:
    async def look() -> str:
        try:
            await rest(250)
        except NotWanted:
            return "busy: come back in 250 s"
        return "answered"

    assert await Watch().begin(Patience(limit=10)).look(look()) == "busy: come back in 250 s"


async def test_a_change_answers_what_the_call_answers() -> None:
    wait = Watch().begin(Patience(limit=10))
    assert await wait.change(_told("curves")) == "curves"
    with pytest.raises(ZeroDivisionError):
        await wait.change(_told(ZeroDivisionError()))


async def test_a_change_that_was_not_sent_is_told_apart_from_one_that_was_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "_LAST_LOOK_SECONDS", 0)
    silence, watch = asyncio.Event(), Watch()
    watch.interrupted.set()
    wait = watch.begin(Patience(limit=10))
    with wait.leads(), pytest.raises(Interrupted):
        await wait.change(_told("curves"))
    with pytest.raises(Unanswered) as given_up:
        await wait.change(silence.wait())
    assert isinstance(given_up.value.end, Interrupted)


async def _told(answer: object) -> object:
    await rest()
    if isinstance(answer, Exception):
        raise answer
    return answer
