"""Laws of the example programs: every shape has its spelling in each language. Knows made-up things; no resource."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from mlworkbench.hosts.document import schema
from mlworkbench.resources import registry
from mlworkbench.schema.programs import LANGUAGES, names, programs
from mlworkbench.schema.spellings import CSharp, Go, Java, Python, TypeScript, Yaml, camel_words
from tests.unit.model.declarations import ASKED

NAMES = names(schema())
TREE: dict[str, Any] = {
    "size": 3,
    "note": 'yes: "no"',
    "enabled": True,
    "ratio": 0.5,
    "words": ["true", "b", "7"],
    "labels": {"a": "1"},
    "colour": "dark_red",
    "colours": ["BLUE"],
}


def spelt(lines: list[str]) -> dict[str, str]:
    """Return what stands for each property of the tree."""
    found = {}
    for name, line in zip([each for each in ASKED if each in TREE], lines, strict=True):
        found[name] = line.strip()
    return found


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            TypeScript(NAMES).fields(ASKED, TREE, 0),
            {"enabled": "enabled: true,", "labels": 'labels: { "a": "1" },', "colour": 'colour: "DARK_RED",'},
        ),
        (
            Python(NAMES).arguments(ASKED, TREE, 0),
            {
                "enabled": "enabled=True,",
                "labels": 'labels={"a": "1"},',
                "colours": "colours=[mlworkbench.Colour.BLUE],",
            },
        ),
        (
            Go(NAMES).fields(ASKED, TREE, 0),
            {
                "size": "Size:    pulumi.Int(3),",
                "ratio": "Ratio:   pulumi.Float64(0.5),",
                "enabled": "Enabled: pulumi.Bool(true),",
                "words": 'Words:   pulumi.StringArray{pulumi.String("true"), pulumi.String("b"), pulumi.String("7")},',
                "labels": 'Labels:  pulumi.StringMap{"a": pulumi.String("1")},',
                "colours": "Colours: mlworkbench.ColourArray{mlworkbench.ColourBlue},",
            },
        ),
        (
            CSharp(NAMES).fields(ASKED, TREE, 0),
            {"labels": 'Labels = { { "a", "1" } },', "colour": "Colour = Mlworkbench.Colour.DarkRed,"},
        ),
        (
            Java(NAMES).calls(ASKED, TREE, 0),
            {"words": '.words(List.of("true", "b", "7"))', "labels": '.labels(Map.of("a", "1"))'},
        ),
    ],
    ids=["typescript", "python", "go", "csharp", "java"],
)
def test_a_value_is_spelt_as_the_language_does(lines: list[str], told: dict[str, str]) -> None:
    assert told.items() <= spelt(lines).items()


def test_what_is_written_as_yaml_is_read_as_the_same() -> None:
    assert yaml.safe_load("\n".join(Yaml(NAMES).fields(ASKED, TREE, 0))) == TREE | {"colour": "DARK_RED"}


@pytest.mark.parametrize(("name", "words"), [("jobId", "job_id"), ("AsciiSnt9b", "ascii_snt9b"), ("X8664", "x8664")])
def test_a_name_is_taken_apart_before_capitals(name: str, words: str) -> None:
    assert camel_words(name) == words


def test_every_resource_has_a_program_in_every_language_with_its_name_in_it() -> None:
    for kind in registry().values():
        written = programs(kind, NAMES)
        assert tuple(program.language for program in written) == LANGUAGES
        assert all(kind.title() in program.text for program in written)
