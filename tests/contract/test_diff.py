"""Laws of diff and preview: exactly what was changed, exactly as declared, without a call."""

from __future__ import annotations

from mlworkbench.model.policy import Computed, Replace, ServerDefault, Unique, Unordered, policies
from mlworkbench.model.values import UNKNOWN, render
from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator

from .cases import Kind, changes, variants
from .hosts import Existing, Host


def test_no_change_is_no_difference(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        seen = host.diff(kind.token, Existing("id", inputs, inputs), inputs)
        assert seen.properties == frozenset()
        assert not seen.paths
        assert not seen.replaces


def test_every_changed_leaf_is_named_and_updates_or_replaces_as_declared(host: Host, kind: Kind) -> None:
    for change in changes(kind):
        top = policies(kind.inputs)[str(change.path[0])]
        seen = host.diff(kind.token, Existing("id", change.before, change.before), change.after)
        assert seen.replaces == ({top.name} if Replace in top else set()), change.path
        if seen.paths is not None:
            if Unordered in top:
                # A set has no places: what is gone is named by its old one, what has come by its new one.
                assert set(seen.paths) <= {f"{top.name}[{index}]" for index in range(9)}
                assert sorted(seen.paths.values()) in (["add", "delete"], ["update"])
            else:
                assert dict(seen.paths) == {render(change.path): "update"}


def test_an_unknown_value_is_a_change(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        for name in inputs:
            seen = host.diff(kind.token, Existing("id", inputs, inputs), {**inputs, name: UNKNOWN})
            assert seen.properties
            assert seen.replaces == ({name} if Replace in policies(kind.inputs)[name] else set())


def test_what_is_left_out_again_is_a_change_unless_the_cloud_decides(host: Host, kind: Kind) -> None:
    for inputs in variants(kind):
        for name in inputs:
            policy = policies(kind.inputs)[name]
            rest = {key: value for key, value in inputs.items() if key != name}
            seen = host.diff(kind.token, Existing("id", inputs, inputs), rest)
            assert bool(seen.properties) == (ServerDefault not in policy), name
            if seen.paths is not None and seen.paths:
                assert dict(seen.paths) == {name: "delete"}


def test_a_unique_value_that_stays_is_deleted_before_it_is_replaced(host: Host, kind: Kind) -> None:
    unique = {name for name, policy in policies(kind.inputs).items() if Unique in policy}
    for change in changes(kind):
        seen = host.diff(kind.token, Existing("id", change.before, change.before), change.after)
        stays = bool(unique) and change.path[0] not in unique
        assert seen.delete_before_replace == (bool(seen.replaces) and stays), change.path


def test_stable_outputs_are_named_for_an_update_and_not_for_a_replacement(host: Host, kind: Kind) -> None:
    stable = {name for name, each in policies(kind.outputs).items() if (mark := each.mark(Computed)) and mark.stable}
    for change in changes(kind):
        seen = host.diff(kind.token, Existing("id", change.before, change.before), change.after)
        assert (stable <= seen.stables) == (not seen.replaces)


def test_what_has_failed_is_to_be_replaced_even_if_it_shall_not_run(host: Host, kind: Kind) -> None:
    for status in sorted(kind.states.failed):
        failed = Existing("id", {**kind.example, "status": status}, kind.example)
        assert host.diff(kind.token, failed, kind.example).replaces == {"status"}
        if "desiredStatus" in policies(kind.inputs):
            stopped = {**kind.example, "desiredStatus": "stopped"}
            seen = host.diff(kind.token, Existing("id", {**stopped, "status": status}, stopped), stopped)
            assert seen.replaces == {"status"}


def test_what_has_run_to_its_end_is_to_be_replaced_only_if_it_shall_run(host: Host) -> None:
    token = "modelarts:VisualizationJob"
    for wish, replaces in (("Running", {"status"}), ("Stopped", set())):
        inputs = {**registry()[token].example, "desiredStatus": wish}
        ended = Existing("id", {**inputs, "status": "COMPLETED"}, inputs)
        assert host.diff(token, ended, inputs).replaces == replaces


def test_what_was_last_seen_on_its_way_is_updated_which_waits_for_its_end(host: Host, kind: Kind) -> None:
    for status in sorted(kind.states.busy):
        seen = host.diff(kind.token, Existing("id", {**kind.example, "status": status}, kind.example), kind.example)
        assert seen.properties
        assert not seen.replaces


def test_an_empty_value_is_left_to_the_cloud(host: Host, kind: Kind) -> None:
    for name, policy in policies(kind.inputs).items():
        if ServerDefault in policy:
            live = {**kind.example, name: "chosen by the cloud"}
            assert not host.diff(kind.token, Existing("id", live, live), {**kind.example, name: ""}).properties, name


def test_a_preview_calls_nobody_and_knows_what_cannot_change(host: Host, kind: Kind, emulator: Emulator) -> None:
    spec = policies(kind.outputs)
    computed = {name: mark for name, each in spec.items() if (mark := each.mark(Computed))}
    state = {**kind.example, **{name: f"old {name}" for name in computed}}
    created = host.preview(kind.token, kind.example)
    updated = host.preview(kind.token, {**kind.example, **kind.change}, Existing("id", state, kind.example))
    assert emulator.journal.operations() == []
    if created is None or updated is None:
        return
    assert all(created[name] is UNKNOWN for name in computed)
    assert {name: created[name] for name in kind.example} == kind.example
    assert all(updated[name] == (state[name] if mark.stable else UNKNOWN) for name, mark in computed.items())
    assert {name: updated[name] for name in kind.change} == kind.change


def test_a_preview_passes_unknown_inputs_on(host: Host, kind: Kind) -> None:
    for name in kind.example:
        outputs = host.preview(kind.token, {**kind.example, name: UNKNOWN})
        assert outputs is None or outputs[name] is UNKNOWN
