"""Laws of trying again: when, how often, after how long. Knows no service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.wire.errors import (
    Answer,
    CloudError,
    InvalidRequest,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
    Unreachable,
    Unreadable,
    WrongClock,
    WrongState,
)
from mlworkbench.wire.retry import Retry

RETRY = Retry(tries=3, first=1.0, ceiling=10.0, chance=lambda: 1.0)
SENT = Unreachable("X", Answer(), sent=True)
NOT_SENT = Unreachable("X", Answer(), sent=False)


@pytest.mark.parametrize(
    ("error", "repeatable", "again"),
    [
        (Throttled("X", Answer(429)), False, True),
        (Throttled("X", Answer(429)), True, True),
        (NOT_SENT, False, True),
        (NOT_SENT, True, True),
        (SENT, False, False),
        (SENT, True, True),
        (Unavailable("X", Answer(503)), False, False),
        (Unavailable("X", Answer(503)), True, True),
        (NotFound("X", Answer(404)), True, False),
        (InvalidRequest("X", Answer(400)), True, False),
        (Unauthenticated("X", Answer(401)), True, False),
        (WrongClock("X", Answer(400)), True, False),
        (WrongState("X", Answer(400)), True, False),
        (Unreadable("X", Answer(200)), True, False),
    ],
)
def test_a_call_is_made_again_if_that_can_help_and_do_no_harm(error: CloudError, repeatable: bool, again: bool) -> None:
    assert (RETRY.delay(error, 1, repeatable=repeatable) is not None) is again


def test_no_call_is_made_more_often_than_allowed() -> None:
    throttled = Throttled("X", Answer(429))
    assert RETRY.delay(throttled, 2, repeatable=True) is not None
    assert RETRY.delay(throttled, 3, repeatable=True) is None
    assert Retry(tries=1).delay(throttled, 1, repeatable=True) is None


def test_the_wait_doubles_up_to_its_ceiling() -> None:
    patient = Retry(tries=100, first=1.0, ceiling=10.0, chance=lambda: 1.0)
    waits = [patient.delay(Throttled("X", Answer(429)), tried, repeatable=True) for tried in range(1, 6)]
    assert waits == [1.0, 2.0, 4.0, 8.0, 10.0]


def test_the_cloud_decides_how_long_to_wait_if_it_says_so() -> None:
    assert RETRY.delay(Throttled("X", Answer(429, retry_after=3.0)), 1, repeatable=False) == 3.0
    assert RETRY.delay(Throttled("X", Answer(429, retry_after=0.0)), 1, repeatable=False) == 0.0
    assert RETRY.delay(Throttled("X", Answer(429, retry_after=40.0)), 1, repeatable=False) == 40.0


def test_a_wait_that_is_too_long_is_the_users_to_decide_on() -> None:
    assert RETRY.delay(Throttled("X", Answer(429, retry_after=3600.0)), 1, repeatable=False) is None


@given(st.integers(1, 200), st.floats(0, 1))
def test_a_wait_is_never_negative_and_never_above_the_ceiling(tried: int, chance: float) -> None:
    patient = Retry(tries=1000, chance=lambda: chance)
    wait = patient.delay(Throttled("X", Answer(429)), tried, repeatable=True)
    assert wait is not None
    assert 0 <= wait <= patient.ceiling
