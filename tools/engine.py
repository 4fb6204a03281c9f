"""Provide the Pulumi engine to this checkout's virtual environment. Knows where an engine can come from; knows
nothing of the provider that it will run.

Run as `.venv/bin/python -m tools.engine` from the root of the checkout. The places, in this order:

1. PATH: what the user has installed;
2. built: the modules pinned in tools/go.mod, kept in a cache outside of the checkout;
3. installed: Pulumi's own installer, into the same cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.build import OLDEST_GO, BuildError, build, find_go
from tools.progress import Progress

# What the tests and examples run: the CLI, the host of YAML programs, the host of Python's dynamic providers.
CLI = "pulumi"
COMPANIONS = ("pulumi-language-yaml", "pulumi-resource-pulumi-python")
PROGRAMS = (CLI, *COMPANIONS)

# The CLI and the SDK are released together, and pyproject.toml takes no older SDK than this.
OLDEST_CLI = (3, 200, 0)

PROMISED_TIME = "about 5 minutes and 4 GB of disk the first time, seconds afterwards"


@dataclass(frozen=True)
class Place:
    """Where to look and where to put things."""

    path: str  # PATH without the folder that the links go to
    cache: Path
    modules: Path
    bin: Path


@dataclass(frozen=True)
class Engine:
    """Programs that are there and that run."""

    origin: str
    version: str
    programs: tuple[Path, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a route leads to no engine."""

    route: str
    reason: str


Installer = Callable[[Path], None]
Route = Callable[[], Engine | Refusal]


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Read what `pulumi version` prints: v3.259.0, 3.200.0-dev.1, …"""
    parts = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    return (int(parts[1]), int(parts[2]), int(parts[3])) if parts else None


def dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def ask_version(cli: Path) -> tuple[int, int, int] | None:
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    answer = subprocess.run([cli, "version"], env=env, capture_output=True, text=True, check=False)
    return parse_version(answer.stdout) if answer.returncode == 0 else None


def on_path(path: str) -> Engine | Refusal:
    """Take the user's own engine, if it is complete and new enough."""
    cli = shutil.which(CLI, path=path)
    if cli is None:
        return Refusal("on PATH", "there is no `pulumi`")
    version = ask_version(Path(cli))
    if version is None:
        return Refusal("on PATH", f"{cli} does not tell its version")
    if version < OLDEST_CLI:
        return Refusal("on PATH", f"{cli} is {dotted(version)}, older than {dotted(OLDEST_CLI)}")
    # The CLI finds its companions on PATH or in the folder that its own links lead to.
    search = os.pathsep.join([str(Path(cli).parent), str(Path(cli).resolve().parent), path])
    companions = {name: shutil.which(name, path=search) for name in COMPANIONS}
    if missing := [name for name, found in companions.items() if found is None]:
        return Refusal("on PATH", f"{cli} comes without {' and '.join(missing)}")
    found = tuple(Path(program) for program in (cli, *companions.values()) if program)
    return Engine("from PATH", dotted(version), found)


def cache_key(modules: Path) -> str:
    """Name an engine by its pins and the kind of machine that it runs on."""
    pins = (modules / "go.sum").read_bytes()
    return hashlib.sha256(pins + f"{platform.system()} {platform.machine()}".encode()).hexdigest()[:16]


def built(place: Place, progress: Progress) -> Engine | Refusal:
    """Take the engine from the cache, building it first if it is not there."""
    folder = place.cache / f"engine-{cache_key(place.modules)}"
    if not folder.exists():
        go = find_go(place.path)
        if go is None:
            return Refusal("built from its modules", f"there is no `go` of version {dotted(OLDEST_GO)} or newer")
        try:
            build_into(folder, go, place.modules, progress)
        except BuildError as error:
            return Refusal("built from its modules", str(error))
    return inspect("built from its modules", folder)


def build_into(folder: Path, go: Path, modules: Path, progress: Progress) -> None:
    with only_one(folder, progress):
        if folder.exists():  # made by the one that we waited for
            return
        progress.say(f"Building the Pulumi engine with {go}: {PROMISED_TIME}.")
        half = folder.with_suffix(".building")
        shutil.rmtree(half, ignore_errors=True)  # of a build that was killed
        build(go, modules, half, progress)
        half.rename(folder)
        progress.say(f"Built the Pulumi engine in {progress.elapsed}, kept in {folder}.")


@contextmanager
def only_one(folder: Path, progress: Progress) -> Iterator[None]:
    """Let one process at a time make `folder`; the lock falls with its process."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        progress.doing("waiting for another set-up that makes the same engine")
        fcntl.flock(lock, fcntl.LOCK_EX)
        progress.doing("")
        yield


def installed(place: Place, installer: Installer, progress: Progress) -> Engine | Refusal:
    """Let Pulumi's own installer bring the engine."""
    folder = place.cache / "installed"
    try:
        with only_one(folder, progress):
            progress.doing("running Pulumi's installer")
            installer(folder)
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        return Refusal("brought by Pulumi's installer", str(error))
    return inspect("brought by Pulumi's installer", folder / "bin")


def run_installer(folder: Path) -> None:
    from pulumi.automation import PulumiCommand  # slow to import, and needed on this route alone

    PulumiCommand.install(root=str(folder))


def inspect(route: str, folder: Path) -> Engine | Refusal:
    programs = tuple(folder / name for name in PROGRAMS)
    if missing := [program.name for program in programs if not os.access(program, os.X_OK)]:
        return Refusal(route, f"{folder} lacks {' and '.join(missing)}; remove the folder")
    version = ask_version(programs[0])
    if version is None:
        return Refusal(route, f"{programs[0]} does not run; remove the folder")
    return Engine(route, dotted(version), programs)


def choose(routes: Sequence[Route]) -> Engine | tuple[Refusal, ...]:
    """Take the first engine; without any, say why there is none."""
    refusals: list[Refusal] = []
    for route in routes:
        answer = route()
        if isinstance(answer, Engine):
            return answer
        refusals.append(answer)
    return tuple(refusals)


def provide(place: Place, installer: Installer, progress: Progress) -> Engine | tuple[Refusal, ...]:
    return choose(
        [
            lambda: on_path(place.path),
            lambda: built(place, progress),
            lambda: installed(place, installer, progress),
        ]
    )


def link(engine: Engine, folder: Path) -> None:
    """Put links to the programs into `folder`, each in one step: who runs one meanwhile finds the old or the new."""
    for program in engine.programs:
        fresh = folder / f".{program.name}.{os.getpid()}"
        fresh.symlink_to(program)
        fresh.replace(folder / program.name)


def advice(refusals: Sequence[Refusal]) -> str:
    """Tell what was tried and what would help."""
    tried = "\n".join(f"  {refusal.route}: {refusal.reason}" for refusal in refusals)
    return f"""There is no Pulumi engine to run programs with. Tried:
{tried}
Do one of these, then run `make setup` again:
  1. Install Pulumi {dotted(OLDEST_CLI)} or newer (https://www.pulumi.com/docs/install/) and have it on PATH.
  2. Install Go 1.26 or newer (https://go.dev/dl/): the engine is then built here; {PROMISED_TIME}.
  3. Let this machine reach https://get.pulumi.com: the official installer is then run for you."""


def surroundings(root: Path) -> Place:
    """Read the environment: the links go beside the Python that runs this."""
    bin_folder = Path(sys.executable).parent
    # An activated environment is on PATH itself; the links of an earlier set-up are no engine of the user's.
    entries = [entry for entry in os.get_exec_path() if entry and Path(entry).resolve() != bin_folder.resolve()]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Place(os.pathsep.join(entries), cache / "mlworkbench", root / "tools", bin_folder)


def main() -> int:
    place = surroundings(Path(__file__).resolve().parent.parent)
    try:
        with Progress(sys.stderr) as progress:
            answer = provide(place, run_installer, progress)
    except KeyboardInterrupt:
        print("Interrupted; nothing half-made is left in use.", file=sys.stderr)
        return 130
    if not isinstance(answer, Engine):
        print(advice(answer), file=sys.stderr)
        return 1
    link(answer, place.bin)
    print(f"Pulumi engine {answer.version}, {answer.origin}, linked into {place.bin}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
