"""Laws of the cloud's clock. Knows no signature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mlworkbench.wire.clock import ServerClock, moment

NOON = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)


def clock(date: str | None = None) -> ServerClock:
    found = ServerClock(now=lambda: NOON)
    found.observe({} if date is None else {"date": date})
    return found


@pytest.mark.parametrize("date", [None, "", "yesterday", "2026-01-01T12:00:00Z", "Thu, 99 Jan 2026 12:00:00 GMT"])
def test_an_answer_that_tells_no_time_teaches_nothing(date: str | None) -> None:
    assert clock(date).ahead == timedelta(0)
    assert not clock(date).is_off


def test_the_clouds_clock_is_known_from_its_answers() -> None:
    assert clock("Thu, 01 Jan 2026 13:00:00 GMT").theirs(NOON) == datetime(2026, 1, 1, 12, 59, 59, tzinfo=UTC)
    assert clock("Thu, 01 Jan 2026 11:00:00 GMT").theirs(NOON) == datetime(2026, 1, 1, 10, 59, 59, tzinfo=UTC)


def test_a_moment_of_ours_is_never_later_by_the_clouds_clock_than_it_was() -> None:
    same = clock("Thu, 01 Jan 2026 12:00:00 GMT")
    assert same.theirs(NOON) <= NOON.replace(microsecond=0)
    assert same.theirs(NOON).microsecond == 0


@pytest.mark.parametrize(
    ("date", "off"),
    [
        ("Thu, 01 Jan 2026 12:14:00 GMT", False),
        ("Thu, 01 Jan 2026 12:16:00 GMT", True),
        ("Thu, 01 Jan 2026 11:46:00 GMT", False),
        ("Thu, 01 Jan 2026 11:44:00 GMT", True),
    ],
)
def test_a_clock_is_off_if_the_clouds_would_refuse_its_signatures(date: str, off: bool) -> None:
    assert clock(date).is_off is off


def test_how_far_a_clock_is_off_is_told_in_seconds_with_its_direction() -> None:
    assert clock("Thu, 01 Jan 2026 13:00:00 GMT").describe() == "this machine's clock is 3600 s behind"
    assert clock("Thu, 01 Jan 2026 11:00:00 GMT").describe() == "this machine's clock is 3600 s ahead"


def test_a_moment_is_read_with_its_zone() -> None:
    assert moment("2026-01-01T12:00:00Z") == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert moment("2026-01-01T12:00:00.500Z") == NOON


@pytest.mark.parametrize("text", [None, "", "yesterday", "1767268800"])
def test_a_moment_that_makes_no_sense_is_none(text: str | None) -> None:
    assert moment(text) is None


@pytest.mark.parametrize("text", ["2026-01-01T12:00:00", "2026-01-01"])
def test_a_moment_without_a_zone_can_be_compared_all_the_same(text: str) -> None:
    found = moment(text)
    assert found is None or found < datetime(2026, 6, 1, tzinfo=UTC)
