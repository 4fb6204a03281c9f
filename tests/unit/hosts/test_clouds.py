"""Laws of the way from configuration to clients: addresses, credentials, what is missing. Makes no call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mlworkbench.hosts.clouds import Clouds
from mlworkbench.hosts.core import Provider
from mlworkbench.hosts.settings import Config
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.model.values import Tree
from mlworkbench.wire.client import Client
from mlworkbench.wire.signing import Acs3, SdkHmac
from mlworkbench.wire.tokens import PasswordToken, ReadyToken

PAI: Tree = {"paiRegion": "cn-hangzhou", "paiAccessKeyId": "ak", "paiAccessKeySecret": "sk"}
MODELARTS: Tree = {"modelartsRegion": "cn-north-4", "modelartsAccessKey": "ak", "modelartsSecretKey": "sk"}
TOKEN: Tree = {"modelartsRegion": "eu-de", "modelartsToken": "t"}
LOGIN: Tree = {"modelartsUserName": "alice", "modelartsPassword": "pa55", "modelartsDomainName": "acme"}

Around = dict[str, str]


@pytest.fixture
def around(tmp_path: Path) -> Around:
    """An environment without profiles, and without a machine that gives out keys."""
    return {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


@asynccontextmanager
async def clouds(explicit: Tree, around: Around) -> AsyncIterator[Clouds]:
    found = Clouds(Config(explicit, around))
    yield found
    await found.close()


async def client(service: str, explicit: Tree, around: Around) -> Client:
    async with clouds(explicit, around) as found:
        return found.client(service)


@pytest.mark.parametrize(
    ("more", "endpoint"),
    [
        ({}, "https://pai-dlc.cn-hangzhou.aliyuncs.com"),
        ({"paiNetwork": "vpc"}, "https://pai-dlc-vpc.cn-hangzhou.aliyuncs.com"),
        ({"paiNetwork": "VPC"}, "https://pai-dlc-vpc.cn-hangzhou.aliyuncs.com"),
        ({"paiEndpoint": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566"),
    ],
)
async def test_pai_is_called_at_its_regions_address_unless_told_otherwise(
    more: Tree, endpoint: str, around: Around
) -> None:
    assert (await client("pai", PAI | more, around)).endpoint == endpoint


@pytest.mark.parametrize(
    ("more", "endpoint"),
    [
        ({}, "https://modelarts.cn-north-4.myhuaweicloud.com"),
        ({"modelartsCloud": "otc", "modelartsRegion": "eu-de"}, "https://modelarts.eu-de.otc.t-systems.com"),
        ({"modelartsCloud": "OTC", "modelartsRegion": "eu-de"}, "https://modelarts.eu-de.otc.t-systems.com"),
        ({"modelartsEndpoint": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566"),
    ],
)
async def test_modelarts_is_called_at_its_clouds_address_unless_told_otherwise(
    more: Tree, endpoint: str, around: Around
) -> None:
    found = await client("modelarts", MODELARTS | more, around)
    assert found.endpoint == endpoint
    assert found.service.cloud == str(more.get("modelartsCloud", "huaweicloud")).casefold()


async def test_calls_to_pai_are_signed_with_its_keys(around: Around) -> None:
    found = await client("pai", PAI | {"paiSecurityToken": "st"}, around)
    assert isinstance(found.auth, Acs3)
    assert (found.auth.keys.access_key, found.auth.keys.secret_key, found.auth.keys.security_token) == (
        "ak",
        "sk",
        "st",
    )
    assert set(found.secrets) == {"sk", "st"}


async def test_calls_to_modelarts_are_signed_with_its_keys_and_name_the_project(around: Around) -> None:
    found = await client("modelarts", MODELARTS | {"modelartsProjectId": "p-1"}, around)
    assert isinstance(found.auth, SdkHmac)
    assert found.service.id_headers == {"project_id": "X-Project-Id"}
    assert await found.ids() == {"project_id": "p-1"}
    assert set(found.secrets) == {"sk"}


async def test_a_token_goes_before_keys_and_keys_before_a_login(around: Around) -> None:
    everything = MODELARTS | TOKEN | LOGIN
    assert isinstance((await client("modelarts", everything, around)).auth, ReadyToken)
    assert isinstance((await client("modelarts", MODELARTS | LOGIN, around)).auth, SdkHmac)
    alone = {"modelartsRegion": "eu-de"} | LOGIN
    found = await client("modelarts", alone, around)
    assert isinstance(found.auth, PasswordToken)
    assert set(found.secrets) == {"pa55"}


async def test_what_the_configuration_says_goes_before_a_better_kind_in_the_environment(around: Around) -> None:
    found = await client("modelarts", MODELARTS, around | {"HW_AUTH_TOKEN": "t", "OS_TOKEN": "t"})
    assert isinstance(found.auth, SdkHmac)


@pytest.mark.parametrize(
    ("service", "explicit", "source"),
    [
        ("pai", PAI, "configuration"),
        ("modelarts", TOKEN, "configuration"),
        ("pai", {"paiRegion": "x"}, "ALICLOUD_ACCESS_KEY"),
    ],
)
async def test_it_is_told_where_credentials_come_from(
    service: str, explicit: Tree, source: str, around: Around
) -> None:
    async with clouds(explicit, around | {"ALICLOUD_ACCESS_KEY": "ak", "ALICLOUD_SECRET_KEY": "sk"}) as found:
        assert source in found.access(service).source


async def test_the_workspace_of_the_configuration_is_the_clients_default(around: Around) -> None:
    assert (await client("pai", PAI, around)).defaults == {}
    assert (await client("pai", PAI | {"paiWorkspaceId": "7"}, around)).defaults == {"workspace_id": "7"}


@pytest.mark.parametrize(("more", "tries"), [({}, 5), ({"maxRetries": 0}, 1), ({"maxRetries": "2"}, 3)])
async def test_the_number_of_attempts_is_one_more_than_that_of_retries(more: Tree, tries: int, around: Around) -> None:
    assert (await client("pai", PAI | more, around)).retry.tries == tries


async def test_a_client_is_made_once_and_both_share_their_connections(around: Around) -> None:
    async with clouds(PAI | MODELARTS, around) as found:
        assert found.client("pai") is found.client("pai")
        assert found.client("pai").http is found.client("modelarts").http


async def test_one_clouds_configuration_is_enough_for_its_resources(around: Around) -> None:
    for service, explicit in (("pai", PAI), ("modelarts", MODELARTS), ("modelarts", TOKEN)):
        async with clouds(explicit, around) as found:
            assert await found.missing(service) == []


async def missing(service: str, explicit: Tree, around: Around) -> list[str]:
    async with clouds(explicit, around) as found:
        return [each.key for each in await found.missing(service)]


@pytest.mark.parametrize(
    ("service", "explicit", "keys"),
    [
        ("pai", {}, ["paiRegion", "paiAccessKeyId", "paiAccessKeySecret"]),
        ("pai", {"paiRegion": "x"}, ["paiAccessKeyId", "paiAccessKeySecret"]),
        ("pai", {"paiEndpoint": "http://127.0.0.1"}, ["paiAccessKeyId", "paiAccessKeySecret"]),
        ("pai", {"paiRegion": "x", "paiAccessKeyId": "ak"}, ["paiAccessKeySecret"]),
        ("modelarts", {"modelartsAccessKey": "ak"}, ["modelartsRegion", "modelartsSecretKey"]),
        ("modelarts", {"modelartsRegion": "x", "modelartsUserName": "u"}, ["modelartsPassword", "modelartsDomainName"]),
        ("modelarts", {"modelartsToken": "t"}, ["modelartsRegion"]),
        ("modelarts", {"modelartsToken": "t", "modelartsEndpoint": "http://127.0.0.1"}, ["modelartsRegion"]),
        (
            "modelarts",
            {
                "modelartsToken": "t",
                "modelartsEndpoint": "http://127.0.0.1",
                "modelartsIamEndpoint": "http://127.0.0.1",
            },
            ["modelartsProjectId"],
        ),
        (
            "modelarts",
            {"modelartsToken": "t", "modelartsEndpoint": "http://127.0.0.1", "modelartsProjectId": "p"},
            [],
        ),
    ],
)
async def test_exactly_what_a_cloud_needs_and_lacks_is_missing(
    service: str, explicit: Tree, keys: list[str], around: Around
) -> None:
    assert await missing(service, explicit, around) == keys


async def test_a_login_needs_an_address_to_log_in_at(around: Around) -> None:
    explicit = LOGIN | {"modelartsEndpoint": "http://127.0.0.1:4566", "modelartsProjectId": "p-1"}
    found = await missing("modelarts", explicit, around)
    assert set(found) & {"modelartsRegion", "modelartsIamEndpoint"}


@pytest.mark.parametrize(
    ("variable", "value", "key"),
    [
        ("MLWORKBENCH_PAI_ENDPOINT", "http://cloud.example.com", "paiEndpoint"),
        ("MLWORKBENCH_MODELARTS_ENDPOINT", "http://cloud.example.com", "modelartsEndpoint"),
        ("MLWORKBENCH_MODELARTS_IAM_ENDPOINT", "http://cloud.example.com", "modelartsIamEndpoint"),
        ("MLWORKBENCH_PAI_ENDPOINT", "not an address", "paiEndpoint"),
        ("MLWORKBENCH_PAI_REGION", "evil.example.com/", "paiRegion"),
        ("MLWORKBENCH_MODELARTS_CLOUD", "aws", "modelartsCloud"),
        ("MLWORKBENCH_MAX_RETRIES", "many", "maxRetries"),
        ("MLWORKBENCH_REQUEST_TIMEOUT_SECONDS", "soon", "requestTimeoutSeconds"),
    ],
)
async def test_the_environment_is_held_to_the_same_rules_as_the_configuration(
    variable: str, value: str, key: str, around: Around
) -> None:
    provider = Provider(around | {variable: value})
    with pytest.raises(Exception, match=key) as caught:
        await provider.configure({name: value for name, value in (PAI | MODELARTS).items() if name != key})
    assert type(caught.value).__name__ == "WrongConfiguration"
    await provider.close()


async def test_plain_http_that_the_environment_allows_is_allowed(around: Around) -> None:
    more = {"MLWORKBENCH_PAI_ENDPOINT": "http://cloud.example.com", "MLWORKBENCH_ALLOW_HTTP": "true"}
    provider = Provider(around | more)
    assert await provider.configure(PAI) == []
    await provider.close()


async def test_only_a_cloud_that_the_configuration_names_is_asked_for(around: Around) -> None:
    provider = Provider(around)
    assert await provider.configure({}) == []
    assert await provider.configure({"maxRetries": 1}) == []
    assert [each.key for each in await provider.configure({"paiRegion": "x"})] == [
        "paiAccessKeyId",
        "paiAccessKeySecret",
    ]
    await provider.close()


async def test_a_file_of_certificates_that_is_not_there_is_told_by_its_key(around: Around, tmp_path: Path) -> None:
    provider = Provider(around)
    with pytest.raises(Exception, match="caBundle"):
        await use(provider, PAI | {"caBundle": str(tmp_path / "missing.pem")})
    await provider.close()


async def use(provider: Provider, explicit: Tree) -> None:
    """Configure a provider and make it open its connections."""
    await provider.configure(explicit)
    failures = await provider.unconfigured("pai:Tensorboard")
    if failures:
        raise ValueError("; ".join(failure.reason for failure in failures))
    await provider.read("pai:Tensorboard", "tb-1", None, {}, Request(Watch()))
