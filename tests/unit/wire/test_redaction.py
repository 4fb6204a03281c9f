"""Laws of what is left of a secret that a cloud or a proxy echoes: nothing, in whatever form. Makes no connection."""

from __future__ import annotations

import base64
import html
import json
import logging
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlworkbench.wire.errors import CloudError
from mlworkbench.wire.redaction import redacted
from tests.unit.wire.clouds import GET, Cloud

SPECIAL = "\"\\/'&<>%+#?=;: \u00a0$@!*~^`|{}[]()äßé日🔑\u200b"
letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
passwords = st.text(st.sampled_from(SPECIAL) | letters, min_size=6)


def ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def all_units(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in an address": lambda text: quote(text, safe=""),
    "in an address, in small letters": lambda text: quote(text, safe="").replace("%2F", "%2f").replace("%C3", "%c3"),
    "in a form": quote_plus,
    "in JSON": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "in JSON of ASCII": ascii_json,
    "in JSON with slashes escaped": lambda text: ascii_json(text).replace("/", "\\/"),
    "in JSON, every letter escaped": all_units,
    "in JSON in JSON": lambda text: ascii_json(ascii_json(text)),
    "in HTML": html.escape,
    "in HTML by numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "in HTML by hexadecimal numbers": lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
    "in HTML with an apostrophe of XML": lambda text: html.escape(text).replace("&#x27;", "&apos;"),
    "in JSON in HTML": lambda text: html.escape(ascii_json(text)),
    "in HTML in JSON": lambda text: ascii_json(html.escape(text)),
    "as Python shows it": lambda text: repr(text)[1:-1],
    "as Python shows bytes": lambda text: repr(text.encode())[2:-1],
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 for addresses, not filled up": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "blanks run together": lambda text: " ".join(text.split()),
    "in JSON, blanks run together": lambda text: " ".join(ascii_json(text).split()),
    "without blanks around": str.strip,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(passwords)
@example('pa"ss\\w/or&d')
@example("p  w  d  x")
@example("pä55'w<o>rd")
@example("\\\\\\\\\\\\")
@example('&amp;"%41x')
@example("🔑🔑🔑🔑🔑🔑")
def test_no_form_of_a_password_is_left_of_an_echo(form: Callable[[str], str], password: str) -> None:
    echo = form(password)
    if len(echo.strip()) >= 4 and password.strip():
        assert echo.strip() not in redacted(f"you sent <<{echo}>>, sorry", [password]).replace("[secret]", "")


@given(passwords)
def test_an_echo_among_other_text_is_all_that_goes(password: str) -> None:
    words = password.strip()
    if words in "before  after" or not words.isprintable():
        return
    assert redacted(f"before\n\n{words}\t\tafter", [password]).split() == ["before", "[secret]", "after"]


@pytest.mark.parametrize("form", ["in JSON", "in HTML", "in JSON, every letter escaped", "in an address"])
@pytest.mark.parametrize("frame", ['{{"detail":"you  sent {}"}}', "<pre>\n {} \n</pre>", "{}"])
@pytest.mark.parametrize("status", [400, 401, 502])
async def test_neither_messages_nor_texts_nor_logs_hold_a_secret_that_is_echoed(
    status: int, frame: str, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    password = "p\u00e4\"55\\w/o  r&d'"
    echo = FORMS[form](password)
    turn = httpx.Response(status, text=frame.format(echo))
    with pytest.raises(CloudError) as caught:
        await Cloud([turn]).client(secrets=(password,), tries=1)(GET, {"id": "t-1"})
    told = f"{caught.value} {caught.value!r} {caught.value.answer!r} {caplog.text}"
    for each in (echo, " ".join(echo.split()), repr(echo)[1:-1], password, "55"):
        assert each not in told
    assert "[secret]" in str(caught.value)


async def test_a_page_is_told_on_one_line() -> None:
    turn = httpx.Response(502, text="<html>\n <b>Bad   Gateway</b>\n</html>")
    with pytest.raises(CloudError) as caught:
        await Cloud([turn]).client(tries=1)(GET, {"id": "t-1"})
    assert caught.value.answer.message == "<html> <b>Bad Gateway</b> </html>"


async def test_a_password_that_is_read_in_the_wrong_alphabet_is_no_less_secret() -> None:
    turn = httpx.Response(502, content="you sent pässwörd-日".encode("gb18030"))
    with pytest.raises(CloudError) as caught:
        await Cloud([turn]).client(secrets=("pässwörd-日",), tries=1)(GET, {"id": "t-1"})
    assert "ssw" not in str(caught.value)


def test_what_is_no_secret_stays_as_it_is() -> None:
    text = 'a\\b "c" &amp; 100% %41 +1 \u00e4  d\n{"x":"\\u00e4"} s3cr'
    assert redacted(text, ["s3cr3t", "t0k3n"]) == text
    assert redacted(text, []) == text
    assert redacted(text, ["", " "]) == text


def test_overlapping_secrets_go_as_one() -> None:
    assert redacted("x abcdefg y", ["abcde", "cdefg", "abcdefg"]) == "x [secret] y"


def test_a_long_page_with_a_long_token_is_searched_in_no_time() -> None:
    began = time.perf_counter()
    page = "<p>a &amp; b\\u00e4 </p>\n" * 20_000
    assert redacted(page, ["t0k3n" * 1000, 'pä"55']) == page
    assert time.perf_counter() - began < 10
