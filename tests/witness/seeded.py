"""Seed faults blindly into a copy of the emulator and of the client, and see whether a witness notices. Judges none.

`python -m tests.witness.seeded [--faults 10] [--seed 1]` prints a table. What survives is for a person to look at: a
fault may be in what no page decides, or change nothing.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EMULATOR = "emulator/mlworkbench_emulator"
CLIENT = "provider/mlworkbench"
# What goes over the line, and what decides it; not how the emulator is run, nor how a resource lives. A place is
# chosen first, so that each gets its share however much is in it.
PLACES = {
    "emulator": [
        f"{EMULATOR}/{name}" for name in ("pai", "modelarts", "signing", "iam.py", "tokens.py", "exchange.py")
    ],
    "client": [
        *(f"{CLIENT}/{name}" for name in ("api", "resources", "hosts")),
        *(
            f"{CLIENT}/wire/{name}.py"
            for name in ("client", "credentials", "errors", "gate", "operation", "retry", "signing", "tokens")
        ),
    ],
}
# What is shown to users, and never sent.
EXAMPLES = ("example", "change")
# What each comparison becomes: its opposite.
OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
LONGEST_SEEN = 70
# A fault may make a test wait for what never comes.
PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Fault:
    """One stretch of a file, in bytes from its beginning, and what stands there instead."""

    path: str
    line: int
    start: int
    end: int
    text: str

    def seeded(self, source: str) -> str:
        """Return the source of the file with the fault in it."""
        raw = source.encode()
        return (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()

    def told(self, source: str) -> str:
        """Say what becomes of what."""
        was = _short(source.encode()[self.start : self.end].decode())
        where = self.path.rpartition("mlworkbench")[2].partition("/")[2]
        return f"`{where}:{self.line}` | `{was}` → `{_short(self.text)}`"


def _short(code: str) -> str:
    told = " ".join(code.split()).replace("|", "¦")
    return told if len(told) <= LONGEST_SEEN else f"{told[:LONGEST_SEEN]}…"


def faults_of(root: Path, path: Path) -> Iterator[Fault]:
    """Yield every fault that one file can have.

    Another text, number or truth; the opposite of a comparison; the first part alone of what is joined by `and` or
    `or`; a condition of a refusal that never holds.
    """
    source = path.read_bytes()
    tree = ast.parse(source)
    begins = list(itertools.accumulate((len(line) for line in source.splitlines(keepends=True)), initial=0))
    spared = set(_spared(tree))
    for node in ast.walk(tree):
        for place, text in _others(node):
            if id(place) in spared or place.end_lineno is None or place.end_col_offset is None:
                continue
            start = begins[place.lineno - 1] + place.col_offset
            end = begins[place.end_lineno - 1] + place.end_col_offset
            yield Fault(str(path.relative_to(root)), place.lineno, start, end, text)


def _others(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Yield expressions in a node, or the node itself, with what may stand there instead."""
    if isinstance(node, ast.If) and _refuses(node):
        yield node.test, "False"
    if isinstance(node, ast.BoolOp):
        yield node, f"({ast.unparse(node.values[0])})"
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPPOSITES:
        sign = OPPOSITES[type(node.ops[0])]
        yield node, f"(({ast.unparse(node.left)}) {sign} ({ast.unparse(node.comparators[0])}))"
    if isinstance(node, ast.Constant) and (text := _other(node.value)) is not None:
        yield node, text


def _refuses(node: ast.If) -> bool:
    """Tell whether a condition leads to a refusal, and to nothing else."""
    return not node.orelse and isinstance(node.body[-1], ast.Raise)


def _other(value: object) -> str | None:
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    # Sentences are for people: no page says how they go.
    if isinstance(value, str) and value and " " not in value:
        return repr(f"{value}x")
    return None


def _spared(tree: ast.Module) -> Iterator[int]:
    """Yield what is not to be changed: what the parser cannot place, what is no behaviour, what breaks on import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.arguments) or _names_exports(node) or _names_itself(node):
            yield from (id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (id(inner) for decorator in node.decorator_list for inner in ast.walk(decorator))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.AnnAssign):
            told = node if isinstance(node.target, ast.Name) and node.target.id in EXAMPLES else node.annotation
            yield from (id(inner) for inner in ast.walk(told))


def _names_exports(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets
    )


def _names_itself(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("TypeVar", "ContextVar")


def chosen(root: Path, side: str, count: int, chance: random.Random) -> list[Fault]:
    """Choose faults: first a place, then a file, so that a long one does not get them all, then a fault of it."""
    by_place = [
        [faults for file in _files(root / place) if (faults := list(faults_of(root, file)))] for place in PLACES[side]
    ]
    found: list[Fault] = []
    while len(found) < count:
        fault = chance.choice(chance.choice(chance.choice(by_place)))
        found += [fault] if fault not in found else []
    return found


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def first_failure(copy: Path) -> str:
    """Run the witnesses on a copy; returns the first that fails, or nothing."""
    paths = os.pathsep.join(str(copy / name) for name in ("provider", "emulator"))
    command = [sys.executable, "-m", "pytest", "tests/witness", "-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "a test that never ends"
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split("::")[-1].split(" - ")[0] if failed else "it cannot even be imported"


def noticed(copy: Path, side: str, fault: Fault) -> bool:
    """Seed one fault, run the witnesses, print what came of it, and take it out again."""
    sound = (copy / fault.path).read_text()
    (copy / fault.path).write_text(fault.seeded(sound))
    witness = first_failure(copy)
    (copy / fault.path).write_text(sound)
    print(f"| {side} | {fault.told(sound)} | {witness or '**nobody**'} |", flush=True)
    return bool(witness)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=10, help="how many on each side")
    parser.add_argument("--seed", type=int, default=1, help="another number, other faults")
    told = parser.parse_args()
    chance = random.Random(told.seed)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("provider", "emulator", "tests", "pyproject.toml"):
            source = ROOT / name
            shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy / name)
        if failure := first_failure(copy):
            print(f"{failure} fails without any fault", file=sys.stderr)
            return 1
        print("| side | where | what | noticed by |\n|---|---|---|---|", flush=True)
        faults = [(side, fault) for side in PLACES for fault in chosen(copy, side, told.faults, chance)]
        count = sum(noticed(copy, side, fault) for side, fault in faults)
    print(f"\n{count} of {len(faults)} noticed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
