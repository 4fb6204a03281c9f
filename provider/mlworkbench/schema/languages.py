"""Say how the package is named and built in each language. Know the generators' settings; know no resource.

Source: the importers beside the generators, pkg/codegen/{nodejs,python,go} of github.com/pulumi/pulumi, and those of
pulumi-dotnet and pulumi-java.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Package", "language_blocks", "plugin_installation"]

# The oldest Pulumi that the provider itself takes.
_OLDEST_PULUMI = "3.200.0"


@dataclass(frozen=True)
class Package:
    """What the languages need to know of the package. `modules` are spelled as .NET has them, by their own names.

    `resources` say in one sentence each, by token, what a resource is.
    """

    name: str
    version: str
    description: str
    repository: str
    modules: Mapping[str, str]
    resources: Mapping[str, str]

    @property
    def npm(self) -> str:
        return f"@{self.name}/pulumi-{self.name}"

    @property
    def python(self) -> str:
        return f"pulumi_{self.name}"

    @property
    def go(self) -> str:
        return f"{self.repository.removeprefix('https://')}/sdk/go/{self.name}"


def language_blocks(package: Package) -> dict[str, Any]:
    """Return the `language` part of the schema."""
    return {
        "nodejs": _nodejs(package),
        "python": _python(package),
        "go": _go(package),
        "csharp": _csharp(package),
        "java": _java(package),
    }


def _nodejs(package: Package) -> dict[str, Any]:
    return {
        "packageName": package.npm,
        "packageDescription": package.description,
        "readme": _readme(package, "Node.js", f'```typescript\nimport * as {package.name} from "{package.npm}";\n```'),
        "dependencies": {"@pulumi/pulumi": f"^{_OLDEST_PULUMI}"},
        "devDependencies": {"@types/node": "^20", "typescript": "^5"},
        "respectSchemaVersion": True,
    }


def _python(package: Package) -> dict[str, Any]:
    # The generator knows which Pulumi its code needs.
    return {
        "packageName": package.python,
        "readme": _readme(package, "Python", f"```python\nimport {package.python} as {package.name}\n```"),
        "pythonRequires": ">=3.10",
        "inputTypes": "classes-and-dicts",
        "pyproject": {"enabled": True},
        "respectSchemaVersion": True,
    }


def _go(package: Package) -> dict[str, Any]:
    return {
        "importBasePath": package.go,
        "generateResourceContainerTypes": True,
        "respectSchemaVersion": True,
    }


def _csharp(package: Package) -> dict[str, Any]:
    # NuGet keeps names that begin with `Pulumi.` for Pulumi itself.
    return {
        "rootNamespace": "MLWorkbench",
        "namespaces": {package.name: "PulumiPackage", **package.modules},
        "packageReferences": {"Pulumi": "3.*"},
        "respectSchemaVersion": True,
    }


def _java(package: Package) -> dict[str, Any]:
    # The generator knows which libraries its code needs, and takes the version from the schema.
    return {
        "basePackage": f"io.github.{package.name}",
        "packages": {package.name: "pulumi"},
        "buildFiles": "gradle",
    }


def plugin_installation(name: str, version: str) -> str:
    """Return the command that installs the plugin from its archive, as Markdown."""
    archive = f"pulumi-resource-{name}-v{version}-OS-ARCH.tar.gz"
    return f"```sh\npulumi plugin install resource {name} {version} --file {archive}\n```"


def _readme(package: Package, language: str, use: str) -> str:
    rows = (f"| `{token.replace(':', '.')}` | {text} |" for token, text in package.resources.items())
    return "\n".join(
        [
            f"# {package.name} for Pulumi in {language}",
            "",
            package.description,
            "",
            use,
            "",
            "| resource | what it is |",
            "|---|---|",
            *rows,
            "",
            f"Programs that use this package also need its plugin, `pulumi-resource-{package.name}`: on `PATH`, or "
            "installed from the archive that is built together with this package:",
            "",
            plugin_installation(package.name, package.version),
            "",
            f"How to get both, configuration, examples: <{package.repository}>",
            "",
        ]
    )
