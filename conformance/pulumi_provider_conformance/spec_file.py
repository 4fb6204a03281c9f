"""Read the file that describes a provider to the kit. Knows its form and refuses the rest; starts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from .spec import (
    Autoname,
    Change,
    Configuration,
    Drift,
    Hook,
    Invalid,
    Resource,
    Scene,
    Service,
    Spec,
    SpecError,
)

__all__ = ["load"]

_SCENES = (
    "failing",
    "slow",
    "refused",
    "denied",
    "undeletable",
    "failingUpdate",
    "silent",
    "unanswered",
    "late",
    "echoing",
)


def load(path: Path) -> Spec:
    """Read a file."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise SpecError(f"{path} is no YAML: {error}") from error
    return _Reader(document, str(path)).spec()


class _Reader:
    """Reads one mapping of the file and refuses what it does not know."""

    def __init__(self, node: object, where: str) -> None:
        if not isinstance(node, Mapping):
            raise SpecError(f"{where} must be a mapping")
        self._node, self._where, self._left = node, where, set(node)

    def take(self, name: str, kind: type | tuple[type, ...], default: Any = None, *, required: bool = False) -> Any:
        self._left.discard(name)
        value = self._node.get(name)
        if value is None:
            if required:
                raise SpecError(f"{self._where} lacks {name!r}")
            return default
        if not isinstance(value, kind):
            wanted = " or ".join(each.__name__ for each in (kind if isinstance(kind, tuple) else (kind,)))
            raise SpecError(f"{self._where}: {name!r} must be of type {wanted}")
        return value

    def under(self, name: str) -> _Reader | None:
        value = self.take(name, Mapping)
        return None if value is None else _Reader(value, f"{self._where}: {name}")

    def each(self, name: str) -> list[_Reader]:
        values = self.take(name, list, [])
        return [_Reader(value, f"{self._where}: {name}[{index}]") for index, value in enumerate(values)]

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        values: Sequence[object] = self.take(name, list, list(default))
        return tuple(str(value) for value in values)

    def done(self) -> None:
        if self._left:
            raise SpecError(f"{self._where} holds {', '.join(sorted(map(repr, self._left)))}, which nothing reads")

    def spec(self) -> Spec:
        service, configuration = self.under("service"), self.under("configuration")
        effects, tick = self.under("effects"), self.under("tick")
        spec = Spec(
            name=self.take("name", str, required=True),
            command=self.texts("command"),
            service=service.service() if service else None,
            environment={name: str(value) for name, value in self.take("environment", Mapping, {}).items()},
            configuration=configuration.configuration() if configuration else Configuration(),
            resources=tuple(each.resource() for each in self.each("resources")),
            effects=effects.hook() if effects else None,
            tick=tick.hook() if tick else None,
            timeout_seconds=self.take("timeoutSeconds", (int, float), 60),
            in_flight=self.take("inFlight", int, 64),
        )
        self.done()
        return spec

    def service(self) -> Service:
        service = Service(self.texts("command"), self.take("ready", str, required=True), self.texts("environment"))
        self.done()
        return service

    def configuration(self) -> Configuration:
        configuration = Configuration(
            values=dict(self.take("values", Mapping, {})),
            secrets=self.texts("secrets"),
            invalid=tuple(each.invalid() for each in self.each("invalid")),
            missing=self.take("missing", Mapping),
            missing_keys=self.texts("missingKeys"),
            changes=tuple(each.change() for each in self.each("changes")),
        )
        self.done()
        return configuration

    def resource(self) -> Resource:
        autoname, vanish = self.under("autoname"), self.under("vanish")
        scenes = {_attribute(name): self.under(name) for name in _SCENES}
        resource = Resource(
            type=self.take("type", str, required=True),
            inputs=dict(self.take("inputs", Mapping, {})),
            changes=tuple(each.change() for each in self.each("changes")),
            same=tuple(dict(each) for each in self.take("same", list, [])),
            invalid=tuple(each.invalid() for each in self.each("invalid")),
            unknowns=self.texts("unknowns") if "unknowns" in self._node else None,
            secrets=self.texts("secrets") if "secrets" in self._node else None,
            autoname=autoname.autoname() if autoname else None,
            missing_id=self.take("missingId", str, ""),
            not_imported=self.texts("notImported"),
            vanish=vanish.hook() if vanish else None,
            drift=tuple(each.drifting() for each in self.each("drift")),
            **{name: scene.scene() if scene else None for name, scene in scenes.items()},
        )
        self.done()
        return resource

    def change(self) -> Change:
        change = Change(
            set=dict(self.take("set", Mapping, required=True)),
            replaces=self.take("replaces", bool, False),
            delete_before_replace=self.take("deleteBeforeReplace", bool),
        )
        self.done()
        return change

    def invalid(self) -> Invalid:
        invalid = Invalid(dict(self.take("set", Mapping, required=True)), self.take("property", str, required=True))
        self.done()
        return invalid

    def autoname(self) -> Autoname:
        autoname = Autoname(self.take("property", str, required=True), self.take("maxLength", int))
        self.done()
        return autoname

    def scene(self) -> Scene:
        scene = Scene(self.hooks("before"), self.hooks("after"))
        if not scene.before:
            raise SpecError(f"{self._where} lacks 'before'")
        self.done()
        return scene

    def hooks(self, name: str) -> tuple[Hook, ...]:
        """Read one hook or several."""
        if isinstance(self._node.get(name), list):
            return tuple(each.hook() for each in self.each(name))
        hook = self.under(name)
        return (hook.hook(),) if hook else ()

    def drifting(self) -> Drift:
        hook = self.under("hook")
        if hook is None:
            raise SpecError(f"{self._where} lacks 'hook'")
        drift = Drift(hook.hook(), self.take("property", str, required=True))
        self.done()
        return drift

    def hook(self) -> Hook:
        shell, http = self.take("shell", str, ""), self.take("http", str, "")
        if bool(shell) == bool(http):
            raise SpecError(f"{self._where} must hold either 'shell' or 'http' (METHOD URL)")
        method, _, url = http.partition(" ")
        if http and not url:
            raise SpecError(f"{self._where}: 'http' must read METHOD URL, such as POST http://127.0.0.1:8000/reset")
        hook = Hook(shell, method, url, self.take("json", (dict, list)))
        self.done()
        return hook


def _attribute(name: str) -> str:
    """Spell a name of the file as Python does."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
