"""Seed faults blindly into a copy of the emulator and of the client, and see whether a witness notices. Judges none.

`python -m tests.witness.seeded [--faults 10] [--seed 1]` prints a table. What survives is for a person to look at: a
fault may be in what no page decides, or change nothing.
"""

from __future__ import annotations

import argparse
import ast
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
# What goes over the line, and what decides it; not how the emulator is run, nor how a resource lives.
PLACES = {
    "emulator": [
        f"{EMULATOR}/{name}" for name in ("pai", "modelarts", "signing", "iam.py", "tokens.py", "exchange.py")
    ],
    "client": [
        *(f"{CLIENT}/{name}" for name in ("api", "resources")),
        *(f"{CLIENT}/wire/{name}.py" for name in ("client", "operation", "signing", "tokens")),
    ],
}
# What is shown to users, and never sent.
EXAMPLES = ("example", "change")


@dataclass(frozen=True)
class Fault:
    """One stretch of one line of a file, and what stands there instead."""

    path: str
    line: int
    start: int
    end: int
    text: str

    def seeded(self, source: str) -> str:
        """Return the source of the file with the fault in it. Columns count bytes, as the parser does."""
        lines = source.splitlines(keepends=True)
        line = lines[self.line - 1].encode()
        lines[self.line - 1] = (line[: self.start] + self.text.encode() + line[self.end :]).decode()
        return "".join(lines)

    def told(self, source: str) -> str:
        """Say what becomes of what."""
        was = source.splitlines()[self.line - 1].encode()[self.start : self.end].decode()
        return f"`{self.path.rpartition('mlworkbench')[2].partition('/')[2]}:{self.line}` | `{was}` → `{self.text}`"


def faults_of(root: Path, path: Path) -> Iterator[Fault]:
    """Yield every fault that one file can have: another text, number or truth, the other way of a comparison."""
    tree = ast.parse(path.read_text())
    spared = set(_spared(tree))
    for node in ast.walk(tree):
        text = _other(node)
        if text is None or id(node) in spared or not isinstance(node, ast.expr) or node.lineno != node.end_lineno:
            continue
        yield Fault(str(path.relative_to(root)), node.lineno, node.col_offset, node.end_col_offset or 0, text)


def _other(node: ast.AST) -> str | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        sign = "!=" if isinstance(node.ops[0], ast.Eq) else "=="
        return f"(({ast.unparse(node.left)}) {sign} ({ast.unparse(node.comparators[0])}))"
    if not isinstance(node, ast.Constant):
        return None
    if isinstance(node.value, bool):
        return str(not node.value)
    if isinstance(node.value, int):
        return str(node.value + 1)
    # Sentences are for people: no page says how they go.
    if isinstance(node.value, str) and node.value and " " not in node.value:
        return repr(f"{node.value}x")
    return None


def _spared(tree: ast.Module) -> Iterator[int]:
    """Yield what is not to be changed: what the parser cannot place, what is no behaviour, what breaks on import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.arguments) or _names_exports(node):
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


def chosen(root: Path, side: str, count: int, chance: random.Random) -> list[Fault]:
    """Choose faults: first a file, so that a long one does not get them all, then a fault of it."""
    places = [root / place for place in PLACES[side]]
    files = sorted(file for place in places for file in ([place] if place.is_file() else place.rglob("*.py")))
    by_file = [faults for file in files if (faults := list(faults_of(root, file)))]
    found: list[Fault] = []
    while len(found) < count:
        fault = chance.choice(chance.choice(by_file))
        found += [fault] if fault not in found else []
    return found


def first_failure(copy: Path) -> str:
    """Run the witnesses on a copy; returns the first that fails, or nothing."""
    paths = os.pathsep.join(str(copy / name) for name in ("provider", "emulator"))
    command = [sys.executable, "-m", "pytest", "tests/witness", "-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=600, check=False)
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
