"""Run many random programs on all processors and tell what they find. Knows batches and processes; no law."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from .random_programs import run
from .world import opened

__all__ = ["main"]

BATCH = 200
_MOST_SEEDS = 1_000_000


@dataclass(frozen=True)
class Batch:
    """What came of one batch. `failure` is the smallest program that broke a law, and which."""

    seed: int
    tally: Counter[str]
    failure: str = ""


def tried(seed: int, programs: int) -> Batch:
    """Run one batch in a world of its own."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as world:
        try:
            run(world, programs, seed)
        # Whatever a program breaks is told, and the other batches go on.
        except Exception:
            return Batch(seed, world.tally, traceback.format_exc())
        return Batch(seed, world.tally)


def batches(programs: int, first_seed: int, processes: int) -> Iterator[Batch]:
    """Run all batches, each as soon as a processor is free."""
    sizes = [min(BATCH, programs - done) for done in range(0, programs, BATCH)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        coming = [pool.submit(tried, first_seed + place, size) for place, size in enumerate(sizes)]
        for batch in as_completed(coming):
            yield batch.result()


def main(arguments: list[str]) -> int:
    """Run, tell, and answer 1 if a law was broken."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--programs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(_MOST_SEEDS), help="of the first batch")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    print(f"{asked.programs} programs on {asked.processes} processors, --seed {asked.seed}", flush=True)
    began, tally, broken = time.monotonic(), Counter[str](), 0
    for batch in batches(asked.programs, asked.seed, asked.processes):
        tally += batch.tally
        broken += bool(batch.failure)
        seconds = time.monotonic() - began
        print(f"{tally['program']:6} programs, {seconds:5.0f} s, batch --seed {batch.seed}", flush=True)
        if batch.failure:
            print(f"{batch.failure}\n--programs {BATCH} --seed {batch.seed} runs it again\n", flush=True)
    for what, times in sorted(tally.items()):
        print(f"{times:8} {what}")
    print(f"{broken} of the batches broke a law" if broken else "no law was broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
