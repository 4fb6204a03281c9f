"""Laws of the choice of an engine. Programs are small scripts in folders of their own; nothing is built or fetched."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import (
    OLDEST_CLI,
    PROGRAMS,
    Engine,
    Place,
    Refusal,
    advice,
    cache_key,
    link,
    on_path,
    parse_version,
    provide,
)
from tools.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PATH = "/usr/bin:/bin"

# Answers as the go command does, writes programs where `build` is asked to, and keeps a line per build.
FAKE_GO = """#!/bin/sh
case "$1 $*" in
  version*) echo "go version go{version} linux/amd64" ;;
  build*)
    echo built >> "{log}"
    {build}
    while [ "$1" != -o ]; do shift; done
    for name in pulumi pulumi-language-yaml; do
      printf '#!/bin/sh\\necho v3.259.0\\n' > "$2$name"; chmod 755 "$2$name"
    done ;;
  *Version*) echo v3.259.0 ;;
  *Dir*) echo "{sdk}" ;;
  list*) echo "go: downloading one.example v1.0.0" >&2; echo fmt; echo strings ;;
esac
"""


def program(folder: Path, name: str, text: str = "#!/bin/sh\necho v3.259.0\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def no_installer(folder: Path) -> None:
    raise OSError("the network is unreachable")


def quiet() -> Progress:
    return Progress(io.StringIO())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "go.sum").write_text("one.example v1.0.0 h1:sum\n")
    links = tmp_path / "links"
    links.mkdir()
    return Place(f"{tmp_path / 'path'}:{SYSTEM_PATH}", tmp_path / "cache", modules, links)


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    return tmp_path / "builds.log"


@pytest.fixture
def make_go(tmp_path: Path, builds: Path) -> Callable[..., Path]:
    sdk = tmp_path / "sdk"
    program(sdk / "python" / "dist", "pulumi-resource-pulumi-python")

    def make(version: str = "1.26.8", build: str = "") -> Path:
        return program(tmp_path / "path", "go", FAKE_GO.format(version=version, sdk=sdk, log=builds, build=build))

    return make


def own_engine(tmp_path: Path, version: str = "v3.259.0") -> None:
    for name in PROGRAMS:
        program(tmp_path / "path", name, f"#!/bin/sh\necho {version}\n")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0\n", (3, 259, 0)),
        ("3.200.1", (3, 200, 1)),
        ("v3.201.0-dev.1+abc", (3, 201, 0)),
        ("3.200", None),
        ("", None),
        ("command not found", None),
    ],
)
def test_a_version_is_three_numbers_or_none(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


def test_a_complete_engine_on_path_is_taken(place: Place, tmp_path: Path, make_go: Callable[..., Path]) -> None:
    make_go()
    own_engine(tmp_path)
    answer = provide(place, no_installer, quiet())
    assert answer == Engine("from PATH", "3.259.0", tuple(tmp_path / "path" / name for name in PROGRAMS))
    assert not place.cache.exists()


def test_the_oldest_cli_is_taken_and_an_older_one_is_not(place: Place, tmp_path: Path) -> None:
    own_engine(tmp_path, "v{}.{}.{}".format(*OLDEST_CLI))
    assert isinstance(on_path(place.path), Engine)
    own_engine(tmp_path, "v3.199.9")
    answer = on_path(place.path)
    assert isinstance(answer, Refusal)
    assert "3.199.9" in answer.reason


def test_an_engine_without_its_companions_is_refused_and_they_are_named(place: Place, tmp_path: Path) -> None:
    program(tmp_path / "path", "pulumi")
    answer = on_path(place.path)
    assert isinstance(answer, Refusal)
    assert "pulumi-language-yaml and pulumi-resource-pulumi-python" in answer.reason


def test_companions_are_found_where_the_links_of_the_cli_lead(place: Place, tmp_path: Path) -> None:
    for name in PROGRAMS:
        program(tmp_path / "cellar", name)
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "pulumi").symlink_to(tmp_path / "cellar" / "pulumi")
    answer = on_path(place.path)
    assert isinstance(answer, Engine)
    assert answer.programs[1].parent == tmp_path / "cellar"


def test_a_cli_that_does_not_run_is_refused(place: Place, tmp_path: Path) -> None:
    own_engine(tmp_path)
    program(tmp_path / "path", "pulumi", "#!/bin/sh\nexit 3\n")
    assert isinstance(on_path(place.path), Refusal)


def test_without_an_engine_on_path_it_is_built_once(place: Place, make_go: Callable[..., Path], builds: Path) -> None:
    make_go()
    folder = place.cache / f"engine-{cache_key(place.modules)}"
    expected = Engine("built from its modules", "3.259.0", tuple(folder / name for name in PROGRAMS))
    assert provide(place, no_installer, quiet()) == expected
    assert provide(place, no_installer, quiet()) == expected
    assert builds.read_text() == "built\n"


def test_a_built_engine_serves_after_go_is_gone(place: Place, make_go: Callable[..., Path]) -> None:
    go = make_go()
    provide(place, no_installer, quiet())
    go.unlink()
    assert isinstance(provide(place, no_installer, quiet()), Engine)


def test_other_pins_are_another_engine(place: Place) -> None:
    before = cache_key(place.modules)
    assert cache_key(place.modules) == before
    (place.modules / "go.sum").write_text("one.example v1.0.1 h1:other\n")
    assert cache_key(place.modules) != before


def test_what_a_killed_build_left_is_not_taken(place: Place, make_go: Callable[..., Path], builds: Path) -> None:
    make_go()
    half = place.cache / f"engine-{cache_key(place.modules)}.building"
    program(half, "pulumi")
    program(half, "left-over")
    answer = provide(place, no_installer, quiet())
    assert isinstance(answer, Engine)
    assert builds.read_text() == "built\n"
    assert sorted(path.name for path in answer.programs[0].parent.iterdir()) == sorted(PROGRAMS)


def test_two_set_ups_at_once_build_one_engine(
    place: Place, tmp_path: Path, make_go: Callable[..., Path], builds: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)  # the build waits until something is written here
    make_go(build=f'read line < "{gate}"')
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(provide(place, no_installer, quiet()))) for _ in "ab"]
    for thread in threads:
        thread.start()
    with gate.open("r+b", buffering=0) as opened:
        opened.write(b"go on\n")
        for thread in threads:
            thread.join()
    assert answers[0] == answers[1]
    assert isinstance(answers[0], Engine)
    assert builds.read_text() == "built\n"


@pytest.mark.parametrize("version", ["1.20.14", "1.9"])
def test_a_go_too_old_is_no_go(place: Place, make_go: Callable[..., Path], version: str) -> None:
    make_go(version)
    answer = provide(place, no_installer, quiet())
    assert isinstance(answer, tuple)
    assert "1.21" in answer[1].reason


def test_a_failed_build_leaves_no_engine_and_tells_what_go_said(place: Place, make_go: Callable[..., Path]) -> None:
    make_go(build="echo 'no space left on device'; exit 1")
    answer = provide(place, no_installer, quiet())
    assert isinstance(answer, tuple)
    assert "no space left on device" in answer[1].reason
    assert not (place.cache / f"engine-{cache_key(place.modules)}").exists()


def test_without_go_the_official_installer_is_asked(place: Place) -> None:
    def installer(folder: Path) -> None:
        for name in PROGRAMS:
            program(folder / "bin", name, "#!/bin/sh\necho v3.272.0\n")

    answer = provide(place, installer, quiet())
    assert isinstance(answer, Engine)
    assert (answer.origin, answer.version) == ("brought by Pulumi's installer", "3.272.0")


@pytest.mark.parametrize("error", [OSError("unreachable"), subprocess.CalledProcessError(1, "install.sh")])
def test_without_any_engine_the_advice_names_what_was_tried_and_three_ways_out(place: Place, error: Exception) -> None:
    def installer(folder: Path) -> None:
        raise error

    answer = provide(place, installer, quiet())
    assert isinstance(answer, tuple)
    text = advice(answer)
    assert [refusal.route in text and refusal.reason in text for refusal in answer] == [True] * 3
    assert str(error) in text
    assert [f"\n  {number}. " in text for number in range(1, 5)] == [True, True, True, False]
    assert "make setup" in text


def test_links_replace_what_was_there(place: Place, tmp_path: Path) -> None:
    own_engine(tmp_path)
    program(place.bin, "pulumi", "old")
    (place.bin / PROGRAMS[1]).symlink_to(tmp_path / "gone")
    answer = on_path(place.path)
    assert isinstance(answer, Engine)
    link(answer, place.bin)
    assert {path.name: path.resolve() for path in place.bin.iterdir()} == {
        name: tmp_path / "path" / name for name in PROGRAMS
    }


def run_main(path: Path, home: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": str(path), "HOME": str(home), "PYTHONPATH": str(ROOT), "HTTPS_PROXY": "http://127.0.0.1:9"}
    command = [str(path / "python"), "-m", "tools.engine"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_command_fails_without_a_traceback(tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "python").symlink_to(sys.executable)
    done = run_main(bin_folder, tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Do one of these" in done.stderr


def test_the_oldest_cli_is_as_old_as_the_oldest_sdk() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    floor = next(item for item in project["dependencies"] if item.startswith("pulumi"))
    assert floor.startswith("pulumi>={}.{},".format(*OLDEST_CLI[:2]))
