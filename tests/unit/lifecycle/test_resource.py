"""Laws of declarations of resources: which are refused, and what every registered one must hold. Makes no call."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from mlworkbench.lifecycle.resource import Resource, Startable
from mlworkbench.model.base import Inputs, Outputs
from mlworkbench.model.check import check
from mlworkbench.model.diff import diff
from mlworkbench.model.policy import Computed, Replace, Virtual
from mlworkbench.resources import registry
from tests.unit.lifecycle.cloud import Cloud, Thing, ThingInputs, ThingOutputs

KINDS = list(registry().values())


class Asked(Inputs):
    """Asked."""

    name: str
    """Name."""


class Forgetful(Outputs):
    """Told, but not what was asked."""

    id: Annotated[str, Computed()]
    """ID."""


class Unmarked(Asked, Outputs):
    """Told, but not marked as the cloud's."""

    id: str
    """ID."""


class Upside(Inputs):
    """Asked for what only the cloud sets."""

    id: Annotated[str | None, Computed()] = None
    """ID."""


class Down(Upside, Outputs):
    """Told."""


def test_outputs_that_do_not_echo_the_inputs_are_refused() -> None:
    with pytest.raises(TypeError, match=r"Wrong: the outputs do not echo \['name'\]"):
        type("Wrong", (Resource,), {"__orig_bases__": (Resource[Asked, Forgetful],)})


def test_outputs_that_nobody_sets_are_refused() -> None:
    with pytest.raises(TypeError, match=r"Wrong: \['id'\] are outputs, but not marked Computed"):
        type("Wrong", (Resource,), {"__orig_bases__": (Resource[Asked, Unmarked],)})


def test_inputs_that_only_the_cloud_sets_are_refused() -> None:
    with pytest.raises(TypeError, match=r"Wrong: only the cloud sets \['id'\], they cannot be inputs"):
        type("Wrong", (Resource,), {"__orig_bases__": (Resource[Upside, Down],)})


def test_a_resource_knows_its_two_models_and_its_title() -> None:
    assert (Thing.inputs, Thing.outputs, Thing.title()) == (ThingInputs, ThingOutputs, "Thing")
    assert isinstance(Thing(Cloud(["Running"])), Startable)


def test_the_three_resources_are_found_in_the_order_of_their_tokens() -> None:
    assert list(registry()) == ["modelarts:Image", "modelarts:VisualizationJob", "pai:Tensorboard"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.token)
def test_the_example_of_a_resource_checks_clean_also_after_its_change(kind: type[Resource[Any, Any]]) -> None:
    assert check(kind.inputs, kind.example) == []
    assert check(kind.inputs, kind.example | kind.change) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.token)
def test_the_change_of_a_resource_is_made_in_place(kind: type[Resource[Any, Any]]) -> None:
    changes = diff(kind.input_policies(), kind.example, kind.example | kind.change)
    assert {change.property for change in changes} == set(kind.change)
    assert not any(change.replace for change in changes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.token)
def test_the_id_of_a_resource_is_an_output_that_never_changes(kind: type[Resource[Any, Any]]) -> None:
    assert kind.output_policies()[kind.id_output].mark(Computed) == Computed(stable=True)


def test_only_the_deletion_of_content_destroys_what_others_may_need() -> None:
    virtual = {
        (kind.token, name): mark.destructive
        for kind in KINDS
        for name, policy in kind.input_policies().items()
        if (mark := policy.mark(Virtual))
    }
    assert virtual == {
        ("modelarts:Image", "deleteSwrContent"): True,
        ("modelarts:VisualizationJob", "desiredStatus"): False,
        ("pai:Tensorboard", "desiredStatus"): False,
    }


IN_PLACE = {
    "pai:Tensorboard": {"maxRunningTimeMinutes", "accessibility", "priority", "desiredStatus"},
    "modelarts:VisualizationJob": {"jobDesc", "desiredStatus"},
    "modelarts:Image": {"deleteSwrContent"},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.token)
def test_what_the_vendor_lets_one_change_changes_in_place_and_nothing_else(kind: type[Resource[Any, Any]]) -> None:
    in_place = {name for name, policy in kind.input_policies().items() if Replace not in policy}
    assert in_place == IN_PLACE[kind.token]
