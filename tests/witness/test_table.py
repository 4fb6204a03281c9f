"""The table has a row for every documented operation, on both sides. Knows operations by name; makes no call."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import mlworkbench.api
from mlworkbench.resources import registry
from mlworkbench.wire import tokens
from mlworkbench.wire.operation import Operation

from . import rows_images, rows_jobs, rows_pai
from .operations import DOCUMENTED, OUT_OF_REACH
from .rows_images import OUT_OF_REACH_CALLS
from .table import ROWS

NAMES = {operation.name for operation in DOCUMENTED}


def provider_operations() -> Iterator[Operation[Any]]:
    infos = pkgutil.walk_packages(mlworkbench.api.__path__, "mlworkbench.api.")
    for module in (tokens, *(importlib.import_module(info.name) for info in infos)):
        yield from (value for value in vars(module).values() if isinstance(value, Operation))


def anonymous(path: str) -> str:
    """Write a path without the names of its ids."""
    return re.sub(r"\{\w+\}", "{}", path)


def test_every_documented_operation_has_an_answer_that_an_official_client_reads() -> None:
    assert NAMES - {row.operation for row in ROWS if row.reads} == set()


def test_every_documented_operation_has_a_request_that_both_sides_make() -> None:
    assert NAMES - {row.operation for row in ROWS if row.ours} == set()


def test_what_is_out_of_reach_is_called_too() -> None:
    assert {operation.name for operation in OUT_OF_REACH} == OUT_OF_REACH_CALLS.keys()


def test_no_row_is_of_an_operation_that_nobody_documents() -> None:
    assert {row.operation for row in ROWS} - NAMES == set()


def test_every_operation_of_the_provider_is_documented_as_it_stands_there() -> None:
    documented = {(each.name, each.method, anonymous(each.path)) for each in DOCUMENTED}
    described = {(each.name, each.verb, anonymous(each.path)) for each in provider_operations()}
    assert described - documented == set()
    assert len(described) > 15


def test_every_operation_of_the_provider_is_asked_for_by_a_resource_or_by_itself() -> None:
    declared = {row.operation for row in ROWS if row.resource}
    by_itself = {"CreateToken", "ListProjects"}
    assert {each.name for each in provider_operations()} - declared - by_itself == set()


def test_every_resource_has_rows() -> None:
    assert registry().keys() - {rows_images.TOKEN, rows_jobs.TOKEN, rows_pai.TOKEN} == set()


def test_both_clients_of_the_jobs_have_all_of_them() -> None:
    jobs = {name for name in NAMES if "VisualizationJob" in name}
    for client in ("core", "otc"):
        assert {row.operation for row in ROWS if row.client == client} >= jobs
