"""Laws of List: what `pulumi do … list` shows. Know no resource.

Source: provider.proto, List.
"""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2 as proto

from ..law import Broken, Scope, broken, chapter, require, skip
from ..plugin import Refused
from ..subject import Subject

law = chapter("List", Scope.RESOURCE)

_MOST_PAGES = 200


def _pages(subject: Subject, page_size: int, limit: int = 0) -> list[list[proto.ListResponse.Result]]:
    """List all, page by page."""
    pages: list[list[proto.ListResponse.Result]] = []
    token = ""
    for _ in range(_MOST_PAGES):
        request = proto.ListRequest(token=subject.type, page_size=page_size, limit=limit, continuation_token=token)
        answers = subject.plugin.stream("List", request)
        pages.append([each.result for each in answers if each.WhichOneof("response") == "result"])
        token = next(
            (each.continuation.continuation_token for each in answers if each.WhichOneof("response") == "continuation"),
            "",
        )
        if not token:
            return pages
    raise Broken(f"the list did not end after {_MOST_PAGES} pages")


def _offered(subject: Subject) -> None:
    if "listInputs" not in subject.stage.package.resource(subject.type):
        skip("the schema has no listInputs for this resource: `pulumi do` offers no list")


@law(
    "provider.proto, List; schema: listInputs",
    "Implement List for each resource whose schema has listInputs, or leave listInputs out.",
)
def what_exists_is_listed(subject: Subject) -> None:
    """A resource that exists is in the list, with the id that an import takes, and one that was deleted is not."""
    _offered(subject)
    existing = subject.prepared()
    try:
        listed = [each.id for page in _pages(subject, page_size=0) for each in page]
        require(existing.id in listed, f"{existing.id} exists and is not among {listed[:10]}")
    except Refused as refusal:
        broken(f"the schema has listInputs, and {refusal}")
    finally:
        subject.clear(existing)
    listed = [each.id for page in _pages(subject, page_size=0) for each in page]
    require(existing.id not in listed, f"{existing.id} was deleted and is still listed")


@law(
    "provider.proto, ListRequest.page_size, continuation_token and limit",
    "End a page with a Continuation as long as there is more, and go on from it; answer no more than `limit` in all.",
)
def a_list_can_be_read_in_pages(subject: Subject) -> None:
    """Pages of one hold everything exactly once."""
    _offered(subject)
    with subject.fresh(), subject.fresh():
        whole = [each.id for page in _pages(subject, page_size=0) for each in page]
        pages = _pages(subject, page_size=1)
        single = [each.id for page in pages for each in page]
        first = [each.id for each in _pages(subject, page_size=0, limit=1)[0]]
    require(sorted(single) == sorted(whole), f"in one piece: {sorted(whole)}; in pages of one: {sorted(single)}")
    require(len(first) <= 1, f"{len(first)} came with a limit of 1")


LAWS = (what_exists_is_listed, a_list_can_be_read_in_pages)
