"""Laws of the page about the hosts: the time limits that it tells are those of the code."""

from __future__ import annotations

from mlworkbench.lifecycle.engine import PATIENCE
from mlworkbench.resources import registry
from tests.demo.documents import DOCUMENTS, rows

PAGE = next(document for document in DOCUMENTS if document.name == "hosts.md")
VERBS = ("create", "read", "update", "delete")


def test_the_time_limits_of_every_resource_and_verb_are_documented() -> None:
    documented = {title: cells for title, *cells in rows(PAGE, "resource")}
    held = {
        kind.title(): [f"{kind.patience.get(verb, PATIENCE[verb]).limit / 60:.0f} min" for verb in VERBS]
        for kind in registry().values()
    }
    assert documented == held
