"""Find what the product says to people: in its sources by their syntax, in the tables of a page. Knows no message.

Every text of three words or more in the sources counts as said to somebody, unless its place shows that it is not:
documentation, help of a command, an error for our own developers, a page that is being written. `PARTS` lists the few
that are pieces of other messages, or good news.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demo.stage import ROOT

__all__ = ["GAP", "PARTS", "Entry", "Message", "entries", "messages"]

GAP = "…"
"""Stands for whatever a message fills in."""

_PROVIDER = ROOT / "provider" / "mlworkbench"
_EMULATOR = ROOT / "emulator" / "mlworkbench_emulator"
# What the emulator answers in the clouds' stead is theirs: docs/errors.md tells of it.
_EMULATORS_OWN = (
    "admin",
    "cli",
    "clock",
    "fields",
    "mishaps",
    "progress",
    "resources",
    "serving",
    "settings",
    "store",
    "strict_json",
)
_PAGE_WRITERS = ("schema", "hosts/configuration_page.py", "hosts/error_page.py", "hosts/generate.py", "hosts/usage.py")
# Raised for whoever declares a resource wrongly or has found a bug of ours: refusals.py puts one message over them all.
_FOR_DEVELOPERS = {"AssertionError", "NotConfigured", "NotImplementedError", "RuntimeError", "TypeError"}
_WORD = re.compile(r"\b[A-Za-z]{2,}")
# How many letters of a message find it: all of a short one, half of a longer one, a line of a long one.
_SHORTEST, _ENOUGH = 8, 24
_HELP = {"description", "epilog", "help", "metavar"}
_EXAMPLES = {"change", "example"}
_SILENT_CALLS = {"execute", "executemany", "compile"}

PARTS = {
    # Names of places and of people.
    "IAM (Huawei Cloud, OTC)",
    "ModelArts (Huawei Cloud, Open Telekom Cloud)",
    "Open Telekom Cloud",
    "PAI (Alibaba Cloud)",
    "the RAM role of this ECS instance",
    "the agency of this ECS instance",
    "the credentials URI",
    "the environment (…)",
    "the environment variable …",
    "the usual profile",
    "an OIDC token",
    "cloud … of clouds.yaml",
    "profile … of ",
    "profile … of …",
    "profile … of ~/.aliyun/config.json",
    "user … of …",
    # Beginnings, ends and joints.
    " or ",
    " (line …)",
    " (…, line … of …)",
    "The cloud's last answer: …",
    "in a state that is not known",
    "it was interrupted",
    "the time for it was over",
    "Looked for: …",
    "Looking for credentials",
    "In clouds.yaml: …",
    "… (environment: …) …",
    "… at … has no form on the wire",
    "… failed: …",
    "… failed: …. …",
    "`pulumi import mlworkbench:… NAME …`",
    "take it over with …",
    "… if no stack has it; if this stack has it under another resource name, give this one an alias; if it waits for "
    "its deletion there, give another name until it is gone",
    "there are … projects",
    "access key …",
    "request id …",
    "there is no project",
    "the … …",
    # What goes well, or on.
    "  controls     …/_emulator/health",
    '  environment  eval "$(mlworkbench-emulator env --port …)"',
    "  progress     …",
    "  state        …",
    "  stop         Ctrl-C",
    "  …: …",
    "…, … s",
    "Building the Pulumi engine with …: ….",
    "Built the Pulumi engine in …, kept in ….",
    "Pulumi engine …, …, linked into ….",
    "about 5 minutes and 4 GB of disk the first time, seconds afterwards",
    "brought by Pulumi's installer",
    "built from its modules",
    "in memory, gone when it stops",
    "kept in …",
    "mlworkbench emulator on …",
    "running Pulumi's installer",
    "waiting for another set-up that makes the same engine",
    # Headers that are sent.
    "… Access=…, SignedHeaders=…, Signature=…",
    "… Credential=…, SignedHeaders=…, Signature=…",
    "a list of …:… shows …",
    "in step with the cloud's",
    "the answer was lost; found what was made: …",
    "through the configured proxy",
    "… or more",
}


@dataclass(frozen=True)
class Message:
    """What is said, with gaps for what is filled in, and where in the sources."""

    text: str
    place: str


@dataclass(frozen=True)
class Entry:
    """A row of the page: what a message says, or a part of it, why, and what to do."""

    text: str
    cause: str
    remedy: str
    section: str = ""

    @property
    def is_pulumis(self) -> bool:
        """Whether it is the engine that says it: its sources are not here."""
        return self.section == "Messages of Pulumi"

    def covers(self, message: str) -> bool:
        """Tell whether the row is about a message: it says the whole, or so much of it that it can be found by."""
        pieces = [re.escape(piece) for piece in self.text.split(GAP)]
        length, whole = len(self.text.replace(GAP, "")), len(message.replace(GAP, ""))
        if length >= _SHORTEST and re.fullmatch(".*".join(pieces), message, re.S):
            return True
        return length >= min(_ENOUGH, whole / 2) and re.search(".*".join(pieces), message, re.S) is not None


def entries(page: Path) -> list[Entry]:
    """Return the rows of all tables of messages of a page."""
    found, section = list[Entry](), ""
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        if line.startswith("| `"):
            found += _entries(line, section)
    return found


def _entries(row: str, section: str) -> Iterator[Entry]:
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
    said, cause, remedy = cells if len(cells) == 3 else (*cells, "", "", "")[:3]
    for _, text in re.findall(r"(`+) ?(.+?) ?\1(?!`)", said):
        yield Entry(text.replace("\\|", "|"), cause, remedy, section)


def messages() -> list[Message]:
    """Return all that the sources say, each text once."""
    found: dict[str, Message] = {}
    for path in _sources():
        tree = ast.parse(path.read_text("utf-8"))
        for node, text in _said(tree):
            message = Message(text, f"{path.relative_to(ROOT)}:{node.lineno}")
            found.setdefault(message.text, message)
    return [message for text, message in found.items() if text not in PARTS]


def _sources() -> Iterable[Path]:
    provider = (path for path in sorted(_PROVIDER.rglob("*.py")) if not _writes_pages(path))
    emulator = (_EMULATOR / f"{name}.py" for name in _EMULATORS_OWN)
    return (*provider, *emulator, ROOT / "tools" / "engine.py", ROOT / "tools" / "plugin" / "boot.py")


def _writes_pages(path: Path) -> bool:
    name = path.relative_to(_PROVIDER).as_posix()
    # The classes of the dynamic host are generated from the declarations, and hold documentation alone.
    return name.startswith((*_PAGE_WRITERS, "dynamic/"))


def _said(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(tree, ast.expr) and (text := _template(tree)) is not None:
        if len(text.split()) >= 3 and _WORD.search(text):
            yield tree, text
        return
    for child in ast.iter_child_nodes(tree):
        if not _is_silent(child):
            yield from _said(child)


def _template(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return re.sub(r"\{\w+\}", GAP, text).rstrip("\n")
        case ast.JoinedStr(values=values):
            return "".join(str(each.value) if isinstance(each, ast.Constant) else GAP for each in values).rstrip("\n")
    return None


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):  # documentation
            return True
        case ast.keyword(arg=str() as name):
            return name in _HELP
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name in _EXAMPLES
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))):
            return name in _FOR_DEVELOPERS
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _SILENT_CALLS
    return False
