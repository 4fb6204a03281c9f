"""Laws of check: examples are clean, unknowns are taken on trust, all failures come at once with their paths."""

from __future__ import annotations

import pytest

from mlworkbench.model.values import UNKNOWN, Tree
from mlworkbench_emulator import Emulator

from .cases import Kind, variants
from .hosts import Host


def test_an_example_checks_clean_and_stays_as_it_is(host: Host, kind: Kind) -> None:
    for inputs in [kind.example, {**kind.example, **kind.change}, *variants(kind)]:
        once, failures = host.check(kind.token, inputs)
        assert failures == []
        assert once == inputs
        assert host.check(kind.token, once, once) == (once, [])


def test_what_is_unknown_never_fails_and_survives(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        for name in inputs:
            unknown = {**inputs, name: UNKNOWN}
            assert host.check(kind.token, unknown) == (unknown, [])


def test_an_unknown_deep_inside_survives(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        everything = _all_unknown(inputs)
        assert host.check(kind.token, everything) == (everything, [])


def _all_unknown(value: Tree) -> Tree:
    def replaced(node: object) -> object:
        if isinstance(node, dict):
            return {key: replaced(item) for key, item in node.items()}
        return [replaced(item) for item in node] if isinstance(node, list) else UNKNOWN

    result = replaced(value)
    assert isinstance(result, dict)
    return result


def test_every_wrong_type_is_reported_at_its_path(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        wrong: Tree = {name: [[]] for name in inputs}
        _, failures = host.check(kind.token, wrong)
        assert {path.partition("[")[0].partition(".")[0] for path, _ in failures} == set(inputs)


def test_an_unknown_property_is_reported_with_the_nearest_name(host: Host, kind: Kind) -> None:
    name = next(iter(kind.example))
    misspelt = name[0] + name[2] + name[1] + name[3:]
    _, failures = host.check(kind.token, {**kind.example, misspelt: "x"})
    assert failures == [(misspelt, f'is not a property here; did you mean "{name}"?')]


def test_check_calls_nobody(host: Host, kind: Kind, emulator: Emulator) -> None:
    host.check(kind.token, kind.example)
    assert emulator.journal.operations() == []


CASES = [
    ("modelarts:VisualizationJob", {"jobName": "a" * 21}, ["jobName"]),
    ("modelarts:VisualizationJob", {"jobName": "has space"}, ["jobName"]),
    ("modelarts:VisualizationJob", {"jobDesc": "d" * 257}, ["jobDesc"]),
    (
        "modelarts:VisualizationJob",
        {"schedule": {"type": "start", "timeUnit": "DAYS", "duration": 25}},
        ["schedule.type", "schedule.timeUnit", "schedule.duration"],
    ),
    ("modelarts:VisualizationJob", {"trainUrl": None}, ["trainUrl"]),
    ("modelarts:Image", {"swrPath": "no-tag-in-this-path/at-all"}, ["swrPath"]),
    ("modelarts:Image", {"resourceCategories": ["CPU", "TPU"]}, ["resourceCategories[1]"]),
    ("modelarts:Image", {"tags": [f"t{number}" for number in range(21)], "readMe": "r" * 3001}, ["tags", "readMe"]),
    ("pai:Tensorboard", {"priority": 10, "cpu": 0}, ["priority", "cpu"]),
    ("pai:Tensorboard", {"priority": "5"}, ["priority"]),
    ("pai:Tensorboard", {"summaryPath": "/logs"}, ["summaryPath"]),
    ("pai:Tensorboard", {"tensorboardDataSources": [{"id": "d-1"}]}, ["tensorboardDataSources"]),
    ("pai:Tensorboard", {"options": "{", "accessibility": "SECRET"}, ["accessibility", "options"]),
    ("pai:Tensorboard", {"tensorboardSpec": {"vSwitchId": "vsw-1"}}, ["tensorboardSpec.vSwitchId"]),
    ("pai:Tensorboard", {"desiredStatus": "Paused"}, ["desiredStatus"]),
]


@pytest.mark.parametrize(("token", "change", "paths"), CASES)
def test_values_outside_of_their_limits_are_all_reported(
    host: Host, token: str, change: Tree, paths: list[str]
) -> None:
    from mlworkbench.resources import registry

    _, failures = host.check(token, {**registry()[token].example, **change})
    assert sorted(path for path, _ in failures) == sorted(paths)
    assert all(reason for _, reason in failures)


def test_letter_case_of_a_choice_does_not_matter_and_is_kept(host: Host) -> None:
    inputs = {"swrPath": "swr.example.com/team/image:1", "arch": "x86_64", "services": ["ssh", "Notebook"]}
    assert host.check("modelarts:Image", inputs) == (inputs, [])


def test_a_name_is_made_within_its_limits_and_kept(host: Host, kind: Kind) -> None:
    from mlworkbench.model.policy import AutoName, policies

    for name, policy in policies(kind.inputs).items():
        limit = policy.mark(AutoName)
        if limit is None:
            continue
        unnamed = {key: value for key, value in kind.example.items() if key != name}
        named, failures = host.check(kind.token, unnamed)
        assert failures == []
        assert named[name].startswith("law-")
        assert len(named[name]) <= limit.max_length
        assert host.check(kind.token, unnamed, named) == (named, [])
