"""Find the value of every setting: in the configuration, the environment, a profile. Know not what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ..model.policy import Env, Secret, policies
from ..model.values import Value, empty
from .config import PACKAGE, ProviderConfig, is_true
from .families import (
    LENDERS_ADDRESS,
    MODELARTS,
    Family,
    address_beside,
)

__all__ = ["Config", "Found", "Missing", "Profile", "missing_family", "missing_keys", "variables"]


_CONFIGURATION = "the configuration"
_IAM = "modelartsIamEndpoint"


@dataclass(frozen=True)
class Missing:
    """A configuration key that has no value, what it is, and the environment variables that would give it one."""

    key: str
    description: str
    variables: tuple[str, ...]
    note: str = ""

    def with_note(self, note: str) -> Missing:
        """Return the same with a word on where else it was looked for."""
        return replace(self, note=" ".join(note.split()))

    @property
    def name(self) -> str:
        """The full name of the key."""
        return f"{PACKAGE}:{self.key}"

    @property
    def remedy(self) -> str:
        """What to do, without the word on where else it was looked."""
        secret = " --secret" if Secret in policies(ProviderConfig)[self.key] else ""
        variables = " or ".join(self.variables)
        return (
            f"Set it with `pulumi config set{secret} {self.name} <value>`, or set the environment variable {variables}."
        )

    def __str__(self) -> str:
        told = f"missing required configuration key {self.name}: {self.description} {self.remedy}"
        return f"{told} {self.note}" if self.note else told


@dataclass(frozen=True)
class Profile:
    """What a profile says, by configuration key. `stated`: the configuration names it, so it goes before variables.

    `problem` tells why a profile could not be read; without a name, it is one that nobody asked for.
    """

    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    stated: bool = False
    problem: str = ""

    def has_a_part_of(self, families: tuple[Family, ...]) -> bool:
        """Tell whether it has any of the credentials themselves; the name of an account is none."""
        return any(self.values.get(key) for family in families for key in family.keys[:2])


@dataclass(frozen=True)
class Found:
    """Settings that belong together, and where all of them were found."""

    family: Family
    values: tuple[str, ...]
    source: str

    @property
    def is_stated(self) -> bool:
        """Whether the configuration states them."""
        return self.source == _CONFIGURATION

    @property
    def address_variable(self) -> str:
        """The environment variable with the address that they are for; blank if they are of no variable."""
        return address_beside(self._variables[0]) if self._variables else ""

    @property
    def places(self) -> tuple[str, ...]:
        """Where each of the values was found."""
        told = tuple(f"the environment variable {name}" for name in self._variables)
        return told or (self.source,) * len(self.values)

    @property
    def _variables(self) -> tuple[str, ...]:
        return next((names for names in self.family.sources if self.source == _around(names)), ())


@dataclass(frozen=True)
class _Layer:
    """One place where settings are looked for."""

    name: str
    text: Callable[[str], str]
    families: Callable[[Family], list[tuple[tuple[str, ...], str]]]


@dataclass(frozen=True)
class Config:
    """Every setting from where it is found first: the configuration, the environment, a profile.

    `profiles` are those of the services, by name; one that the configuration names goes before the environment.
    """

    explicit: Mapping[str, Value]
    environment: Mapping[str, str]
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a value as text, blank if it is set nowhere."""
        if key == _IAM:
            return self._iam_endpoint()
        return next((text for layer in self._layers(_service(key)) if (text := layer.text(key))), "")

    def _iam_endpoint(self) -> str:
        """Return the address of IAM that goes with the credentials: no other's password or token is sent there."""
        profile, found = self.profiles.get("modelarts", Profile()), self.found(*MODELARTS)
        beside = found.address_variable if found else LENDERS_ADDRESS
        around = self.environment.get(variables(_IAM)[0]) or self.environment.get(beside, "")
        belongs = profile.stated or (found is not None and found.source == profile.name)
        told = profile.values.get(_IAM, "") if belongs else ""
        return self._stated(_IAM) or ((told or around) if profile.stated else (around or told))

    def project(self) -> tuple[str, str]:
        """Return id and name of the ModelArts project, both from the first place that states either of them."""
        for layer in self._layers("modelarts"):
            found = layer.text("modelartsProjectId"), layer.text("modelartsProjectName")
            if any(found):
                return found
        return "", ""

    def number(self, key: str, default: int) -> int:
        """Return a whole number; zero counts as set."""
        text = self.text(key)
        return int(float(text)) if text else default

    def flag(self, key: str) -> bool:
        """Return a truth value, false by default."""
        return is_true(self.text(key))

    def found(self, *families: Family) -> Found | None:
        """Return the first of some families that is complete in the first place that has one.

        If the configuration, or the profile that it names, states a part of one, it is meant to state all: nothing else
        is used then.
        """
        service = _service(families[0].keys[0])
        profile = self.profiles.get(service, Profile())
        for layer in self._layers(service):
            offers = [(family, *offer) for family in families for offer in layer.families(family)]
            for family, values, source in offers:
                if all(values[: family.required]):
                    return Found(family, values, source)
            if layer.name == _CONFIGURATION and any(any(values) for _, values, _ in offers):
                return None
            if profile.stated and layer.name == profile.name and profile.has_a_part_of(families):
                return None
        return None

    def effective(self) -> dict[str, Value]:
        """Return the value of every plain setting that has one, as the configuration would state it."""
        plain = {key: self.text(key) for key in policies(ProviderConfig) if variables(key)}
        return {**{key: text for key, text in plain.items() if text}, **self.explicit}

    def _layers(self, service: str) -> list[_Layer]:
        profile = self.profiles.get(service, Profile())
        stated = _Layer(_CONFIGURATION, self._stated, lambda family: [(_each(family, self._stated), _CONFIGURATION)])
        told = _Layer(
            profile.name, self._told(profile), lambda family: [(_each(family, self._told(profile)), profile.name)]
        )
        around = _Layer("the environment", self._around, self._families_around)
        return [stated, told, around] if profile.stated else [stated, around, told]

    def _stated(self, key: str) -> str:
        value = self.explicit.get(key)
        return "" if value is None or value == "" else str(value)

    def _told(self, profile: Profile) -> Callable[[str], str]:
        return lambda key: profile.values.get(key, "")

    def _around(self, key: str) -> str:
        return next((self.environment[name] for name in variables(key) if self.environment.get(name)), "")

    def _families_around(self, family: Family) -> list[tuple[tuple[str, ...], str]]:
        return [
            (tuple(_without_line_end(self.environment.get(name, "")) for name in names), _around(names))
            for names in family.sources
        ]


def _service(key: str) -> str:
    return next((service for service in ("pai", "modelarts") if key.startswith(service)), "")


def _each(family: Family, text: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(_without_line_end(text(key)) for key in family.keys)


def _around(names: tuple[str, ...]) -> str:
    return f"the environment ({names[0]})"


def _without_line_end(text: str) -> str:
    """Leave out the end of the line that secrets have which are mounted as files."""
    return text.rstrip("\r\n")


def variables(key: str) -> tuple[str, ...]:
    """Return the environment variables that set a key, in the order in which they count."""
    env = policies(ProviderConfig)[key].mark(Env)
    own = f"MLWORKBENCH_{policies(ProviderConfig)[key].attribute.upper()}"
    return (own, *env.names) if env else ()


def missing_keys(config: Config, key: str) -> list[Missing]:
    """Return a key as missing if it has no value."""
    return [] if config.text(key) else [Missing(key, _description(key), variables(key)[:2])]


def missing_family(config: Config, family: Family) -> list[Missing]:
    """Return the keys of a family that lack a value, if no source of it is complete."""
    if config.found(family):
        return []
    places = range(family.required)
    unset = [place for place in places if not _is_set_somewhere(config, family, place)]
    return [
        Missing(family.keys[place], _description(family.keys[place]), (family.sources[0][place],))
        for place in unset or places
    ]


def _is_set_somewhere(config: Config, family: Family, place: int) -> bool:
    stated = not empty(config.explicit.get(family.keys[place]))
    return stated or any(config.environment.get(names[place]) for names in family.sources)


def _description(key: str) -> str:
    text = " ".join(policies(ProviderConfig)[key].description.split())
    return text.partition(". ")[0].rstrip(".") + "."
