"""Laws of what both hosts share: answers that need a declaration and no cloud. Makes no call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mlworkbench.hosts.core import Provider, UnknownToken, secrets_of, token_of
from mlworkbench.model.autoname import Naming
from mlworkbench.model.policy import policies
from mlworkbench.model.values import UNKNOWN, Tree
from mlworkbench.resources import registry
from tests.unit.model.declarations import ThingInputs

TENSORBOARD, JOB, IMAGE = "pai:Tensorboard", "modelarts:VisualizationJob", "modelarts:Image"
NAMING = Naming("curves", b"seed")


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    found = Provider({"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"})
    yield found
    await found.close()


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ("mlworkbench:pai:Tensorboard", TENSORBOARD),
        ("mlworkbench:pai/tensorboard:Tensorboard", TENSORBOARD),
        ("mlworkbench:modelarts:Image", IMAGE),
        ("mlworkbench:modelarts/image:Image", IMAGE),
    ],
)
def test_a_type_token_names_a_resource_in_both_spellings(given: str, token: str) -> None:
    assert token_of(given) == token


@pytest.mark.parametrize("given", ["mlworkbench:pai:TensorBoard", "mlworkbench:pai:", "other:pai:Tensorboard", "x", ""])
def test_a_type_token_that_nobody_knows_is_refused(given: str) -> None:
    with pytest.raises(UnknownToken, match="there is no resource type"):
        token_of(given)


def test_a_misspelled_type_token_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownToken, match='did you mean "mlworkbench:pai:Tensorboard"'):
        token_of("mlworkbench:pai:TensorBoard")


def test_only_what_is_marked_is_always_secret() -> None:
    assert secrets_of(policies(ThingInputs)) == {"password"}


def test_check_fills_in_a_name_and_tells_all_that_is_wrong(provider: Provider) -> None:
    checked = provider.check(JOB, {}, {"trainUrl": "", "jobDesc": 5}, NAMING)
    assert str(checked.inputs["jobName"]).startswith("curves-")
    assert {failure.path for failure in checked.failures} == {"trainUrl", "jobDesc"}


def test_check_takes_null_for_absent(provider: Provider) -> None:
    checked = provider.check(JOB, {}, {"trainUrl": "/b/", "jobDesc": None, "flavor": None}, NAMING)
    assert set(checked.inputs) == {"trainUrl", "jobName"}
    assert checked.failures == []


@pytest.mark.parametrize("token", registry())
def test_checking_twice_is_checking_once(token: str, provider: Provider) -> None:
    once = provider.check(token, {}, dict(registry()[token].example), NAMING)
    twice = provider.check(token, once.inputs, once.inputs, Naming("other", b"other"))
    assert (twice.inputs, twice.failures) == (once.inputs, once.failures)
    assert once.failures == []


@pytest.mark.parametrize("token", registry())
def test_every_input_may_be_unknown(token: str, provider: Provider) -> None:
    inputs: Tree = dict.fromkeys(registry()[token].input_policies(), UNKNOWN)
    assert provider.check(token, {}, inputs, NAMING).failures == []
    assert provider.preview(token, inputs).keys() == registry()[token].output_policies().keys()


@pytest.mark.parametrize("token", registry())
def test_the_change_of_a_resource_updates_it_and_its_fixed_outputs_stay(token: str, provider: Provider) -> None:
    kind = registry()[token]
    difference = provider.diff(token, dict(kind.example), kind.example | kind.change)
    assert set(difference.properties) == set(kind.change)
    assert difference.replaces == []
    assert kind.id_output in difference.stables
    assert not difference.delete_before_replace


@pytest.mark.parametrize(
    ("token", "old", "new", "replaces", "first"),
    [
        (JOB, {"jobName": "a", "trainUrl": "/a/"}, {"jobName": "a", "trainUrl": "/b/"}, ["trainUrl"], True),
        (JOB, {"jobName": "a", "trainUrl": "/a/"}, {"jobName": "b", "trainUrl": "/a/"}, ["jobName"], False),
        (JOB, {"jobName": "a", "trainUrl": "/a/"}, {"jobName": UNKNOWN, "trainUrl": "/a/"}, ["jobName"], False),
        (TENSORBOARD, {"displayName": "a", "jobId": "1"}, {"displayName": "a", "jobId": "2"}, ["jobId"], False),
        (IMAGE, {"swrPath": "h/n/i:1"}, {"swrPath": "h/n/i:1", "description": "x"}, ["description"], True),
        (IMAGE, {"swrPath": "h/n/i:1"}, {"swrPath": "h/n/i:2", "description": "x"}, ["swrPath", "description"], False),
    ],
)
def test_the_old_one_goes_first_only_if_the_new_one_needs_its_name(
    token: str, old: Tree, new: Tree, replaces: list[str], first: bool, provider: Provider
) -> None:
    difference = provider.diff(token, old, new)
    assert set(difference.replaces) == set(replaces)
    assert difference.delete_before_replace is first
    assert difference.stables == []


def test_nothing_differs_from_itself(provider: Provider) -> None:
    for token, kind in registry().items():
        assert provider.diff(token, dict(kind.example), dict(kind.example)).changes == []


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"paiRegion": "a"}, {"paiRegion": "b"}, ["paiRegion"]),
        ({"paiRegion": "a"}, {}, []),
        ({}, {"paiRegion": "b"}, []),
        ({"paiRegion": "a"}, {"paiRegion": UNKNOWN}, []),
        ({"paiAccessKeyId": "a", "paiAccessKeySecret": "a"}, {"paiAccessKeyId": "b", "paiAccessKeySecret": "b"}, []),
        ({"modelartsToken": "a"}, {"modelartsToken": "b"}, []),
        ({"modelartsCloud": "OTC"}, {"modelartsCloud": "otc"}, []),
        ({"version": "0.1.0"}, {"version": "0.2.0"}, []),
        ({"maxRetries": 1}, {"maxRetries": 2}, []),
    ],
)
def test_a_provider_is_replaced_only_if_it_would_look_elsewhere(
    old: Tree, new: Tree, replaces: list[str], provider: Provider
) -> None:
    assert provider.diff_config(old, new).replaces == replaces


def test_old_inputs_that_the_engine_does_not_send_are_read_from_the_state(provider: Provider) -> None:
    state = {"jobName": "a", "trainUrl": "/a/", "jobId": "1", "status": "RUNNING"}
    assert provider.old_inputs(JOB, {}, state) == {"jobName": "a", "trainUrl": "/a/"}
    assert provider.old_inputs(JOB, {"jobName": "b"}, state) == {"jobName": "b"}


def test_the_version_is_no_setting(provider: Provider) -> None:
    assert provider.check_config({"version": "0.1.0", "paiRegion": "cn-hangzhou"}) == []


async def test_a_provider_that_is_not_configured_can_be_asked_what_needs_no_cloud(provider: Provider) -> None:
    assert await provider.unconfigured(TENSORBOARD) == []
    assert provider.preview(TENSORBOARD, {"jobId": "1"})["status"] is UNKNOWN


async def test_what_a_resources_cloud_lacks_is_told_for_that_resource(provider: Provider) -> None:
    await provider.configure({"modelartsRegion": "x", "modelartsToken": "t"})
    reasons = [failure.reason for failure in await provider.unconfigured(TENSORBOARD)]
    assert any("mlworkbench:paiRegion" in reason for reason in reasons)
    assert await provider.unconfigured(JOB) == []
