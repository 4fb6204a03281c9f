"""Laws that random programs have found broken, each as the smallest program that breaks it."""

from __future__ import annotations

from mlworkbench_emulator.faults import Fault
from mlworkbench_emulator.outcomes import Outcome

from .account import Account
from .engine import Stack
from .facts import KIND
from .programs import IMAGE, JOB, Declared, Slot
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
