"""Laws of the help of `mlworkbench` and of its completions. Knows shells; nothing of what the commands do."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest
import shtab

from mlworkbench.hosts import command
from mlworkbench.hosts.usage import SHELLS, parser


def commands() -> dict[str, argparse.ArgumentParser]:
    [action] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return {"": parser(), **action.choices}


every_command = pytest.mark.parametrize("name", commands())


def written(*arguments: str) -> str:
    """Return what the command writes, run as users run it."""
    program = Path(sys.executable).with_name("mlworkbench")
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


@every_command
def test_help_says_what_for_gives_an_example_and_tells_the_exit_status(name: str) -> None:
    told = written(*name.split(), "--help")
    assert told.startswith("usage: mlworkbench")
    assert "mlworkbench" in told.partition("\n\n")[2].partition("exit status:")[0]
    assert "exit status:\n  0 " in told
    assert "\n  2 " in told


@every_command
def test_help_fits_a_terminal_of_a_hundred_columns(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert [line for line in written(*name.split(), "--help").splitlines() if len(line) > 100] == []


@every_command
def test_every_argument_is_explained(name: str) -> None:
    assert [action.dest for action in commands()[name]._actions if not action.help and action.dest != "command"] == []


def test_the_first_help_names_every_command() -> None:
    told = written("--help")
    assert [name for name in commands() if name and f"\n    {name} " not in told] == []


@pytest.mark.parametrize("shell", SHELLS)
def test_a_completion_for_every_shell_names_every_option(shell: str) -> None:
    script = written("completion", shell)
    options = {option for each in commands().values() for option in each._option_string_actions}
    assert [option for option in options if option.lstrip("-") not in script] == []


def test_every_shell_that_the_library_knows_is_offered() -> None:
    assert set(SHELLS) == set(shtab.SUPPORTED_SHELLS)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["mlworkbench", ""], {"doctor", "completion"}),
        (["mlworkbench", "doctor", "--c"], {"--cloud", "--config", "--cwd"}),
        (["mlworkbench", "doctor", "--cloud", ""], {"pai", "modelarts"}),
        (["mlworkbench", "completion", "f"], {"fish"}),
    ],
    ids=" ".join,
)
def test_bash_completes(words: list[str], offered: set[str]) -> None:
    quoted = " ".join(f"'{word}'" for word in words)
    ask = f"COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}\n_shtab_mlworkbench\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    script = f"{written('completion', 'bash')}\n{ask}\n"
    done = subprocess.run(["bash"], input=script, check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) == offered


def test_without_the_library_it_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    with pytest.raises(SystemExit) as ended:
        command.main(["completion", "bash"])
    assert ended.value.code == 1
    assert "pip install 'mlworkbench[completion]'" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["mlworkbench.hosts.plugin", "mlworkbench.hosts.command"])
def test_nothing_that_starts_waits_for_the_library(module: str) -> None:
    look = f"import sys, {module}; sys.exit('shtab' in sys.modules)"
    subprocess.run([sys.executable, "-c", look], check=True)
