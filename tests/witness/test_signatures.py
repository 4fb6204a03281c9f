"""The provider signs as the vendors' own signers do, and as the emulator expects, whatever the request.

Both vendors' signers are fed the headers that the provider signs: which ones these are is the caller's choice.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlworkbench.wire.signing import Acs3, Keys, ScopedSdkHmac, SdkHmac, acs3_request, sdk_request
from mlworkbench_emulator.signing import acs3, sdk_hmac

from .signers import MOMENT, NONCE, Drawn, Keyring, acs3_theirs, call_of, raw_path, sdk_theirs, signed, signed_headers

PROJECT = "77b6a44cba5143ab91d13ab9a8ff44fd"
# The vendor's published sample, whose keys are public.
SAMPLE_KEYS = Keyring("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc", "")
SAMPLE_MOMENT = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC)

awkward = st.sampled_from(
    [" ", "*", "~", "+", "/", "%", "%2F", "%20", "&", "=", "?", "#", "'", '"', "ä", "学", "🙂", ""]
)
texts = st.lists(st.one_of(awkward, st.text(max_size=3)), max_size=4).map("".join)
plain_names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~", min_size=1, max_size=8)
printable = st.text([chr(code) for code in range(33, 127)], min_size=1, max_size=40)
methods = st.sampled_from(["GET", "PUT", "POST", "DELETE"])
all_segments = st.lists(texts, max_size=4).map(tuple)
# Slashes inside of segments, and empty segments, have laws of their own below.
segments = st.lists(texts.filter(lambda text: text != "" and "/" not in text), max_size=4).map(tuple)
bodies = st.one_of(st.just(b""), st.binary(max_size=40), texts.map(str.encode))
keyrings = st.builds(Keyring, plain_names, printable, st.one_of(st.just(""), printable))

unique_arguments = st.dictionaries(plain_names, texts, max_size=4).map(lambda found: tuple(found.items()))
# A name may come more than once, with the same value even.
repeated_arguments = st.lists(st.tuples(st.one_of(st.just("key"), texts), texts), max_size=5).map(tuple)

# A busy machine is no reason to fail.
unhurried = settings(deadline=None)

ODD = Drawn("PUT", ("a b", "c%2Fd", "e+f~*"), (("z", ""), ("y", "a b*c~d/e+f"), ("x", "学%20")), b"{}")


def keys_of(ring: Keyring) -> Keys:
    return Keys(ring.id, ring.secret, ring.token)


@unhurried
@given(st.builds(Drawn, methods, all_segments, unique_arguments, bodies), keyrings)
@example(ODD, Keyring("id", "secret", "sts+token/=="))
def test_acs3_is_signed_alike_by_the_provider_the_vendor_and_the_emulator(drawn: Drawn, ring: Keyring) -> None:
    headers = {"x-acs-action": "Any", "x-acs-version": "2020-12-03", "Accept": "application/json"}
    typed = {"Content-Type": "application/json; charset=utf-8"} if drawn.body else {}
    request = signed(Acs3(keys_of(ring), lambda: MOMENT, lambda: NONCE), drawn.request({**headers, **typed}))
    canonical, authorization = acs3_theirs(request, ring)
    content_hash = hashlib.sha256(drawn.body).hexdigest()
    ours = acs3_request(request.method, raw_path(request), request.url.query, request.headers, content_hash)
    assert ours.text == canonical
    assert request.headers["Authorization"] == authorization
    names = tuple(signed_headers(request))
    assert acs3.canonical_request(call_of(request), names) == canonical
    assert authorization.endswith(f"Signature={acs3.signature(call_of(request), names, ring.secret)}")


@unhurried
@given(st.builds(Drawn, methods, all_segments, unique_arguments, bodies), keyrings)
def test_acs3_covers_what_the_vendor_asks_for(drawn: Drawn, ring: Keyring) -> None:
    headers = {"x-acs-action": "Any", "x-acs-version": "2020-12-03", "Accept": "application/json", "User-Agent": "x"}
    typed = {"Content-Type": "application/json; charset=utf-8"} if drawn.body else {}
    request = signed(Acs3(keys_of(ring), lambda: MOMENT, lambda: NONCE), drawn.request({**headers, **typed}))
    expected = {name for name in request.headers if name in ("host", "content-type") or name.startswith("x-acs-")}
    assert signed_headers(request).keys() == expected
    assert expected >= {*acs3.REQUIRED_HEADERS, *(["content-type"] if drawn.body else [])}
    assert ("x-acs-security-token" in expected) == bool(ring.token)


def sdk_signed(drawn: Drawn, ring: Keyring) -> httpx.Request:
    auth = SdkHmac(keys_of(ring), lambda: MOMENT)
    headers = {"Content-Type": "application/json", "Accept": "application/json", "X-Project-Id": PROJECT}
    return signed(auth, drawn.request(headers))


def provider_agrees(request: httpx.Request, ring: Keyring) -> None:
    """Hold the provider against the vendor's signer."""
    canonical, authorization, target = sdk_theirs(request, ring)
    content_hash = hashlib.sha256(request.content).hexdigest()
    headers = signed_headers(request)
    assert sdk_request(request.method, raw_path(request), request.url.query, headers, content_hash).text == canonical
    assert request.headers["Authorization"] == authorization
    # The vendor's client sends the canonical query itself: decoded, both send the same.
    sent, meant = httpx.QueryParams(request.url.query.decode()), httpx.QueryParams(target.partition("?")[2])
    assert sorted(sent.multi_items()) == sorted(meant.multi_items())


def emulator_agrees(request: httpx.Request, ring: Keyring) -> None:
    """Hold the emulator against the vendor's signer."""
    canonical, authorization, _ = sdk_theirs(request, ring)
    call, parsed = call_of(request), sdk_hmac.parse(authorization)
    assert parsed is not None
    assert sdk_hmac.canonical_request(call, parsed.signed_headers) == canonical
    assert sdk_hmac.signature(call, parsed, ring.secret) == parsed.signature


@unhurried
@given(st.builds(Drawn, methods, segments, repeated_arguments, bodies), keyrings)
@example(ODD, Keyring("id", "secret", "sts+token/=="))
@example(Drawn("GET", ("a",), (("key", "b"), ("key", "a"), ("key", "b")), b""), Keyring("id", "secret", ""))
def test_sdk_hmac_is_signed_alike_by_the_provider_the_vendor_and_the_emulator(drawn: Drawn, ring: Keyring) -> None:
    request = sdk_signed(drawn, ring)
    provider_agrees(request, ring)
    emulator_agrees(request, ring)


@unhurried
@given(st.builds(Drawn, methods, all_segments, repeated_arguments, bodies), keyrings)
@example(Drawn("GET", ("a", "", ""), (), b""), Keyring("id", "secret", ""))
def test_the_provider_signs_any_slashes_as_the_vendor_does(drawn: Drawn, ring: Keyring) -> None:
    provider_agrees(sdk_signed(drawn, ring), ring)


@unhurried
@given(st.builds(Drawn, methods, all_segments, repeated_arguments, bodies), keyrings)
@example(Drawn("GET", ("a", "b/c"), (), b""), Keyring("id", "secret", ""))
def test_the_emulator_verifies_any_slashes_as_the_vendor_does(drawn: Drawn, ring: Keyring) -> None:
    emulator_agrees(sdk_signed(drawn, ring), ring)


@unhurried
@given(st.builds(Drawn, methods, segments, repeated_arguments, bodies), keyrings)
def test_sdk_hmac_covers_what_no_proxy_changes(drawn: Drawn, ring: Keyring) -> None:
    auth = SdkHmac(keys_of(ring), lambda: MOMENT)
    headers = {"Content-Type": "application/json", "User-Agent": "x", "X-Project-Id": PROJECT}
    request = signed(auth, drawn.request(headers))
    token = {"x-security-token"} if ring.token else set()
    assert signed_headers(request).keys() == {"content-type", "host", "x-project-id", "x-sdk-date", *token}


# No official client in Python signs in OTC's scoped form: the emulator and two vectors of the reference stand for it.
@unhurried
@given(
    st.builds(Drawn, methods, segments, repeated_arguments, bodies),
    keyrings,
    st.sampled_from([("", ""), ("eu-de", ""), ("eu-de", "modelarts")]),
)
def test_the_scoped_form_is_signed_as_the_emulator_expects(drawn: Drawn, ring: Keyring, place: tuple[str, str]) -> None:
    region, service = place
    auth = ScopedSdkHmac(keys_of(ring), lambda: MOMENT, region=region, service=service)
    request = signed(auth, drawn.request({"Content-Type": "application/json", "X-Project-Id": PROJECT}))
    parsed = sdk_hmac.parse(request.headers["Authorization"])
    assert parsed is not None
    assert parsed.scope == f"20260102/{region}/{service}/sdk_request"
    assert sdk_hmac.signature(call_of(request), parsed, ring.secret) == parsed.signature


@pytest.mark.parametrize(
    ("region", "service", "expected"),
    [
        ("", "", "a0f03b56828e2195f3f9f980a128ed757130504ee958dc210add06e9df89f227"),
        ("eu-de", "modelarts", "1cb628f80c88d85babe4d47e0b93eb507f58e523091b11ef1583cd23308c9195"),
    ],
)
def test_the_scoped_form_agrees_with_the_reference(region: str, service: str, expected: str) -> None:
    url = f"https://service.region.example.com/v1/{PROJECT}/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    auth = ScopedSdkHmac(keys_of(SAMPLE_KEYS), now=lambda: SAMPLE_MOMENT, region=region, service=service)
    request = signed(auth, httpx.Request("GET", url, headers={"Content-Type": "application/json"}))
    assert request.headers["Authorization"].endswith(f"Signature={expected}")
