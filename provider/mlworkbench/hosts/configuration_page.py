"""Write the registry's page on installation and configuration. Knows the settings; not how they are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..model.policy import Choice, Policy, Secret, policies
from ..schema.languages import plugin_installation
from ..schema.pages import chooser, front_matter, table
from ..schema.programs import names
from ..schema.promises import default, limits
from ..schema.shapes import enum_docs, sentence
from .config import PACKAGE, ProviderConfig
from .families import FAMILIES, PAI_KEYS, Family
from .settings import variables

__all__ = ["configuration_page"]

_TITLE = "Installation and configuration"
_SECTIONS = (("PAI (Alibaba Cloud)", "pai"), ("ModelArts (Huawei Cloud, Open Telekom Cloud)", "modelarts"))


def configuration_page(schema: Mapping[str, Any]) -> str:
    """Return the page."""
    summary = f"How to install {schema['displayName']} for Pulumi, and how to configure it."
    parts = [front_matter(_TITLE, summary), _installation(schema), _configuration(), *_settings()]
    return "\n\n".join(parts) + "\n"


def _installation(schema: Mapping[str, Any]) -> str:
    called, name, version = names(schema), schema["name"], schema["version"]
    module = called.go.rpartition("/")[0]
    add = f"```sh\npulumi package add /PATH/TO/pulumi-resource-{name}\n```"
    local = {
        "typescript": f"```sh\nnpm install ./{called.npm.removeprefix('@').replace('/', '-')}-{version}.tgz\n```",
        "python": f"```sh\npip install {called.python}-{version}-py3-none-any.whl\n```",
        "go": f"```sh\ngo mod edit -replace {module}=/PATH/TO/CHECKOUT/sdk/go\ngo get {called.go}\n```",
        "csharp": add,
        "java": add,
        "yaml": "YAML programs need the plugin alone.",
    }
    return f"""## Installation

Nothing is published to a registry of packages. In a checkout of <{schema["repository"]}>,
`make dist` builds all that is installed here. The package is called:

{table(("language", "name"), _packages(schema))}

{chooser(local)}

Programs in every language need the plugin as well, on `PATH` or installed from its archive:

{plugin_installation(name, version)}"""


def _packages(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    called = names(schema)
    return [
        ("TypeScript, JavaScript", f"`{called.npm}`"),
        ("Python", f"`{called.python}`"),
        ("Go", f"`{called.go}`"),
        ("C#", f"`{called.csharp}`, made by `pulumi package add`"),
        ("Java", f"`{called.java}`, made by `pulumi package add`"),
    ]


def _configuration() -> str:
    return f"""## Configuration

A stack that uses one cloud configures that cloud only. Keys in the stack's configuration are kept encrypted if they are
set with `--secret`; keys from the environment or a profile never enter the state.

```sh
pulumi config set {PACKAGE}:paiRegion cn-hangzhou
pulumi config set --secret {PACKAGE}:paiAccessKeyId "$KEY_ID"
pulumi config set --secret {PACKAGE}:paiAccessKeySecret "$KEY_SECRET"
```

The same with environment variables:

```sh
export {variables("paiRegion")[0]}=cn-hangzhou
export {PAI_KEYS.sources[0][0]}="$KEY_ID"
export {PAI_KEYS.sources[0][1]}="$KEY_SECRET"
```

`mlworkbench doctor` tells which settings are used, where each was found, and whether a harmless call succeeds.

The stack's configuration comes before the environment, and that before a profile, unless the configuration names the
profile. Of several environment variables, the first that is set counts. Settings of one of these groups are taken all
from one source, so that keys of different accounts are never mixed:

{_families()}"""


def _families() -> str:
    rows = [
        (_code(family.keys), "<br>".join(_code(source) for source in family.sources), _needed(family))
        for family in FAMILIES
    ]
    return table(("settings", "environment, first complete row", "needed"), rows)


def _needed(family: Family) -> str:
    return "all" if family.required == len(family.keys) else _code(family.keys[: family.required])


def _settings() -> Iterator[str]:
    spec = policies(ProviderConfig).values()
    prefixes = tuple(prefix for _, prefix in _SECTIONS)
    for title, prefix in _SECTIONS:
        yield _section(title, [policy for policy in spec if policy.name.startswith(prefix)])
    yield _section("All clouds", [policy for policy in spec if not policy.name.startswith(prefixes)])


def _section(title: str, spec: list[Policy]) -> str:
    rows = [
        (
            f"`{PACKAGE}:{policy.name}`" + (" (secret)" if Secret in policy else ""),
            default(policy),
            sentence(policy.description),
            _limits(policy),
            "<br>".join(f"`{name}`" for name in _variables(policy.name)),
        )
        for policy in spec
    ]
    return f"### {title}\n\n" + table(("key", "default", "description", "limits", "environment"), rows)


def _limits(policy: Policy) -> str:
    if isinstance(policy.shape, Choice):
        enum = policy.shape.enum
        docs = enum_docs(enum)
        return "; ".join(f"`{each.value}`: {docs[each.name]}".rstrip(".") for each in enum)
    return limits(ProviderConfig, policy)


def _variables(key: str) -> tuple[str, ...]:
    """Return the environment variables of a key, whether it stands alone or in a group."""
    grouped = [source[family.keys.index(key)] for family in FAMILIES if key in family.keys for source in family.sources]
    return variables(key) or tuple(dict.fromkeys(grouped))


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
