"""Know what the command `mlworkbench` takes, and what its help says. Do nothing of it, and import nothing heavy."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import __version__

__all__ = ["SHELLS", "parser"]

_CLOUDS = ("pai", "modelarts")
SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")
"""The shells that completions can be written for."""

_ABOUT = """\
Look after the Pulumi provider for machine-learning workbench resources: PAI TensorBoards (Alibaba
Cloud), ModelArts visualization jobs and images (Huawei Cloud, Open Telekom Cloud).

The provider itself needs no command: `pulumi up` starts it."""

_ABOUT_END = """\
examples:
  mlworkbench doctor                          what the environment and the profiles give
  mlworkbench doctor --stack dev              what the configuration of a stack gives
  eval "$(mlworkbench completion bash)"       complete commands and options in this shell

exit status:
  0    all is well
  1    something does not work, or is not configured
  2    the command was used in a wrong way
  3    the command has a bug
  130  Ctrl-C

`mlworkbench COMMAND --help` tells more about a command. `mlworkbench-emulator --help` is about the
emulated clouds, to try everything without an account."""

_DOCTOR = """\
Tell whether the provider can work: for each cloud that is configured, which credentials are used
and where they come from, which address is called, whether this machine's clock is right, and
whether a harmless call (a list) succeeds.

Settings are looked for as in `pulumi up`: in the configuration, in environment variables, in the
vendors' profiles. No secret is shown, and nothing is changed in any cloud."""

_DOCTOR_END = """\
examples:
  mlworkbench doctor
  mlworkbench doctor --stack dev --cwd infrastructure/
  mlworkbench doctor --cloud pai --config paiRegion=cn-hangzhou
  mlworkbench doctor --json | jq '.[] | {cloud, state}'

exit status:
  0    everything that is configured works
  1    something does not work, or nothing is configured
  2    the command was used in a wrong way
  3    the command has a bug
  130  Ctrl-C"""

_COMPLETION = """\
Write a script to standard output that lets a shell complete the commands and options of
mlworkbench. It is made once and asks nobody later; make it anew after an upgrade. Needs the package
shtab, as `pip install 'mlworkbench[completion]'` brings it."""

_COMPLETION_END = """\
where to put it:
  bash        mlworkbench completion bash > ~/.local/share/bash-completion/completions/mlworkbench
  zsh         mlworkbench completion zsh > ~/.zfunc/_mlworkbench    (a folder of your $fpath)
  fish        mlworkbench completion fish > ~/.config/fish/completions/mlworkbench.fish
  tcsh        mlworkbench completion tcsh >> ~/.tcshrc
  powershell  mlworkbench completion powershell >> $PROFILE

exit status:
  0    the script is written
  1    shtab is not installed
  2    the command was used in a wrong way"""

_CLOUD = f"examine this cloud only, and even if nothing names it: {' or '.join(_CLOUDS)}"
_CONFIG = """a configuration value, such as paiRegion=cn-hangzhou; may be repeated, and goes before the stack's.
Secrets are safer in the environment or the stack: others may see the arguments of a process"""

_COLUMN = 22


class _AsWritten(argparse.RawDescriptionHelpFormatter):
    """Leave descriptions as they are written, and begin what options and commands mean in one column everywhere."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=_COLUMN)
        self._action_max_length = _COLUMN


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments; `command` tells which one is chosen, `parser` reads that one's."""
    top = argparse.ArgumentParser("mlworkbench", description=_ABOUT, epilog=_ABOUT_END, formatter_class=_AsWritten)
    top.add_argument("--version", action="version", version=f"mlworkbench {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_doctor(
        commands.add_parser(
            "doctor",
            help="tell whether credentials, addresses and clock are right",
            description=_DOCTOR,
            epilog=_DOCTOR_END,
            formatter_class=_AsWritten,
        )
    )
    _add_completion(
        commands.add_parser(
            "completion",
            help="write a script that lets a shell complete this command",
            description=_COMPLETION,
            epilog=_COMPLETION_END,
            formatter_class=_AsWritten,
        )
    )
    return top


def _add_doctor(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--cloud", choices=_CLOUDS, metavar="CLOUD", help=_CLOUD)
    doctor.add_argument("--config", action="append", default=[], metavar="KEY=VALUE", help=_CONFIG)
    doctor.add_argument("--stack", metavar="NAME", help="read the configuration of this stack, with `pulumi config`")
    doctor.add_argument("--cwd", metavar="DIR", type=Path, help="folder of the stack's project (default: this one)")
    doctor.add_argument("--json", action="store_true", help="write JSON")
    doctor.set_defaults(parser=doctor)


def _add_completion(completion: argparse.ArgumentParser) -> None:
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    completion.set_defaults(parser=completion)
