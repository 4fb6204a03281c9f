"""Laws of IAM: logging in, renewing a token, looking a project up. Knows IAM's documented answers; no service."""

from __future__ import annotations

import asyncio
import json
import pickle
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from mlworkbench.wire.client import Client
from mlworkbench.wire.clock import ServerClock
from mlworkbench.wire.errors import (
    Answer,
    CloudError,
    InvalidRequest,
    PermissionDenied,
    Throttled,
    Unauthenticated,
    Unavailable,
    Unreachable,
    Unreadable,
)
from mlworkbench.wire.gate import Gate
from mlworkbench.wire.retry import Retry
from mlworkbench.wire.signing import Keys, SdkHmac
from mlworkbench.wire.tokens import IAM as IAM_SERVICE
from mlworkbench.wire.tokens import Login, PasswordToken, Project, ReadyToken
from tests.unit.wire.clouds import ENDPOINT, GET, MAKE, SERVICE, Wish

ADDRESS = "https://iam.example.com"
START = datetime(2026, 1, 1, tzinfo=UTC)
LOGIN = Login("alice", "pa55word", "acme", {"name": "cn-north-4"})


REFUSED = {"error_msg": "no"}


@dataclass
class Iam:
    """IAM and one service behind it. `login` and `service` may answer otherwise than well."""

    now: datetime = START
    life: timedelta = timedelta(hours=24)
    logins: list[httpx.Request] = field(default_factory=list)
    calls: list[httpx.Request] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    voided: set[str] = field(default_factory=set)
    login: httpx.Response | Exception | None = None
    projects: httpx.Response | Exception | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if request.url.path == "/v3/auth/tokens":
            self.logins.append(request)
            return _answer(self.login) or self._token()
        if request.url.path == "/v3/projects":
            self.calls.append(request)
            return _answer(self.projects) or httpx.Response(200, json={"projects": []})
        self.calls.append(request)
        # A request that is made again is the same object: what it carried is kept apart.
        self.tokens.append(request.headers.get("X-Auth-Token", ""))
        if self.tokens[-1] in {"", *self.voided}:
            return httpx.Response(401, json={"code": "APIGW.0307", "message": "token must be updated"})
        return httpx.Response(200, json={"id": "t-1"})

    def _token(self) -> httpx.Response:
        expires = (self.now + self.life).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        token = f"token-{len(self.logins)}"
        return httpx.Response(201, json={"token": {"expires_at": expires}}, headers={"X-Subject-Token": token})

    def connect(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    def auth(self) -> PasswordToken:
        return PasswordToken(f"{ADDRESS}/", LOGIN, now=lambda: self.now)

    def client(self, **facts: Any) -> Client:
        return Client(self.connect(), SERVICE, ENDPOINT, self.auth(), retry=Retry(tries=1), **facts)


def _answer(turn: httpx.Response | Exception | None) -> httpx.Response | None:
    if isinstance(turn, Exception):
        raise turn
    return turn and httpx.Response(turn.status_code, headers=turn.headers, content=turn.content)


async def test_a_login_is_made_as_iam_documents_it() -> None:
    iam = Iam()
    await iam.client()(GET, {"id": "x"})
    assert json.loads(iam.logins[0].content) == {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {"user": {"name": "alice", "password": "pa55word", "domain": {"name": "acme"}}},
            },
            "scope": {"project": {"name": "cn-north-4"}},
        }
    }
    assert str(iam.logins[0].url) == f"{ADDRESS}/v3/auth/tokens?nocatalog=true"
    assert iam.logins[0].method == "POST"
    assert iam.logins[0].headers["content-type"].startswith("application/json")


async def test_a_call_carries_the_token_of_the_login() -> None:
    iam = Iam()
    await iam.client()(GET, {"id": "x"})
    assert iam.tokens == ["token-1"]


async def test_one_token_serves_all_calls_until_shortly_before_it_expires() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.now += timedelta(hours=23)
    await client(GET, {"id": "x"})
    assert len(iam.logins) == 1
    iam.now += timedelta(minutes=59)
    await client(GET, {"id": "x"})
    assert len(iam.logins) == 2
    assert iam.tokens[-1] == "token-2"


async def test_a_refused_token_is_renewed_once_and_the_call_made_again() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.voided = {"token-1"}
    assert (await client(GET, {"id": "x"})).id == "t-1"
    assert iam.tokens == ["token-1", "token-1", "token-2"]


async def test_a_fresh_token_that_is_refused_too_is_the_end() -> None:
    iam = Iam(voided={"token-1", "token-2", "token-3"})
    with pytest.raises(Unauthenticated, match="token must be updated"):
        await iam.client()(GET, {"id": "x"})
    assert len(iam.logins) == 2


async def test_calls_at_once_share_one_login() -> None:
    iam = Iam()
    client = iam.client()
    await asyncio.gather(*(client(GET, {"id": "x"}) for _ in range(20)))
    assert (len(iam.logins), len(iam.calls)) == (1, 20)


async def test_calls_at_once_share_one_renewal() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.voided = {"token-1"}
    await asyncio.gather(*(client(GET, {"id": "x"}) for _ in range(20)))
    assert len(iam.logins) == 2


async def test_a_login_that_failed_is_tried_again_by_the_next_call() -> None:
    iam = Iam(login=httpx.ConnectError("refused"))
    client = iam.client()
    with pytest.raises(Unreachable):
        await client(GET, {"id": "x"})
    iam.login = None
    assert (await client(GET, {"id": "x"})).id == "t-1"


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (httpx.Response(401, json={"error": {"code": 401, "message": "wrong password"}}), Unauthenticated),
        (httpx.Response(401, json={"error_code": "IAM.0011", "error_msg": "wrong password"}), Unauthenticated),
        (httpx.Response(401, text="<html>no</html>"), Unauthenticated),
        (httpx.Response(429, json={"error_msg": "too many"}), Throttled),
        (httpx.Response(400, json={"error_code": "APIGW.0308", "error_msg": "too many"}), Throttled),
        (httpx.Response(400, json={"error_code": "APIG.0308", "error_msg": "too many"}), Throttled),
        (httpx.Response(408), Unavailable),
        (httpx.Response(400, json={"error": {"code": 400, "message": "no such user"}}), Unauthenticated),
        (httpx.Response(503, json={"error_code": "APIGW.0613"}), Unavailable),
        (httpx.Response(500, text="oops"), Unavailable),
        (httpx.Response(201, json={}, headers={"X-Subject-Token": "t"}), Unreadable),
        (httpx.Response(201, text="<html>hello</html>", headers={"X-Subject-Token": "t"}), Unreadable),
    ],
)
async def test_a_login_that_fails_says_how(turn: httpx.Response, kind: type[CloudError]) -> None:
    iam = Iam(login=turn)
    with pytest.raises(kind):
        await iam.client()(GET, {"id": "x"})
    assert iam.calls == []


BUSY = [
    httpx.Response(400, json={"error_code": "APIGW.0308"}, headers={"Retry-After": "7"}),
    httpx.Response(429, json={"error_code": "APIG.0308"}, headers={"Retry-After": "7"}),
    httpx.Response(408, headers={"Retry-After": "7"}),
]


@pytest.mark.parametrize("busy", BUSY, ids=["400", "429", "408"])
async def test_a_login_for_which_iam_has_no_time_is_made_again(busy: httpx.Response) -> None:
    iam, waits = Iam(login=busy), list[float]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        iam.login = None

    client = replace(iam.client(), retry=Retry(sleep=wait))
    assert (await client(MAKE, body=Wish(name="x"))).id == "t-1"
    assert (waits, len(iam.logins), iam.tokens) == ([7.0], 2, ["token-2"])


async def test_what_iam_says_about_a_refused_login_is_kept() -> None:
    told = {"error": {"code": 401, "message": "The password is wrong."}}
    iam = Iam(login=httpx.Response(401, json=told, headers={"X-Request-Id": "R-1"}))
    with pytest.raises(Unauthenticated) as caught:
        await iam.client()(GET, {"id": "x"})
    assert (caught.value.attempt, caught.value.answer.code) == ("CreateToken", "401")
    assert "The password is wrong." in str(caught.value)
    assert caught.value.answer.request_id == "R-1"


async def test_the_password_is_in_no_message_and_in_no_text_form() -> None:
    iam = Iam(login=httpx.Response(401, json={"error_msg": "you sent pa55word"}))
    with pytest.raises(Unauthenticated) as caught:
        await iam.client(secrets=("pa55word",))(GET, {"id": "x"})
    assert "pa55word" not in str(caught.value)
    assert "pa55word" not in repr(LOGIN)
    assert "secret-token" not in repr(ReadyToken("secret-token"))


@pytest.mark.parametrize("silence", [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.ConnectError("no")])
async def test_silence_of_iam_is_told_as_such_and_the_call_itself_has_not_been_made(silence: Exception) -> None:
    iam = Iam(login=silence)
    with pytest.raises(Unreachable) as caught:
        await iam.client()(MAKE, body=Wish(name="x"))
    assert caught.value.sent is False
    assert "iam.example.com" in str(caught.value)
    assert iam.calls == []


async def test_a_token_from_elsewhere_is_sent_as_it_is() -> None:
    iam = Iam()
    client = Client(iam.connect(), SERVICE, ENDPOINT, ReadyToken("mine"), retry=Retry(tries=1))
    await client(GET, {"id": "x"})
    assert iam.calls[0].headers["X-Auth-Token"] == "mine"
    assert iam.logins == []


def projects(*found: tuple[str, str]) -> httpx.Response:
    return httpx.Response(200, json={"projects": [{"id": id, "name": name} for id, name in found]})


def project(iam: Iam, id: str = "") -> Project:
    client = Client(iam.connect(), IAM_SERVICE, f"{ADDRESS}/", ReadyToken("mine"), retry=Retry(tries=1))
    return Project(client, "cn-north-4", id)


async def test_a_known_project_is_not_looked_up() -> None:
    iam = Iam()
    assert await project(iam, "p-1").ids() == {"project_id": "p-1"}
    assert iam.calls == []


async def test_a_project_is_looked_up_by_name_once() -> None:
    iam = Iam(projects=projects(("p-1", "cn-north-4")))
    looked_up = project(iam)
    found = await asyncio.gather(*(looked_up.ids() for _ in range(10)))
    assert found == [{"project_id": "p-1"}] * 10
    assert [str(call.url) for call in iam.calls] == [f"{ADDRESS}/v3/projects?name=cn-north-4"]
    assert iam.calls[0].headers["X-Auth-Token"] == "mine"


async def test_a_project_matches_by_its_whole_name() -> None:
    iam = Iam(projects=projects(("p-1", "cn-north-4"), ("p-2", "cn-north-4_sub")))
    assert await project(iam).ids() == {"project_id": "p-1"}


@pytest.mark.parametrize(
    ("answer", "number"), [(projects(), "no"), (projects(("p-1", "cn-north-4"), ("p-2", "cn-north-4")), "2")]
)
async def test_none_or_several_projects_of_the_name_ask_the_user_for_the_id(
    answer: httpx.Response, number: str
) -> None:
    with pytest.raises(
        InvalidRequest, match=rf"{number} projects? named 'cn-north-4': set mlworkbench:modelartsProjectId"
    ):
        await project(Iam(projects=answer)).ids()


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (httpx.Response(401, json={"error_msg": "who are you"}), Unauthenticated),
        (httpx.Response(403, json={"error_msg": "not allowed"}), PermissionDenied),
        (httpx.Response(429, json={"error_msg": "slower"}), Throttled),
        (httpx.Response(503, text="busy"), Unavailable),
        (httpx.Response(200, text="<html>hello</html>"), Unreadable),
        (httpx.Response(200, json={"unexpected": True}), Unreadable),
        (httpx.ConnectError("refused"), Unreachable),
    ],
)
async def test_a_look_up_that_fails_says_how(turn: httpx.Response | Exception, kind: type[CloudError]) -> None:
    with pytest.raises(kind):
        await project(Iam(projects=turn)).ids()


async def test_a_look_up_that_failed_is_tried_again_by_the_next_call() -> None:
    iam = Iam(projects=httpx.ConnectError("refused"))
    looked_up = project(iam)
    with pytest.raises(Unreachable):
        await looked_up.ids()
    iam.projects = projects(("p-1", "cn-north-4"))
    assert await looked_up.ids() == {"project_id": "p-1"}


async def test_a_refused_password_is_not_sent_again() -> None:
    iam = Iam(login=httpx.Response(401, json={"error_msg": "wrong password"}))
    client = iam.client()
    told = await asyncio.gather(*(client(GET, {"id": "x"}) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(each, Unauthenticated) for each in told)
    assert len(iam.logins) == 1


async def test_a_password_that_is_changed_during_a_run_is_refused_once() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.now += timedelta(hours=25)
    iam.login = httpx.Response(401, json={"error_msg": "wrong password"})
    await asyncio.gather(*(client(GET, {"id": "x"}) for _ in range(10)), return_exceptions=True)
    assert len(iam.logins) == 2


async def test_a_password_that_is_changed_is_sent_once_when_a_token_is_voided_for_many() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.voided = {"token-1"}
    iam.login = httpx.Response(401, json={"error_msg": "wrong password"})
    told = await asyncio.gather(*(client(GET, {"id": "x"}) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(each, Unauthenticated) for each in told)
    assert len(iam.logins) == 2


async def test_a_token_that_is_still_good_is_used_while_iam_is_down() -> None:
    iam = Iam()
    client = iam.client()
    await client(GET, {"id": "x"})
    iam.now += timedelta(hours=23, minutes=40)
    iam.login = httpx.Response(503)
    assert (await client(GET, {"id": "x"})).id == "t-1"
    assert iam.tokens[-1] == "token-1"


async def test_the_token_is_kept_out_of_messages_like_the_password() -> None:
    iam = Iam()
    auth = iam.auth()
    client = Client(iam.connect(), SERVICE, ENDPOINT, auth, auth.secrets, retry=Retry(tries=1))
    await client(GET, {"id": "x"})
    assert auth.secrets == {"pa55word", "token-1"}


async def told_to(client: Client) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await client(GET, {"id": "x"})
    return caught.value.advice


async def test_what_to_check_is_what_was_shown() -> None:
    refusing = Iam(voided={"mine", "token-1", "token-2"})
    ready = Client(refusing.connect(), SERVICE, ENDPOINT, ReadyToken("mine"), retry=Retry(tries=1))
    assert await told_to(ready) == Unauthenticated.advices["token"]
    assert await told_to(refusing.client()) == Unauthenticated.advices["token"]
    assert await told_to(replace(ready, auth=SdkHmac(Keys("ak", "sk")), gate=Gate())) == Unauthenticated.advices["keys"]
    login = Iam(login=httpx.Response(401, json=REFUSED)).client()
    assert "password" in await told_to(login)
    # Who is told that it was not even tried is told the same.
    assert "password" in await told_to(login)


def test_advice_outlives_copies_and_journeys() -> None:
    error = Unauthenticated("CreateToken", Answer(401)).of("login").but(message="no", sent=False)
    travelled = pickle.loads(pickle.dumps(error))
    for each in (error, travelled):
        assert str(each) == f"CreateToken failed: no (HTTP 401). {Unauthenticated.advices['login']}"
        assert (each.sent, each.answer.message) == (False, "no")


NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


def noon(minutes: int) -> ServerClock:
    return ServerClock(now=lambda: datetime(2026, 1, 1, 12, minutes, tzinfo=UTC))


async def test_a_refused_login_tells_the_time_and_is_not_blamed_on_it() -> None:
    refused = httpx.Response(401, json=REFUSED, headers={"Date": NOON})
    clock = noon(20)
    client = Iam(login=refused).client(clock=clock)
    with pytest.raises(Unauthenticated, match="this machine's clock is 1200 s ahead") as caught:
        await client(GET, {"id": "x"})
    assert caught.value.advice == Unauthenticated.advices["login"]
    assert clock.is_known


async def test_a_login_that_was_refused_before_tells_no_time() -> None:
    iam = Iam(login=httpx.Response(401, json=REFUSED, headers={"Date": NOON}))
    auth, clock = iam.auth(), noon(40)
    for each in (noon(0), clock):
        client = Client(iam.connect(), SERVICE, ENDPOINT, auth, retry=Retry(tries=1), clock=each)
        with pytest.raises(Unauthenticated):
            await client(GET, {"id": "x"})
    assert not clock.is_known
