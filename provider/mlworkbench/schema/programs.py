"""Write a resource's example as a program in every language of Pulumi. Knows how programs are framed; no resource.

Names come from the `language` part of the schema, as the generators take them from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..lifecycle.resource import Resource
from .shapes import module_of
from .spellings import CSharp, Go, Java, Names, Python, TypeScript, Yaml, camel_words, capital

__all__ = ["LANGUAGES", "Program", "names", "programs"]

LANGUAGES = ("typescript", "python", "go", "csharp", "java", "yaml")

Kind = type[Resource[Any, Any]]


@dataclass(frozen=True)
class Program:
    """A program that makes one resource from its example, by the language that the registry calls it."""

    language: str
    text: str


def names(schema: Mapping[str, Any]) -> Names:
    """Return what the package is called in each language."""
    blocks, package = schema["language"], schema["name"]
    return Names(
        package=package,
        npm=blocks["nodejs"]["packageName"],
        python=blocks["python"]["packageName"],
        go=blocks["go"]["importBasePath"],
        csharp=f"{blocks['csharp']['rootNamespace']}.{blocks['csharp']['namespaces'][package]}",
        namespaces={key: name for key, name in blocks["csharp"]["namespaces"].items() if key != package},
        java=f"{blocks['java']['basePackage']}.{blocks['java']['packages'][package]}",
    )


def programs(kind: Kind, called: Names) -> list[Program]:
    """Return the resource's example in every language, in the order of LANGUAGES."""
    writers = (_typescript, _python, _go, _csharp, _java, _yaml)
    return [Program(language, writer(kind, called)) for language, writer in zip(LANGUAGES, writers, strict=True)]


def _variable(kind: Kind) -> str:
    return kind.title()[0].lower() + kind.title()[1:]


def _typescript(kind: Kind, called: Names) -> str:
    fields = TypeScript(called).fields(kind.input_policies(), kind.example, 1)
    variable = _variable(kind)
    return _lines(
        f'import * as {called.package} from "{called.npm}";',
        "",
        f'const {variable} = new {called.package}.{module_of(kind)}.{kind.title()}("{variable}", {{',
        *fields,
        "});",
        "",
        f"export const {kind.id_output} = {variable}.{kind.id_output};",
    )


def _python(kind: Kind, called: Names) -> str:
    variable, told = camel_words(_variable(kind)), kind.output_policies()[kind.id_output].attribute
    arguments = Python(called).arguments(kind.input_policies(), kind.example, 1)
    return _lines(
        "import pulumi",
        f"import {called.python} as {called.package}",
        "",
        f"{variable} = {called.package}.{module_of(kind)}.{kind.title()}(",
        f'    "{_variable(kind)}",',
        *arguments,
        ")",
        f'pulumi.export("{kind.id_output}", {variable}.{told})',
    )


def _go(kind: Kind, called: Names) -> str:
    module, variable = module_of(kind), _variable(kind)
    fields = Go(called).fields(kind.input_policies(), kind.example, 3)
    body = [
        f'\t\t{variable}, err := {module}.New{kind.title()}(ctx, "{variable}", &{module}.{kind.title()}Args{{',
        *fields,
        "\t\t})",
    ]
    root = [f'\t"{called.go}"'] if any(f"{called.package}." in line for line in fields) else []
    return _lines(
        "package main",
        "",
        "import (",
        *root,
        f'\t"{called.go}/{module}"',
        '\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
        ")",
        "",
        "func main() {",
        "\tpulumi.Run(func(ctx *pulumi.Context) error {",
        *body,
        "\t\tif err != nil {",
        "\t\t\treturn err",
        "\t\t}",
        f'\t\tctx.Export("{kind.id_output}", {variable}.{capital(kind.id_output)})',
        "\t\treturn nil",
        "\t})",
        "}",
    )


def _csharp(kind: Kind, called: Names) -> str:
    variable, module = _variable(kind), called.namespace(kind)
    return _lines(
        "using System.Collections.Generic;",
        "using Pulumi;",
        f"using {called.package.capitalize()} = {called.csharp};",
        "",
        "return await Deployment.RunAsync(() =>",
        "{",
        f'    var {variable} = new {module}.{kind.title()}("{variable}", new {module}.{kind.title()}Args',
        "    {",
        *CSharp(called).fields(kind.input_policies(), kind.example, 2),
        "    });",
        "",
        "    return new Dictionary<string, object?>",
        "    {",
        f'        ["{kind.id_output}"] = {variable}.{capital(kind.id_output)},',
        "    };",
        "});",
    )


def _java(kind: Kind, called: Names) -> str:
    variable = _variable(kind)
    speller = Java(called)
    calls = speller.calls(kind.input_policies(), kind.example, 4)
    place = f"{called.java_package(kind)}.{kind.title()}"
    return _lines(
        "import com.pulumi.Pulumi;",
        *(f"import {each};" for each in sorted({place, f"{place}Args", *speller.imports})),
        "",
        "public class App {",
        "    public static void main(String[] args) {",
        "        Pulumi.run(ctx -> {",
        f'            var {variable} = new {kind.title()}("{variable}", {kind.title()}Args.builder()',
        *calls,
        "                .build());",
        f'            ctx.export("{kind.id_output}", {variable}.{kind.id_output}());',
        "        });",
        "    }",
        "}",
    )


def _yaml(kind: Kind, called: Names) -> str:
    variable = _variable(kind)
    return _lines(
        "name: example",
        "runtime: yaml",
        "resources:",
        f"  {variable}:",
        f"    type: {called.package}:{kind.token}",
        "    properties:",
        *Yaml(called).fields(kind.input_policies(), kind.example, 3),
        "outputs:",
        f"  {kind.id_output}: ${{{variable}.{kind.id_output}}}",
    )


def _lines(*lines: str) -> str:
    return "\n".join(_flat(lines)) + "\n"


def _flat(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield from line.split("\n")
