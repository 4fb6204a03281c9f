"""Laws of how an operation becomes a path, a query and a body. Knows made-up shapes only; makes no call."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.wire.errors import Answer, CloudError, InvalidRequest, NotFound, Throttled, Unreachable
from mlworkbench.wire.operation import Dialect, Nothing, Operation, PascalWire, Sign, Wire, encode_query
from mlworkbench.wire.states import Phase, States

GET = Operation("GetThing", "GET", "/v1/{project_id}/things/{id}", Nothing)


class Inner(PascalWire):
    vpc_id: str | None = None


class Outer(PascalWire):
    display_name: str | None = None
    cpu: int | None = None
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("id", "encoded"),
    [
        ("tb-1", "tb-1"),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a%2Fb", "a%252Fb"),
        ("a+b*c~d", "a%2Bb%2Ac~d"),
        ("日", "%E6%97%A5"),
        ("{id}", "%7Bid%7D"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
    ],
)
def test_an_id_is_one_segment_of_the_path_whatever_is_in_it(id: str, encoded: str) -> None:
    path = GET.url({"project_id": "p", "id": id})
    assert path == f"/v1/p/things/{encoded}"
    assert httpx.URL(f"https://cloud.example.com{path}").raw_path.decode() == path


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(texts)
def test_an_id_can_be_read_back_from_the_path(id: str) -> None:
    path = GET.url({"project_id": "p", "id": id})
    assert path.count("/") == 4
    assert unquote(path.rpartition("/")[2]) == id


@given(st.dictionaries(texts, st.text(st.characters(codec="utf-8"), max_size=20), max_size=5))
def test_a_query_can_be_read_back(values: dict[str, str]) -> None:
    assert parse_qsl(encode_query(values), keep_blank_values=True) == list(values.items())


def test_a_query_spells_truth_in_lower_case_and_a_space_as_percent_20() -> None:
    assert encode_query({"a": True, "b": False, "c": 3, "d": "x y"}) == "a=true&b=false&c=3&d=x%20y"


def test_the_http_library_sends_a_query_as_it_was_encoded() -> None:
    query = encode_query({"name": "a b*c~d/e+f'(g)!&=日", "empty": ""})
    assert httpx.URL(f"https://cloud.example.com/?{query}").query.decode() == query


def test_a_shape_leaves_out_what_is_absent_and_spells_names_as_the_vendor_does() -> None:
    assert Outer(display_name="x", inner=Inner(vpc_id="v")).tree() == {"DisplayName": "x", "Inner": {"VpcId": "v"}}
    assert Outer().tree() == {}


def test_a_shape_takes_both_spellings_and_ignores_the_rest() -> None:
    by_vendor = Outer.model_validate({"DisplayName": "x", "Cpu": "2", "Extra": [1]})
    assert by_vendor == Outer.model_validate({"display_name": "x", "cpu": 2})


def test_a_shape_is_read_off_any_object_with_the_same_names() -> None:
    class Asked:
        display_name = "x"
        cpu = 2
        inner = None

    assert Outer.model_validate(Asked()).tree() == {"DisplayName": "x", "Cpu": 2}


@pytest.mark.parametrize(
    ("verb", "repeatable"), [("GET", True), ("PUT", True), ("DELETE", True), ("POST", False), ("PATCH", False)]
)
def test_a_call_is_repeatable_if_http_says_so(verb: str, repeatable: bool) -> None:
    assert Operation("X", verb, "/", Nothing).repeatable is repeatable


def dialect(*signs: Sign) -> Dialect:
    return Dialect(("code",), ("message",), ("id",), "x-id", signs, {})


def test_the_first_sign_that_fits_decides() -> None:
    both = dialect(Sign(Throttled, code="A*"), Sign(NotFound, code="*"))
    assert both.kind(Answer(400, "Abc")) is Throttled
    assert both.kind(Answer(400, "Xyz")) is NotFound


def test_a_sign_ignores_letter_case() -> None:
    assert dialect(Sign(NotFound, code="Thing*")).kind(Answer(400, "tHING.gone")) is NotFound
    assert dialect(Sign(NotFound, message="*NOT there*")).kind(Answer(400, "", "It is not THERE.")) is NotFound


def test_a_sign_with_a_status_fits_that_status_only() -> None:
    only = dialect(Sign(NotFound, status=410))
    assert only.kind(Answer(410)) is NotFound
    assert only.kind(Answer(411)) is InvalidRequest


def test_a_sign_spans_the_lines_of_a_message() -> None:
    assert dialect(Sign(NotFound, message="*gone*")).kind(Answer(400, "", "first\nit is gone\nlast")) is NotFound


def test_an_error_says_what_was_tried_what_came_back_and_what_to_do() -> None:
    error = NotFound("GetThing", Answer(404, "Thing.Gone", "There is no such thing.", "R-1"))
    assert str(error) == (
        "GetThing failed: There is no such thing. (HTTP 404, code Thing.Gone, request id R-1). "
        "Something that this call needs does not exist: check the ids."
    )


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (b'{"code": "Odd", "message": ""}', "HTTP 400, code Odd, request id R-1"),
        (b'{"code": "Odd", "message": " ", "extra": {"a": 1}}', "HTTP 400, code Odd, request id R-1"),
        (b'{"code": "Odd", "message": null}', "HTTP 400, code Odd, request id R-1"),
        (b'{"code": "Odd"}', "HTTP 400, code Odd, request id R-1"),
        (b'{"code": "", "message": ""}', "HTTP 400, request id R-1"),
        (b'{"error": {"code": "Odd", "message": ""}}', "HTTP 400, code Odd, request id R-1"),
        (b"<Error><code>Odd</code><message/></Error>", "HTTP 400, code Odd, request id R-1"),
        (b"", "HTTP 400, request id R-1"),
    ],
)
def test_an_error_without_a_message_is_told_by_status_and_code_and_not_by_its_body(body: bytes, facts: str) -> None:
    error = dialect().error("GetThing", 400, body, {"x-id": "R-1"})
    assert str(error) == f"GetThing failed: the cloud gave no reason ({facts}). {InvalidRequest.advice}"


@pytest.mark.parametrize(
    "body",
    [
        b"<Error><code>Odd</code><message>no luck</message><id>R-1</id></Error>",
        b"<ErrorResponse><Error><code>Odd</code><message>no luck</message></Error><id>R-1</id></ErrorResponse>",
        b'<r:ErrorResponse xmlns:r="http://e.com/"><id>R-1</id><r:Error><r:code>Odd</r:code><r:message>no luck'
        b"</r:message></r:Error></r:ErrorResponse>",
    ],
)
def test_an_error_in_xml_is_read_wherever_it_stands(body: bytes) -> None:
    error = dialect().error("GetThing", 400, body, {})
    assert error is not None
    assert (error.answer.code, error.answer.message) == ("Odd", "no luck")


@pytest.mark.parametrize("body", [b"<html>no luck</html>", b'{"fault": "no luck"}', b'["no luck"]', b"no luck"])
def test_what_is_no_error_of_the_vendor_is_told_as_it_came(body: bytes) -> None:
    error = dialect().error("GetThing", 502, body, {})
    assert error is not None
    assert error.answer.message == body.decode()


def test_an_error_without_facts_is_still_a_sentence() -> None:
    text = str(Unreachable("GetThing", Answer(), sent=False))
    assert text.startswith("GetThing failed: the cloud gave no reason. ")
    assert "()" not in text


@pytest.mark.parametrize("kind", CloudError.__subclasses__())
def test_every_error_advises_something_of_its_own(kind: type[CloudError]) -> None:
    assert kind.advice != CloudError.advice
    assert kind.advice.endswith(".")


STATES = States(
    ready=frozenset({"Running"}),
    stopped=frozenset({"Stopped"}),
    failed=frozenset({"Failed"}),
    gone=frozenset({"Deleted"}),
    stopping=frozenset({"Stopping"}),
)


@pytest.mark.parametrize(
    ("status", "phase", "runs"),
    [
        ("Running", Phase.READY, True),
        ("RUNNING", Phase.READY, True),
        ("Creating", Phase.BUSY, True),
        ("stopping", Phase.BUSY, False),
        ("STOPPING", Phase.BUSY, False),
        ("Stopped", Phase.STOPPED, False),
        ("Failed", Phase.FAILED, False),
        ("Deleted", Phase.GONE, False),
        ("Never heard of", Phase.BUSY, True),
        ("", Phase.BUSY, True),
        (None, Phase.BUSY, True),
    ],
)
def test_a_status_has_a_phase_in_any_letter_case(status: str | None, phase: Phase, runs: bool) -> None:
    assert STATES.phase(status) is phase
    assert STATES.runs(status) is runs


def test_a_wire_shape_reads_numbers_as_text_where_it_declares_text() -> None:
    class Id(Wire):
        id: str

    assert Id.model_validate_json('{"id": 197}').id == "197"
