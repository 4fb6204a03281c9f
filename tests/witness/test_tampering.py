"""Whatever byte of what is signed is changed on the way, the emulator does not take the request.

Knows where a request carries its signature; the requests are signed by the official clients and by the provider.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from alibabacloud_pai_dlc20201203 import models as pai  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1 import model as images  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images as image_calls
from mlworkbench.api.modelarts import visualization_jobs as job_calls
from mlworkbench.api.pai import tensorboards as tensorboard_calls
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_USER

from . import vendors
from .arguments import ODD_TEXT
from .ours import Ours, modelarts_keys, pai_keys
from .wiretap import Asked, Wiretap, submit

NAME = {"DisplayName": ODD_TEXT}
PATH = {"swr_path": "swr.example.com/team/image:1", "description": ODD_TEXT}
JOB = {"job_name": "a", "train_url": "/b/d/"}
JOBS_OF = {"page": 1, "search_content": ODD_TEXT}


@dataclass(frozen=True)
class Sender:
    """Somebody who signs and sends one request to an address."""

    name: str
    send: Callable[[Ours], Any]


def official(name: str, call: Callable[[Any], object], make: Callable[[str], Any]) -> Sender:
    async def send(ours: Ours) -> None:
        call(make(ours.url))

    return Sender(f"official {name}", send)


TEMPORARY_PAI = pai_keys(ALIBABA_OWNER.keys[1])
TEMPORARY_MODELARTS = modelarts_keys(HUAWEI_USER.keys[1])

SENDERS = (
    official(
        "body by ACS3",
        lambda client: client.create_tensorboard(pai.CreateTensorboardRequest(display_name=ODD_TEXT)),
        vendors.pai,
    ),
    official(
        "query by ACS3",
        lambda client: client.list_tensorboards(pai.ListTensorboardsRequest(display_name=ODD_TEXT, show_own=False)),
        lambda url: vendors.temporary("pai", url),
    ),
    official(
        "body by SDK-HMAC",
        lambda client: client.register_image(images.RegisterImageRequest(body=images.ImageRegRequest(**PATH))),
        lambda url: vendors.temporary("modelarts", url),
    ),
    official(
        "query by SDK-HMAC", lambda client: client.list_jobs(**JOBS_OF), lambda url: vendors.temporary("core", url)
    ),
    Sender(
        "our body by ACS3",
        lambda ours: ours.pai(**TEMPORARY_PAI)(
            tensorboard_calls.CREATE, body=tensorboard_calls.CreateBody.model_validate(NAME)
        ),
    ),
    Sender(
        "our query by ACS3",
        lambda ours: ours.pai()(tensorboard_calls.LIST, query=tensorboard_calls.ListQuery(display_name=ODD_TEXT)),
    ),
    Sender(
        "our body by SDK-HMAC",
        lambda ours: ours.huawei(**TEMPORARY_MODELARTS)(
            image_calls.REGISTER, body=image_calls.RegisterBody.model_validate(PATH)
        ),
    ),
    Sender(
        "our query by SDK-HMAC",
        lambda ours: ours.huawei()(job_calls.LIST, query=job_calls.ListQuery(search_content=ODD_TEXT)),
    ),
    Sender(
        "our body by the scoped form",
        lambda ours: ours.huawei(modelartsSigning="scoped")(
            job_calls.CREATE, body=job_calls.CreateBody.model_validate(JOB)
        ),
    ),
)
every_sender = pytest.mark.parametrize("sender", SENDERS, ids=[sender.name for sender in SENDERS])


@pytest.fixture
async def signed(sender: Sender, sink_line: tuple[Wiretap, str]) -> Asked:
    """A well-signed request that no server has used yet."""
    tap, url = sink_line
    tap.clear()
    ours = Ours(url)
    await sender.send(ours)
    await ours.close()
    (asked,) = tap.asked
    return asked


@pytest.fixture
def judge() -> Iterator[Emulator]:
    """An emulator that judges what is put to it, and locks nobody out."""
    emulator = Emulator(Settings(bad_signature_limit=0))
    yield emulator
    emulator.close()


def other(character: str) -> str:
    """Give another character of the same kind, so that it is the change that is refused and not its form."""
    if character in "0123456789":
        return str((int(character) + 1) % 10)
    if character.isalpha() and character.isascii():
        return "b" if character.lower() == "a" else "a"
    return "x"


def changes(text: str) -> Iterator[str]:
    for place, character in enumerate(text):
        yield text[:place] + other(character) + text[place + 1 :]


def with_header(asked: Asked, name: str, value: str) -> Asked:
    return replace(asked, headers=tuple((key, value if key == name else old) for key, old in asked.headers))


def signed_names(asked: Asked) -> list[str]:
    found = re.search(r"SignedHeaders=([^,]+)", asked.header["authorization"])
    assert found
    return found[1].split(";")


def spoilt(asked: Asked) -> Iterator[tuple[str, Asked]]:
    """Yield the request with each byte of each signed part changed."""
    for method in {"GET", "POST", "PUT", "DELETE"} - {asked.method}:
        yield "method", replace(asked, method=method)
    for path in changes(asked.raw_path[1:]):
        yield "path", replace(asked, raw_path=f"/{path}")
    for query in changes(asked.raw_query):
        yield "query", replace(asked, raw_query=query)
    yield "longer query", replace(asked, raw_query=f"{asked.raw_query}&x=".removeprefix("&"))
    for body in changes(asked.body.decode("latin-1")):
        yield "body", replace(asked, body=body.encode("latin-1"))
    yield "longer body", replace(asked, body=asked.body + b" ")
    for name in signed_names(asked):
        for value in changes(asked.header[name]):
            yield f"header {name}", with_header(asked, name, value)
        yield f"no {name}", replace(asked, headers=tuple(pair for pair in asked.headers if pair[0] != name))
        yield f"second {name}", replace(asked, headers=(*asked.headers, (name, "x")))
    authorization = asked.header["authorization"]
    for value in changes(authorization):
        yield "authorization", with_header(asked, "authorization", value)
    for name in signed_names(asked):
        fewer = re.sub(rf"(?<==){name};|;{name}(?=[;,])", "", authorization, count=1)
        yield f"unsigned {name}", with_header(asked, "authorization", fewer)


@every_sender
async def test_a_change_in_any_signed_part_is_refused(signed: Asked, judge: Emulator) -> None:
    taken = []
    for part, asked in spoilt(signed):
        told = await submit(judge.app, asked)
        (*_, entry) = judge.journal
        if told.status < 400 or entry.credential != "none":
            taken.append((part, asked))
    assert taken == []
    assert not any(judge.resources.all(kind) for kind in ("tensorboards", "visualization-jobs", "images"))
    told = await submit(judge.app, signed)
    assert told.status == 200, "what is refused above must be refused for its change"


@every_sender
async def test_what_is_not_signed_may_change_on_the_way(signed: Asked, judge: Emulator) -> None:
    told = await submit(judge.app, with_header(signed, "accept-encoding", "identity"))
    assert "accept-encoding" not in signed_names(signed)
    assert told.status == 200


@every_sender
async def test_only_acs3_keeps_a_request_from_being_sent_twice(signed: Asked, judge: Emulator) -> None:
    first, second = [await submit(judge.app, signed) for _ in range(2)]
    assert first.status == 200
    if "ACS3" in signed.header["authorization"]:
        assert (second.status, second.json["Code"]) == (400, "SignatureNonceUsed")
    else:
        assert second.json.get("error_code") in (None, "ModelArts.6737", "ModelArts.0103")


@every_sender
async def test_the_body_cannot_be_declared_unsigned_afterwards(signed: Asked, judge: Emulator) -> None:
    other_body = replace(signed, body=signed.body + b" ")
    for value in ("UNSIGNED-PAYLOAD", signed.header.get("x-acs-content-sha256", "0" * 64)):
        told = await submit(judge.app, replace(other_body, headers=(*signed.headers, ("x-sdk-content-sha256", value))))
        assert told.status in (400, 401)
