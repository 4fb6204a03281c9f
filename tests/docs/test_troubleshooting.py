"""Laws of the page about troubles: it explains every message that we emit, and no other. Knows no message itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.stage import ROOT
from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.model.check import check
from mlworkbench.model.policy import policies
from mlworkbench.model.values import Tree
from mlworkbench.resources import registry
from tests.docs.messages import GAP, PARTS, Entry, Message, entries, messages

PAGE = ROOT / "docs" / "troubleshooting.md"
ENTRIES = entries(PAGE)
SOURCES = messages()
# Told by the Makefile, before there is a Python.
MAKEFILE = [Message(line, "Makefile") for line in (ROOT / "Makefile").read_text("utf-8").splitlines()]
WRONG: tuple[Any, ...] = (-1, 10**9, 0.5, True, "", "☃" * 4000, [], ["☃"] * 50, {}, {"☃": 1})

HOW_TO_MEND = """docs/troubleshooting.md lacks a row for
{}
Add one for each, with the message as the sources have it and … for what differs:
  | `message` | cause | remedy |
If it is no message but a piece of others or good news, name it in PARTS of tests/docs/messages.py."""


def told_by_check() -> Iterator[str]:
    """Yield what wrong values of all kinds are answered, for every property and key."""
    examples: list[tuple[Any, Tree]] = [(ProviderConfig, {}), *((k.inputs, k.example) for k in registry().values())]
    for model, example in examples:
        for name in [*policies(model), "nothingLikeThis"]:
            trees = [{**example, name: value} for value in WRONG]
            trees.append({other: value for other, value in example.items() if other != name})
            yield from (failure.reason for tree in trees for failure in check(model, tree))


CHECKED = [Message(reason, "model/check.py") for reason in dict.fromkeys(told_by_check())]


def explained(message: Message) -> bool:
    return any(entry.covers(message.text) for entry in ENTRIES)


def test_every_message_is_explained() -> None:
    lacking = [message for message in (*SOURCES, *CHECKED) if not explained(message)]
    told = "\n".join(f"  {each.place}: {each.text!r}" for each in lacking)
    assert not lacking, HOW_TO_MEND.format(told)


def test_every_row_is_about_a_message_that_exists() -> None:
    said = [*(message.text for message in (*SOURCES, *CHECKED, *MAKEFILE)), *PARTS]
    stale = [entry.text for entry in ENTRIES if not entry.is_pulumis and not any(map(entry.covers, said))]
    told = "\n  ".join(stale)
    assert not stale, f"rows of docs/troubleshooting.md that are about nothing that the sources say:\n  {told}"


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.text for entry in ENTRIES])
def test_a_row_tells_cause_and_remedy(entry: Entry) -> None:
    assert entry.cause
    assert entry.remedy


def test_no_message_has_two_rows() -> None:
    texts = [entry.text for entry in ENTRIES]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_a_row_covers_what_it_says_and_not_what_shares_a_word_with_it() -> None:
    entry = Entry("… was not read within … s.", "cause", "remedy")
    assert entry.covers(f"{GAP} was not read within {GAP} s. Nothing is known about it.")
    assert entry.covers("Tensorboard tb1 was not read within 3 s. Nothing is known about it.")
    assert not entry.covers(f"{GAP} was not deleted: {GAP}.")
    assert not Entry("Run", "", "").covers("Run `pulumi up` again later, or with a lower --parallel.")
