"""Know how a declaration is written: the bases of inputs, outputs and nested objects. Know no particular resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .values import Value

__all__ = ["Inputs", "Model", "Option", "Outputs", "Rule", "rule", "rules"]


class Model(BaseModel):
    """An object whose properties are declared: snake_case in Python, camelCase for the user."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        use_attribute_docstrings=True,
        extra="forbid",
        frozen=True,
        strict=True,
    )


class Inputs(Model):
    """What the user asks for."""


class Outputs(Model):
    """What the cloud answers, mixed into the inputs: every input is echoed."""

    model_config = ConfigDict(extra="ignore", strict=False)


class Option(StrEnum):
    """One of the vendor's values; the user may spell it in any letter case."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def _parse(cls, value: Value) -> Option:
        if isinstance(value, str):
            for member in cls:
                if member.value.casefold() == value.casefold():
                    return member
        allowed = ", ".join(cls)
        raise PydanticCustomError("option", "must be one of {allowed}", {"allowed": allowed})


@dataclass(frozen=True)
class Rule:
    """A condition on several properties. `test` takes their values and answers what is wrong, or None."""

    names: tuple[str, ...]
    test: Callable[..., str | None]


M = TypeVar("M", bound=Model)


def rule(*names: str, test: Callable[..., str | None]) -> Callable[[type[M]], type[M]]:
    """Add a condition to a model. `names` are the user's spelling; the failure is reported at the first of them."""

    def add(model: type[M]) -> type[M]:
        if not issubclass(model, Inputs):
            raise TypeError(f"{model.__name__}: only inputs as a whole have conditions")
        unknown = set(names) - _names(model)
        if unknown:
            raise TypeError(f"{model.__name__}: a rule names {sorted(unknown)}, which it does not have")
        _RULES.setdefault(model, []).append(Rule(names, test))
        return model

    return add


def _names(model: type[Model]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


_RULES: dict[type[Model], list[Rule]] = {}


def rules(model: type[Model]) -> list[Rule]:
    """Return the conditions of a model."""
    return _RULES.get(model, [])
