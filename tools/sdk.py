"""Generate the SDKs from schema.json, the same bytes whichever way. Knows where Pulumi's generators come from; knows no
resource.

Run as `.venv/bin/python -m tools.sdk` from the root of the checkout. The ways, in this order:

1. hosts: `pulumi package gen-sdk`, where the CLI is of the pinned version and has the hosts of all languages;
2. program: tools/gensdk, built from the modules that tools/go.mod pins, and kept in the engine's cache.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.build import OLDEST_GO, BuildError, GoTool, find_go
from tools.engine import CLI, ask_version, dotted, only_one, parse_version, surroundings
from tools.progress import Progress

__all__ = ["LANGUAGES", "generate", "host_cli", "made", "read", "through_hosts"]

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("go", "nodejs", "python")
HOSTS = tuple(f"pulumi-language-{language}" for language in LANGUAGES)
GENERATOR = "./gensdk"
GENERATOR_MODULE = "github.com/pulumi/pulumi/pkg/v3"


def pinned_version(modules: Path) -> tuple[int, int, int]:
    """Return the version of the generators that go.mod pins."""
    lines = (modules / "go.mod").read_text("utf-8").splitlines()
    pin = next(line.split()[-1] for line in lines if f"{GENERATOR_MODULE} v" in line)
    version = parse_version(pin)
    assert version is not None
    return version


def host_cli(path: str, modules: Path) -> Path | None:
    """Return the CLI on `path` that generates as the program does: with all hosts, and of the same version."""
    cli = shutil.which(CLI, path=path)
    if cli is None:
        return None
    # The CLI finds its hosts on PATH or in the folder that its own links lead to.
    search = os.pathsep.join([path, str(Path(cli).resolve().parent)])
    if not all(shutil.which(host, path=search) for host in HOSTS):
        return None
    return Path(cli) if ask_version(Path(cli)) == pinned_version(modules) else None


def through_hosts(cli: Path, schema: Path, folder: Path) -> None:
    """Fill `folder` with an SDK for each language, by way of the language hosts."""
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    for language in LANGUAGES:
        command: list[str | Path] = [cli, "package", "gen-sdk", schema, "--language", language, "--out", folder]
        subprocess.run(command, env=env, check=True, capture_output=True, text=True)


def through_program(program: Path, schema: Path, folder: Path) -> None:
    """Fill `folder` with an SDK for each language, by way of the program."""
    subprocess.run([program, schema, folder], check=True, capture_output=True, text=True)


def built_program(go: Path, modules: Path, cache: Path, progress: Progress) -> Path:
    """Return the generator, building it if it is not in the cache yet."""
    parts = [modules / "go.sum", *sorted((modules / GENERATOR).glob("*.go"))]
    kind = f"{platform.system()} {platform.machine()}".encode()
    key = hashlib.sha256(b"".join(part.read_bytes() for part in parts) + kind).hexdigest()[:16]
    folder = cache / f"gensdk-{key}"
    with only_one(folder, progress):
        if not folder.exists():
            half = folder.with_suffix(".building")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            tool = GoTool(go, modules, progress)
            version = tool.fact("{{.Version}}", GENERATOR_MODULE)
            tool.compile((GENERATOR,), version, tool.count_packages((GENERATOR,)), half)
            half.rename(folder)
    return folder / Path(GENERATOR).name


def generate(schema: Path, folder: Path, progress: Progress) -> str:
    """Fill `folder` with an SDK for each language, and return the way that was taken."""
    place = surroundings(ROOT)
    cli = host_cli(place.path, place.modules)
    if cli is not None:
        through_hosts(cli, schema, folder)
        return f"by the language hosts of {cli}"
    go = find_go(place.path)
    if go is None:
        pin = dotted(pinned_version(place.modules))
        raise BuildError(
            f"needs Go {dotted(OLDEST_GO)} or newer, or `pulumi` {pin} with all its language hosts, on PATH"
        )
    through_program(built_program(go, place.modules, place.cache, progress), schema, folder)
    return "by the generators pinned in tools/go.mod"


def read(folder: Path) -> dict[str, bytes]:
    """Return the files of an SDK in the checkout by their paths, without what builds have left: git ignores that."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."]
    done = subprocess.run(listing, cwd=folder, capture_output=True, text=True, check=True)
    names = sorted(name for name in done.stdout.split("\0") if name and (folder / name).is_file())
    return {name: (folder / name).read_bytes() for name in names}


def made(folder: Path) -> dict[str, bytes]:
    """Return the files of an SDK that has just been generated, by their paths."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def replace(kept: Path, new: dict[str, bytes]) -> bool:
    """Let `kept` hold these files and no other ones; tell whether that changed anything."""
    old = read(kept) if kept.exists() else {}
    for name in old.keys() - new.keys():
        (kept / name).unlink()
    for name, content in new.items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(content)
    return old != new


def main() -> int:
    try:
        with tempfile.TemporaryDirectory() as folder, Progress(sys.stderr) as progress:
            way = generate(ROOT / "schema.json", Path(folder), progress)
            changed = {name: replace(ROOT / "sdk" / name, made(Path(folder) / name)) for name in LANGUAGES}
    except BuildError as error:
        print(f"sdk/ is unchanged: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"sdk/ is unchanged: {error}\n{error.stderr}", file=sys.stderr)
        return 1
    for name, written in changed.items():
        print(f"{'written' if written else 'fresh'}  sdk/{name}", file=sys.stderr)
    print(f"Generated {way}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
