"""Laws of the configuration's declaration: which values it takes. Knows not where they come from."""

from __future__ import annotations

import pytest

from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.model.check import check
from mlworkbench.model.policy import Replace, Secret, policies
from mlworkbench.model.values import UNKNOWN, Value

ENDPOINTS = ("paiEndpoint", "modelartsEndpoint", "modelartsIamEndpoint")


def failures(**inputs: Value) -> dict[str, str]:
    return {failure.path: failure.reason for failure in check(ProviderConfig, inputs)}


def test_no_configuration_at_all_is_acceptable() -> None:
    assert failures() == {}


@pytest.mark.parametrize("key", ENDPOINTS)
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://service.region.example.com",
        "https://cloud.example.com:8443",
        "https://cloud.example.com/prefix",
        "http://localhost:4566",
        "http://cloud.localhost:4566",
        "http://127.0.0.1:4566",
        "http://127.8.8.8",
        "http://[::1]:4566",
    ],
)
def test_an_endpoint_is_a_url_with_tls_or_on_this_machine(key: str, endpoint: str) -> None:
    assert failures(**{key: endpoint}) == {}


@pytest.mark.parametrize("key", ENDPOINTS)
@pytest.mark.parametrize(
    "endpoint",
    [
        "http://cloud.example.com",
        "http://10.0.0.1:8080",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://notlocalhost",
        "HTTP://cloud.example.com",
    ],
)
def test_plain_http_to_another_machine_is_refused_unless_it_is_allowed(key: str, endpoint: str) -> None:
    assert "clear" in failures(**{key: endpoint})[key]
    assert "mlworkbench:allowHttp" in failures(**{key: endpoint})[key]
    for allowed in (True, "true"):
        assert failures(**{key: endpoint, "allowHttp": allowed}) == {}
    for forbidden in (False, "false"):
        assert key in failures(**{key: endpoint, "allowHttp": forbidden})


@pytest.mark.parametrize("key", ENDPOINTS)
@pytest.mark.parametrize(
    "endpoint",
    [
        "cloud.example.com",
        "cloud.example.com:443",
        "ftp://cloud.example.com",
        "https://",
        "https://user:password@cloud.example.com",
        "https://cloud.example.com?x=1",
        "https://cloud.example.com#x",
        "https://cloud.example.com:port",
        "https://[::1",
        "//cloud.example.com",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(key: str, endpoint: str) -> None:
    assert set(failures(**{key: endpoint})) == {key}
    assert set(failures(**{key: endpoint, "allowHttp": True})) == {key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paiRegion", "cn hangzhou"),
        ("paiRegion", "evil.example.com/"),
        ("modelartsRegion", "EU-DE"),
        ("paiNetwork", "intranet"),
        ("modelartsCloud", "aws"),
        ("maxRetries", -1),
        ("maxRetries", 21),
        ("maxRetries", "many"),
        ("requestTimeoutSeconds", 0),
        ("requestTimeoutSeconds", 601),
        ("allowHttp", "perhaps"),
        ("proxy", "not an address"),
        ("proxy", "ftp://proxy.example.com"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(key: str, value: Value) -> None:
    assert set(failures(**{key: value})) == {key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paiRegion", "cn-hangzhou"),
        ("paiRegion", "cn-shanghai-finance-1"),
        ("paiNetwork", "VPC"),
        ("modelartsCloud", "OTC"),
        ("maxRetries", 0),
        ("maxRetries", "3"),
        ("requestTimeoutSeconds", "30"),
        ("allowHttp", "true"),
        ("proxy", "http://proxy.example.com:3128"),
    ],
)
def test_configuration_is_taken_as_text_or_as_what_it_is(key: str, value: Value) -> None:
    assert failures(**{key: value}) == {}


@pytest.mark.parametrize("key", policies(ProviderConfig))
def test_what_is_unknown_is_taken_on_trust(key: str) -> None:
    assert failures(**{key: UNKNOWN}) == {}


def test_an_endpoint_is_not_judged_until_it_is_known_whether_http_is_allowed() -> None:
    assert failures(paiEndpoint="http://cloud.example.com", allowHttp=UNKNOWN) == {}


def test_a_misspelled_key_is_refused_with_the_one_that_was_meant() -> None:
    assert "modelartsRegion" in failures(modelArtsRegion="eu-de")["modelArtsRegion"]


def test_everything_that_opens_a_door_is_secret() -> None:
    spec = policies(ProviderConfig)
    doors = ("AccessKeyId", "AccessKeySecret", "AccessKey", "SecretKey", "SecurityToken", "Token", "Password")
    assert {name for name in spec if name.endswith(doors)} <= {name for name in spec if Secret in spec[name]}


def test_the_password_of_a_proxy_is_not_kept_in_plain_text() -> None:
    hidden = Secret in policies(ProviderConfig)["proxy"]
    assert hidden or "proxy" in failures(proxy="http://user:password@proxy.example.com:3128")


def test_only_where_resources_are_looked_for_makes_new_resources() -> None:
    fixed = {name for name, policy in policies(ProviderConfig).items() if Replace in policy}
    assert {"paiRegion", "paiEndpoint", "modelartsRegion", "modelartsCloud", "modelartsProjectId"} <= fixed
    assert not {name for name in fixed if Secret in policies(ProviderConfig)[name]}
    assert not fixed & {"maxRetries", "requestTimeoutSeconds", "caBundle", "allowHttp", "paiNetwork"}
