"""Laws of the recording: it shows what the README tells to type, is light, and needs nothing. Knows no terminal."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from demo.stage import ROOT
from tools import record
from tools.record import COMMANDS, PICTURE, Stalled, Terminal
from tools.record_screen import Chunk, Frame, frames
from tools.record_svg import picture

README = (ROOT / "README.md").read_text("utf-8")
DRAWN = PICTURE.read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def texts(frame: Frame) -> list[str]:
    return ["".join(run.text for run in row) for row in frame.rows if row]


def test_the_readme_shows_it_and_tells_to_type_every_command_of_it() -> None:
    assert f"]({PICTURE.relative_to(ROOT)})" in README
    assert [command for command in COMMANDS if command.partition("  #")[0] not in README] == []


def test_it_is_light_and_well_formed() -> None:
    assert PICTURE.stat().st_size < 300_000
    assert ElementTree.fromstring(DRAWN).find(f"{SVG}title") is not None


def test_it_shows_resources_made_drift_seen_and_healed_and_all_destroyed() -> None:
    shown = "\n".join("".join(group.itertext()) for group in ElementTree.fromstring(DRAWN).iter(f"{SVG}g"))
    for told in ("+ 4 created", "maxRunningTimeMinutes", "no changes were expected", "~ 1 updated", "- 4 deleted"):
        assert told in shown


def test_it_loads_nothing_runs_nothing_and_tells_no_path_of_the_machine_it_was_made_on() -> None:
    assert not re.search(r"<script|<image|<foreignObject|@import|url\(|href=\"[^#]", DRAWN)
    assert re.findall(r"/(?:root|home|Users|work|tmp)/[\w/]+", DRAWN) == []


def test_it_holds_still_for_who_wants_less_motion() -> None:
    assert "prefers-reduced-motion" in DRAWN


def test_what_a_terminal_was_sent_becomes_pictures_with_colours_and_short_pauses() -> None:
    sent = [Chunk(0.0, b"$ go\r\n"), Chunk(60.0, b"\x1b[38;5;2mdone\x1b[0m\r\n"), Chunk(61.0, b"\x1b[1A\x1b[2Kall\r\n")]
    first, second, third = frames(sent)
    assert (texts(first), texts(second), texts(third)) == (["$ go"], ["$ go", "done"], ["$ go", "all"])
    assert second.at < 5
    assert 'class="gr"' in picture([first, second, third])


def test_a_row_that_is_shown_twice_is_drawn_once() -> None:
    shown = frames([Chunk(0.0, b"$ unlike\r\n"), Chunk(1.0, b"more\r\n"), Chunk(2.0, b"and more\r\n")])
    assert picture(shown).count("unlike") == 1


def terminal(place: Path) -> Terminal:
    return Terminal({"PATH": os.environ["PATH"]}, place)


def test_commands_are_run_one_after_the_other_in_a_real_terminal(tmp_path: Path) -> None:
    shell = terminal(tmp_path)
    shell.type(["echo $((20 + 22))", "test -t 1 && echo terminal"])
    shown = [line for frame in frames(shell.chunks) for line in texts(frame)]
    assert "42" in shown
    assert "terminal" in shown


def test_a_command_that_does_not_end_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "_LONGEST_SECONDS", 0.5)
    with pytest.raises(Stalled):
        terminal(tmp_path).type(["sleep 600"])
