"""Laws of strain: large messages and many operations at a time. Know no resource."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

from google.protobuf.empty_pb2 import Empty

from ..hooks import staged
from ..in_flight import wait_until_in_flight
from ..law import Scope, broken, chapter, require, skip
from ..plugin import Refused
from ..stage import cancel
from ..subject import Existing, Subject
from ..values import decode, plain
from .failing import InitFailed

law = chapter("Strain", Scope.RESOURCE)

LARGE_BYTES = 50 * 1024 * 1024
PROMPT_SECONDS = 2.0


@law(
    "provider_plugin.go: messages of up to 400 MiB; gRPC's own limit is 4 MiB",
    "Set the server's limits for received and sent messages to 400 MiB.",
)
def large_messages_are_taken_and_sent(subject: Subject) -> None:
    """Inputs of 50 MB are checked, and what is wrong with them is told as a failure."""
    example = subject.example()
    name = next((name for name, value in example.items() if isinstance(value, str)), None)
    if name is None:
        skip("the example has no text that could be long")
    try:
        checked = subject.check({**example, name: "x" * LARGE_BYTES})
    except Refused as refusal:
        broken(f"{str(refusal)[:300]}")
        return
    came = plain(checked.inputs.get(name))
    whole = checked.failures or (isinstance(came, str) and len(came) == LARGE_BYTES)
    require(whole, f"{name} of 50 MB came back otherwise")


@law(
    "engine: --parallel runs operations at the same time on one plugin",
    "Keep no state of an operation in the plugin; give every operation what it needs.",
)
def operations_at_the_same_time_do_not_mix(subject: Subject) -> None:
    """Many checks, diffs and previews at a time are each answered with what belongs to them."""
    existing = subject.standing()
    changes = [change for change in subject.resource.changes if not change.replaces] or list(subject.resource.changes)
    example = subject.example()
    news = subject.changed(existing, changes[0].set) if changes else existing.inputs
    expected = subject.check(example).inputs
    foretold = subject.foretell(expected)
    changing, staying = subject.diff(existing, news), subject.diff(existing, existing.inputs)

    def work(number: int) -> None:
        if number % 3 == 0:
            inputs = subject.check(example).inputs
            require(plain(inputs) == plain(expected), "a check was answered with another's inputs")
        elif number % 3 == 1:
            wanted, inputs = (changing, news) if number % 2 else (staying, existing.inputs)
            answer = subject.diff(existing, inputs)
            require(list(answer.diffs) == list(wanted.diffs), "a diff was answered with another's changes")
        else:
            outputs = subject.foretell(expected)
            require(plain(outputs) == plain(foretold), "a preview was answered with another's outputs")

    with ThreadPoolExecutor(subject.stage.spec.in_flight) as pool:
        for done in [pool.submit(work, number) for number in range(subject.stage.spec.in_flight)]:
            done.result()


@law(
    "engine: operations run at the same time on one plugin, and some take minutes",
    "Do not let what waits block the rest: use async waiting, or more threads than operations.",
)
def what_waits_blocks_nothing(subject: Subject) -> None:
    """With 64 creations in flight, other questions are answered within two seconds, and Cancel ends them all."""
    scene = subject.resource.slow
    if scene is None:
        skip("the spec has no scene in which a creation takes long ('slow')")
    count = subject.stage.spec.in_flight
    examples = [subject.check(subject.example()).inputs for _ in range(count)]
    with subject.stage.another() as plugin, staged(scene, subject.stage.variables):
        subject.stage.introduce(plugin)
        mine = subject.through(plugin)
        with ThreadPoolExecutor(count) as pool:
            creating = [pool.submit(mine.create, inputs) for inputs in examples]
            wait_until_in_flight(subject)
            began = time.monotonic()
            try:
                plugin.call("GetPluginInfo", Empty(), PROMPT_SECONDS)
                mine.check(subject.example())
                seconds = time.monotonic() - began
                over = [future for future in creating if future.done()]
            finally:
                cancel(plugin)
            kept = [_kept(future) for future in creating]
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(subject.clear, [each for each in kept if each is not None]))
    require(seconds <= PROMPT_SECONDS, f"with {count} creations in flight, an answer took {seconds:.1f} s")
    require(not over, f"{len(over)} of {count} creations were refused or over before Cancel: {_first(over)}")
    lost = [future for future in creating if not _accounted(future)]
    require(not lost, f"{len(lost)} of {count} creations in flight were lost at Cancel: {_first(lost)}")
    there = [each.id for each in kept if each is not None]
    require(there, f"none of {count} creations in flight was kept at Cancel: {_first(creating)}")
    require(len(set(there)) == len(there), f"{len(there)} creations gave {len(set(there))} ids")


def _kept(future: Future[Existing]) -> Existing | None:
    try:
        return future.result()
    except Refused as refusal:
        detail = refusal.detail(InitFailed)
    return Existing(detail.id, decode(detail.inputs), decode(detail.properties)) if detail else None


def _accounted(future: Future[Existing]) -> bool:
    """Tell whether a creation says what it left: something, or nothing because Cancel came before its turn."""
    refusal = future.exception()
    vague = isinstance(refusal, Refused) and refusal.code.name in ("UNKNOWN", "INTERNAL", "DATA_LOSS")
    return not vague or _kept(future) is not None


def _first(futures: list[Future[Existing]]) -> str:
    return str(futures[0].exception())[:200] if futures else ""


LAWS = (
    large_messages_are_taken_and_sent,
    operations_at_the_same_time_do_not_mix,
    what_waits_blocks_nothing,
)
