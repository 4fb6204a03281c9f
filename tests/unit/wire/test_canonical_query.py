"""Laws of the one form of a query that both sides sign. Knows no signature."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkbench.wire.operation import encode_query
from mlworkbench.wire.signing import canonical_query


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        (b"", ""),
        (b"a=", "a="),
        (b"a", "a="),
        (b"a=x%20y", "a=x%20y"),
        (b"a=x+y", "a=x%20y"),
        (b"a=x%2By", "a=x%2By"),
        (b"a=*", "a=%2A"),
        (b"a=~", "a=~"),
        (b"a=%7E", "a=~"),
        (b"b=1&a=2", "a=2&b=1"),
        (b"a=2&a=1", "a=1&a=2"),
        (b"a=/:@", "a=%2F%3A%40"),
        (b"a=%E6%97%A5", "a=%E6%97%A5"),
    ],
)
def test_a_query_has_one_canonical_form(query: bytes, canonical: str) -> None:
    assert canonical_query(query) == canonical


text = st.text(st.characters(codec="utf-8"), max_size=12)
pairs = st.lists(st.tuples(text.filter(bool), text), max_size=6)


@given(pairs)
def test_a_canonical_query_says_what_the_query_said(said: list[tuple[str, str]]) -> None:
    query = "&".join(encode_query({name: value}) for name, value in said)
    canonical = canonical_query(query.encode())
    assert parse_qsl(canonical, keep_blank_values=True) == sorted(said)


@given(pairs)
def test_a_canonical_query_is_its_own_canonical_form(said: list[tuple[str, str]]) -> None:
    canonical = canonical_query("&".join(encode_query({name: value}) for name, value in said).encode())
    assert canonical_query(canonical.encode()) == canonical


@given(pairs)
def test_a_canonical_query_holds_unreserved_characters_and_escapes_only(said: list[tuple[str, str]]) -> None:
    canonical = canonical_query("&".join(encode_query({name: value}) for name, value in said).encode())
    assert set(canonical) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~%=&")
