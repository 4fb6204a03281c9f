"""Laws of one call: how it is built, sent, read and made again. Knows a made-up service; makes no real connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import httpx
import pytest

from mlworkbench.wire.client import Client, connect
from mlworkbench.wire.errors import (
    CloudError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Throttled,
    Unavailable,
    Unreachable,
    Unreadable,
)
from mlworkbench.wire.signing import Acs3, Keys, SdkHmac
from tests.unit.wire.clouds import DROP, GET, MAKE, SERVICE, Cloud, Turn, Wish, no, ok


async def test_a_call_goes_to_the_endpoint_with_ids_and_query_encoded() -> None:
    cloud = Cloud([ok()])
    await cloud.client()(GET, {"id": "a/b c"}, query=Wish(name="x y*é", big=True))
    assert str(cloud.asked[0].url) == "https://cloud.example.com/v1/things/a%2Fb%20c?name=x%20y%2A%C3%A9&big=true"
    assert cloud.asked[0].method == "GET"


@pytest.mark.parametrize("endpoint", ["https://cloud.example.com/", "https://cloud.example.com"])
async def test_a_slash_at_the_end_of_the_endpoint_makes_no_difference(endpoint: str) -> None:
    cloud = Cloud([ok()])
    await cloud.client(endpoint=endpoint)(GET, {"id": "t-1"})
    assert str(cloud.asked[0].url) == "https://cloud.example.com/v1/things/t-1"


async def test_an_endpoint_may_have_a_path_of_its_own() -> None:
    cloud = Cloud([ok()])
    await cloud.client(endpoint="https://proxy.example.com/pai/")(GET, {"id": "t-1"})
    assert str(cloud.asked[0].url) == "https://proxy.example.com/pai/v1/things/t-1"


async def test_the_client_adds_the_ids_that_every_path_needs() -> None:
    async def ids() -> Mapping[str, str]:
        return {"id": "from-the-client"}

    cloud = Cloud([ok()])
    await cloud.client(ids=ids)(GET)
    assert cloud.asked[0].url.path == "/v1/things/from-the-client"


async def test_a_body_is_sent_as_json_in_utf_8_with_its_content_type() -> None:
    cloud = Cloud([ok()])
    await cloud.client()(MAKE, body=Wish(name="名"))
    assert cloud.asked[0].content == json.dumps({"name": "名"}, ensure_ascii=False).encode()
    assert cloud.asked[0].headers["content-type"] == "application/json"


async def test_a_call_without_a_body_has_a_content_type_only_if_the_service_wants_one() -> None:
    cloud = Cloud([ok()])
    await cloud.client()(GET, {"id": "t-1"})
    await cloud.client(service=replace(SERVICE, bodiless_content_type="application/json"))(GET, {"id": "t-1"})
    assert "content-type" not in cloud.asked[0].headers
    assert cloud.asked[1].headers["content-type"] == "application/json"


async def test_a_call_carries_the_headers_that_its_operation_decides() -> None:
    cloud = Cloud([ok()])
    await cloud.client()(GET, {"id": "t-1"})
    assert cloud.asked[0].headers["x-acs-action"] == "GetThing"


async def test_the_answer_is_read_into_its_shape() -> None:
    thing = await Cloud([ok(size="7", beyond="ignored")]).client()(GET, {"id": "t-1"})
    assert (thing.id, thing.size) == ("t-1", 7)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_a_call_without_an_answer_succeeds_on_an_empty_body(status: int) -> None:
    await Cloud([httpx.Response(status)]).client()(DROP, {"id": "t-1"})


async def test_a_throttled_call_is_made_again_even_if_it_is_not_repeatable() -> None:
    cloud = Cloud([no(429), no(429), ok()])
    await cloud.client()(MAKE, body=Wish(name="x"))
    assert [request.content for request in cloud.asked] == [b'{"name": "x"}'] * 3


async def test_every_attempt_is_signed_anew() -> None:
    cloud = Cloud([no(429), no(429), ok()])
    await cloud.client(auth=Acs3(Keys("ak", "sk")))(MAKE, body=Wish(name="x"))
    assert len({request.headers["x-acs-signature-nonce"] for request in cloud.asked}) == 3
    assert len({request.headers["authorization"] for request in cloud.asked}) == 3


async def test_every_attempt_gets_the_date_of_its_own_moment() -> None:
    moments = iter(range(1, 10))

    class Tick:
        def __call__(self) -> object:
            return self

        def strftime(self, form: str) -> str:
            return f"moment {next(moments)}"

    cloud = Cloud([no(429), ok()])
    await cloud.client(auth=SdkHmac(Keys("ak", "sk"), now=Tick()))(MAKE, body=Wish(name="x"))  # type: ignore[arg-type]
    assert [request.headers["x-sdk-date"] for request in cloud.asked] == ["moment 1", "moment 2"]


@pytest.mark.parametrize(
    "turn",
    [
        no(503),
        no(500, code="Internal"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("cut off"),
        httpx.WriteError("broken pipe"),
    ],
)
async def test_a_call_that_makes_something_is_never_made_again_when_its_outcome_is_unknown(turn: Turn) -> None:
    cloud = Cloud([turn])
    with pytest.raises((Unavailable, Unreachable)):
        await cloud.client()(MAKE, body=Wish(name="x"))
    assert len(cloud.asked) == 1


@pytest.mark.parametrize("turn", [no(503), httpx.ReadTimeout("slow"), httpx.ConnectError("refused")])
async def test_a_repeatable_call_is_made_again_until_it_succeeds(turn: Turn) -> None:
    cloud = Cloud([turn, turn, ok()])
    assert (await cloud.client()(GET, {"id": "t-1"})).id == "t-1"
    assert len(cloud.asked) == 3


@pytest.mark.parametrize(
    "silence", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
)
async def test_a_call_that_never_left_is_made_again_whatever_it_does(silence: Exception) -> None:
    cloud = Cloud([silence, ok()])
    assert (await cloud.client()(MAKE, body=Wish(name="x"))).id == "t-1"


@pytest.mark.parametrize(
    ("silence", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.ProxyError("denied"), False),
        (httpx.PoolTimeout("full"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.WriteTimeout("slow"), True),
        (httpx.RemoteProtocolError("cut off"), True),
    ],
)
async def test_silence_tells_whether_the_call_may_have_taken_effect(silence: Exception, sent: bool) -> None:
    with pytest.raises(Unreachable) as caught:
        await Cloud([silence]).client(tries=1)(MAKE, body=Wish(name="x"))
    assert caught.value.sent is sent
    assert "cloud.example.com" in str(caught.value)
    assert str(silence) in str(caught.value)


async def test_no_call_is_made_more_often_than_the_user_allows() -> None:
    cloud = Cloud([no(429)])
    with pytest.raises(Throttled):
        await cloud.client(tries=3)(GET, {"id": "t-1"})
    assert len(cloud.asked) == 3


async def test_the_wait_between_attempts_is_what_the_cloud_asks_for() -> None:
    cloud = Cloud([no(429, {"Retry-After": "3"}), no(429, {"x-acs-retry-after": "1500"}), ok()])
    await cloud.client()(GET, {"id": "t-1"})
    assert cloud.waits == [3.0, 1.5]


async def test_the_wait_between_attempts_grows_if_the_cloud_says_nothing() -> None:
    cloud = Cloud([no(429), no(429), no(429), ok()])
    await cloud.client()(GET, {"id": "t-1"})
    assert cloud.waits == sorted(cloud.waits)
    assert len(set(cloud.waits)) == 3


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (no(404, code="Gone", message="gone"), NotFound),
        (no(400, code="Bad", message="bad"), InvalidRequest),
        (no(403), PermissionDenied),
        (httpx.Response(200, json={"ok": False, "message": "no"}), InvalidRequest),
    ],
)
async def test_a_refusal_is_raised_at_once(turn: Turn, kind: type[CloudError]) -> None:
    cloud = Cloud([turn])
    with pytest.raises(kind):
        await cloud.client()(GET, {"id": "t-1"})
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    "body", [b"<html>hello</html>", b"null", b"[]", b'"text"', b"{}", b'{"id": {}}', b'{"id": "x", "size": "big"}']
)
async def test_an_answer_that_does_not_read_as_documented_is_told_apart(body: bytes) -> None:
    turn = httpx.Response(200, content=body, headers={"x-id": "R-1"})
    with pytest.raises(Unreadable, match="does not read as documented") as caught:
        await Cloud([turn]).client()(GET, {"id": "t-1"})
    assert caught.value.answer.request_id == "R-1"
    assert caught.value.answer.status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>Moved</html>"])
async def test_an_answer_that_points_elsewhere_is_no_success(status: int, body: bytes) -> None:
    turn = httpx.Response(status, content=body, headers={"location": "https://login.example.com/"})
    cloud = Cloud([turn])
    with pytest.raises(CloudError):
        await cloud.client(tries=1)(DROP, {"id": "t-1"})
    assert [request.url.host for request in cloud.asked] == ["cloud.example.com"]


async def test_no_message_holds_a_whole_page_and_none_is_cut_in_the_middle_of_a_secret() -> None:
    page = httpx.Response(502, text="x" * 395 + " s3cr3t-s3cr3t " + "y" * 100_000)
    with pytest.raises(Unavailable) as caught:
        await Cloud([page]).client(secrets=("s3cr3t-s3cr3t",), tries=1)(GET, {"id": "t-1"})
    assert len(str(caught.value)) < 600
    assert "s3cr" not in str(caught.value)


@pytest.mark.parametrize("field", ["code", "id"])
async def test_secrets_are_taken_out_of_codes_and_request_ids(field: str) -> None:
    told = {"code": "X", "id": "r-1", "message": "no", field: "t0k%2Fn and t0k/n\x1b[31m"}
    turn = httpx.Response(400, json=told)
    with pytest.raises(CloudError) as caught:
        await Cloud([turn]).client(secrets=("t0k/n",), tries=1)(GET, {"id": "t-1"})
    assert "t0k" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("error", [httpx.LocalProtocolError("Illegal header value b's3cr3t'")])
async def test_a_call_that_cannot_be_sent_says_so_without_the_secret(error: Exception) -> None:
    with pytest.raises(Unreachable) as caught:
        await Cloud([error]).client(secrets=("s3cr3t\n",), tries=1)(MAKE, body=Wish(name="x"))
    assert caught.value.sent is False
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("turn", [httpx.Response(200, content=b"[" * 200_000), httpx.DecodingError("bad gzip")])
async def test_an_answer_that_cannot_be_read_may_have_taken_effect(turn: Turn) -> None:
    with pytest.raises(Unreadable) as caught:
        await Cloud([turn]).client(tries=1)(MAKE, body=Wish(name="x"))
    assert caught.value.sent is True


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_secrets_are_taken_out_of_what_the_cloud_says(status: int) -> None:
    turn = no(status, code="X", message="you sent s3cr3t and t0k3n")
    with pytest.raises(CloudError) as caught:
        await Cloud([turn]).client(secrets=("s3cr3t", "t0k3n"), tries=1)(GET, {"id": "t-1"})
    assert "you sent [secret] and [secret]" in str(caught.value)
    assert "s3cr3t" not in repr(caught.value)


async def test_secrets_are_taken_out_of_a_page_that_a_proxy_answers() -> None:
    turn = httpx.Response(502, content=b"<pre>X-Auth-Token: t0k3n</pre>")
    with pytest.raises(Unavailable) as caught:
        await Cloud([turn]).client(secrets=("t0k3n",), tries=1)(GET, {"id": "t-1"})
    assert "t0k3n" not in str(caught.value)


def test_the_text_form_of_a_client_holds_no_secret() -> None:
    client = Cloud([ok()]).client(secrets=("s3cr3t",), auth=Acs3(Keys("ak", "s3cr3t")))
    assert "s3cr3t" not in repr(client)


async def test_connections_say_who_calls() -> None:
    http = connect(timeout_seconds=5, verify=True, user_agent="mlworkbench/1")
    assert (http.headers["user-agent"], http.headers["accept"]) == ("mlworkbench/1", "application/json")
    assert http.timeout == httpx.Timeout(5)
    assert isinstance(Cloud([ok()]).client(), Client)
    await http.aclose()
