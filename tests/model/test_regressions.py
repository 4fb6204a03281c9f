"""Laws that random programs have found broken, each as the smallest program that breaks it."""

from __future__ import annotations

from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.outcomes import Outcome

from .account import Account
from .engine import Stack
from .facts import KIND
from .programs import IMAGE, JOB, TENSORBOARD, Declared, Slot
from .trouble import Trouble
from .world import World

WORKSPACE = "0123456789abcdef" * 2
PATH = "swr.cn-north-4.myhuaweicloud.com/team/pytorch:2"


def one(world: World, token: str, **inputs: object) -> tuple[Account, Stack]:
    """Return an account with one stack, whose program has one resource."""
    stack = Stack("one", {Slot(token, "a"): Declared(dict(inputs))})
    return Account(world, stack), stack


def test_an_image_of_another_workspace_is_found_after_a_lost_answer(world: World) -> None:
    account, stack = one(world, IMAGE, swrPath=PATH, workspaceId=WORKSPACE)
    lost = Fault("RegisterImage", drop_connection=True, after_commit=True)
    assert not account.up(stack, Trouble(faults=(lost,))).failed


def test_the_holder_of_a_path_is_told_in_another_workspace_too(world: World) -> None:
    account, stack = one(world, IMAGE, swrPath=PATH, workspaceId=WORKSPACE)
    account.up(stack)
    rival = Stack("two", {Slot(IMAGE, "a"): Declared({"swrPath": PATH, "workspaceId": WORKSPACE})})
    account.stacks = (stack, rival)
    refused = account.up(rival)
    assert refused.failed
    assert account.is_held(rival, refused.said), refused.said


def test_the_holder_of_a_path_is_told_if_it_is_in_the_default_workspace(world: World) -> None:
    account, stack = one(world, IMAGE, swrPath=PATH)
    account.up(stack)
    rival = Stack("two", {Slot(IMAGE, "a"): Declared({"swrPath": PATH, "workspaceId": WORKSPACE})})
    account.stacks = (stack, rival)
    refused = account.up(rival)
    assert refused.failed
    assert account.is_held(rival, refused.said), refused.said


def test_a_deletion_that_fails_a_second_time_is_told_at_once(world: World) -> None:
    account, stack = one(world, JOB, trainUrl="/logs/")
    account.up(stack)
    job = stack.entries[0].id
    world.emulator.resources.change(KIND[JOB], job, {"status": 11})
    refused = account.destroy(stack, Trouble(endings=(Outcome("DeleteVisualizationJob", 6),)))
    assert refused.failed
    assert "was not deleted" in refused.said[0]


def test_a_change_that_did_not_reach_the_cloud_is_made_by_the_next_up(world: World) -> None:
    account, stack = one(world, TENSORBOARD, displayName="curves", maxRunningTimeMinutes=240)
    account.up(stack)
    stack.program[Slot(TENSORBOARD, "a")] = Declared({"displayName": "curves", "maxRunningTimeMinutes": 60})
    lost = Fault("UpdateTensorboard", drop_connection=True, times=9)
    assert account.up(stack, Trouble(faults=(lost,))).failed
    assert not account.up(stack).failed


def test_a_property_that_was_taken_out_is_cleared_by_the_next_up_if_it_was_not_at_once(world: World) -> None:
    account, stack = one(world, JOB, trainUrl="/logs/", jobDesc="about it")
    account.up(stack)
    stack.program[Slot(JOB, "a")] = Declared({"trainUrl": "/logs/"})
    lost = Fault("UpdateVisualizationJob", drop_connection=True, times=9)
    assert account.up(stack, Trouble(faults=(lost,))).failed
    assert not account.up(stack).failed


def test_a_job_that_has_completed_and_shall_run_is_replaced(world: World) -> None:
    account, stack = one(world, JOB, trainUrl="/logs/", desiredStatus="Running")
    account.up(stack)
    world.emulator.resources.change(KIND[JOB], stack.entries[0].id, {"status": 10})
    assert not account.up(stack, refresh=True).failed


def test_a_job_that_has_completed_can_be_asked_to_run_later(world: World) -> None:
    account, stack = one(world, JOB, trainUrl="/logs/")
    account.up(stack)
    world.emulator.resources.change(KIND[JOB], stack.entries[0].id, {"status": 10})
    assert not account.up(stack, refresh=True).failed
    stack.program[Slot(JOB, "a")] = Declared({"trainUrl": "/logs/", "desiredStatus": "Running"})
    refused = account.up(stack)
    assert refused.failed
    assert "it will be replaced" in refused.said[0]
    assert not account.up(stack).failed


def test_a_tensorboard_of_the_same_name_that_shows_something_else_stands_in_nobodys_way(world: World) -> None:
    account, stack = one(world, TENSORBOARD, displayName="curves", jobId="dlc-1")
    account.up(stack)
    rival = Stack("two", {Slot(TENSORBOARD, "a"): Declared({"displayName": "curves"})})
    account.stacks = (stack, rival)
    assert not account.up(rival).failed
