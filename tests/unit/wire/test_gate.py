"""Laws of the gate: refused keys are shown once, accepted ones freely. Knows no service."""

from __future__ import annotations

import asyncio

import pytest

from mlworkbench.wire.errors import (
    Answer,
    CloudError,
    InvalidRequest,
    Throttled,
    Unauthenticated,
    Unreachable,
    WrongClock,
)
from mlworkbench.wire.gate import Gate

KEYS = ("sk",)
REFUSED = Unauthenticated("GetThing", Answer(401, message="who are you"))


class Calls:
    """Counts the calls that are under way at once."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.made = self.now = self.most = 0

    async def __call__(self, error: CloudError | None = None, keys: tuple[str, ...] = KEYS) -> None:
        async with self.gate.passage("GetThing", keys):
            self.made += 1
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0)
            self.now -= 1
            if error:
                raise error


async def test_until_the_keys_are_accepted_one_call_goes_at_a_time() -> None:
    calls = Calls(Gate())
    silence = Unreachable("GetThing", Answer(), sent=True)
    await asyncio.gather(*(calls(silence) for _ in range(5)), return_exceptions=True)
    assert (calls.made, calls.most) == (5, 1)


async def test_accepted_keys_are_shown_by_any_number_of_calls() -> None:
    calls = Calls(Gate())
    await calls()
    await asyncio.gather(*(calls() for _ in range(10)))
    assert calls.most == 10


@pytest.mark.parametrize("error", [InvalidRequest("X", Answer(400)), Throttled("X", Answer(429))])
async def test_keys_are_accepted_by_any_answer_that_does_not_refuse_them(error: CloudError) -> None:
    calls = Calls(Gate())
    with pytest.raises(type(error)):
        await calls(error)
    await asyncio.gather(*(calls() for _ in range(10)))
    assert calls.most == 10


async def test_refused_keys_are_shown_once() -> None:
    calls = Calls(Gate())
    told = await asyncio.gather(*(calls(REFUSED) for _ in range(10)), return_exceptions=True)
    assert calls.made == 1
    assert all(isinstance(each, Unauthenticated) and REFUSED.answer.message in each.answer.message for each in told)
    assert sum("not tried" in str(each) for each in told) == 9


async def test_other_keys_are_let_through_after_some_were_refused() -> None:
    calls = Calls(Gate())
    with pytest.raises(Unauthenticated):
        await calls(REFUSED)
    await calls(keys=("renewed",))
    assert calls.made == 2


async def test_a_call_that_is_cancelled_lets_the_next_one_through() -> None:
    calls = Calls(Gate())
    first = asyncio.create_task(calls())
    await asyncio.sleep(0)
    first.cancel()
    await calls()
    assert calls.made == 2


async def test_a_wrong_clock_is_shown_once_like_a_wrong_key() -> None:
    calls = Calls(Gate())
    late = WrongClock("GetThing", Answer(401, message="expired"))
    told = await asyncio.gather(*(calls(late) for _ in range(10)), return_exceptions=True)
    assert calls.made == 1
    assert all(isinstance(each, WrongClock) for each in told)


async def test_keys_that_are_taken_back_are_shown_no_more_than_twice_in_a_row() -> None:
    calls = Calls(Gate())
    await calls()
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            await calls(REFUSED)
    assert calls.made == 3
