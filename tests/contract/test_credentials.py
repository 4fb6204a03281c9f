"""Laws of credentials: every way to log in works, and a wrong one is told as what it is."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.core import Provider, WrongConfiguration
from mlworkbench.hosts.doctor import State
from mlworkbench.lifecycle.engine import Request
from mlworkbench.lifecycle.waiting import Watch
from mlworkbench.resources import registry
from mlworkbench.wire.credentials import Agency, Chain, RenewedKeys
from mlworkbench.wire.signing import SdkHmac
from mlworkbench_emulator import Emulator, Settings
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT
from mlworkbench_emulator.environment import environment
from mlworkbench_emulator.serving import running

from .hosts import Loop, Refused, open_host
from .places import KEY, STS, TEMPORARY, WRONG, examined, keys_server, line, works

World = tuple[Emulator, dict[str, str]]
IMAGE = registry()["modelarts:Image"]
BOARD = registry()["pai:Tensorboard"]


@pytest.fixture
def plain(emulator: Emulator, world: World) -> dict[str, str]:
    """Where the emulator listens, and who its user is; configuration alone has to do."""
    return world[1]


def addresses(plain: dict[str, str]) -> dict[str, Any]:
    url = plain["MLWORKBENCH_MODELARTS_ENDPOINT"]
    return {"modelartsEndpoint": url, "modelartsIamEndpoint": url, "paiEndpoint": url, "maxRetries": 0}


def created(config: dict[str, Any], loop: Loop, token: str = "modelarts:Image") -> str:
    with open_host("core", {}, loop, config) as host:
        return host.create(token, registry()[token].example).id


def test_keys_with_a_project_id(plain: dict[str, str], loop: Loop, emulator: Emulator) -> None:
    keys = {
        "modelartsAccessKey": plain["HUAWEICLOUD_SDK_AK"],
        "modelartsSecretKey": plain["HUAWEICLOUD_SDK_SK"],
        "modelartsProjectId": plain["HUAWEICLOUD_SDK_PROJECT_ID"],
    }
    assert created({**addresses(plain), **keys}, loop)
    assert "ListProjects" not in " ".join(emulator.journal.operations())


@pytest.mark.parametrize("name", [{"modelartsRegion": "cn-north-4"}, {"modelartsProjectName": "cn-north-4"}])
def test_keys_with_a_region_or_a_project_name(plain: dict[str, str], loop: Loop, name: dict[str, str]) -> None:
    keys = {"modelartsAccessKey": plain["HUAWEICLOUD_SDK_AK"], "modelartsSecretKey": plain["HUAWEICLOUD_SDK_SK"]}
    assert created({**addresses(plain), **keys, **name}, loop)


def test_a_password(plain: dict[str, str], loop: Loop, emulator: Emulator) -> None:
    login = {
        "modelartsCloud": "otc",
        "modelartsRegion": plain["OS_REGION_NAME"],
        "modelartsUserName": plain["OS_USERNAME"],
        "modelartsPassword": plain["OS_PASSWORD"],
        "modelartsDomainName": plain["OS_USER_DOMAIN_NAME"],
    }
    assert created({**addresses(plain), **login}, loop)
    assert emulator.journal.operations().count("CreateToken") == 1


def test_a_wrong_password_is_told_as_such(plain: dict[str, str], loop: Loop) -> None:
    login = {
        "modelartsProjectId": plain["HUAWEICLOUD_SDK_PROJECT_ID"],
        "modelartsUserName": plain["OS_USERNAME"],
        "modelartsPassword": "wrong-password",
        "modelartsDomainName": plain["OS_USER_DOMAIN_NAME"],
    }
    with pytest.raises(Refused) as refused:
        created({**addresses(plain), **login}, loop)
    assert "CreateToken failed" in str(refused.value)
    assert "HTTP 401" in str(refused.value)
    assert "wrong-password" not in str(refused.value)


def test_a_project_that_does_not_exist_is_told_as_such(plain: dict[str, str], loop: Loop) -> None:
    keys = {"modelartsAccessKey": plain["HUAWEICLOUD_SDK_AK"], "modelartsSecretKey": plain["HUAWEICLOUD_SDK_SK"]}
    with pytest.raises(Refused, match="no project"):
        created({**addresses(plain), **keys, "modelartsProjectName": "cn-nowhere-1"}, loop)


def test_alibaba_keys(plain: dict[str, str], loop: Loop) -> None:
    keys = {
        "paiAccessKeyId": plain["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "paiAccessKeySecret": plain["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    }
    assert created({**addresses(plain), **keys}, loop, BOARD.token)


def test_the_workspace_of_the_configuration_is_used(plain: dict[str, str], loop: Loop, emulator: Emulator) -> None:
    keys = {
        "paiAccessKeyId": plain["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "paiAccessKeySecret": plain["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        "paiWorkspaceId": "4711",
    }
    assert created({**addresses(plain), **keys}, loop, BOARD.token)
    (entry,) = emulator.journal.of("CreateTensorboard")
    assert isinstance(entry.body, dict)
    assert entry.body["WorkspaceId"] == "4711"


@pytest.mark.parametrize(
    "names",
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
        ("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"),
    ],
    ids=lambda names: str(names[0]),
)
@pytest.mark.parametrize("region", ["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION", "ALICLOUD_REGION"])
async def test_alibabas_variables(names: tuple[str, str, str], region: str, plain: dict[str, str]) -> None:
    around = dict(zip(names, (STS.id, STS.secret, STS.security_token or ""), strict=True))
    endpoint = {"MLWORKBENCH_PAI_ENDPOINT": plain["MLWORKBENCH_PAI_ENDPOINT"]}
    finding = await examined("pai", {}, {**around, **endpoint, region: "cn-shenzhen"})
    assert works(finding) == f"the environment ({names[0]}), access key Emul…eyId"
    assert "region cn-shenzhen" in line(finding, "endpoint").told


async def test_keys_of_two_places_are_never_mixed(plain: dict[str, str]) -> None:
    around = {"ALIBABA_CLOUD_ACCESS_KEY_ID": WRONG.id, "ALIBABA_CLOUD_SECURITY_TOKEN": "another-token"}
    around |= {"ALICLOUD_ACCESS_KEY": STS.id, "ALICLOUD_SECRET_KEY": STS.secret}
    around |= {"ALICLOUD_SECURITY_TOKEN": STS.security_token or ""}
    endpoint = {"MLWORKBENCH_PAI_ENDPOINT": plain["MLWORKBENCH_PAI_ENDPOINT"]}
    assert "ALICLOUD_ACCESS_KEY" in works(await examined("pai", {}, {**around, **endpoint}))


HW_LOGIN = {
    "HW_USER_NAME": HUAWEI_USER.name,
    "HW_USER_PASSWORD": HUAWEI_USER.password,
    "HW_DOMAIN_NAME": HUAWEI_USER.domain_name,
}
OS_LOGIN = {
    "OS_USERNAME": HUAWEI_USER.name,
    "OS_PASSWORD": HUAWEI_USER.password,
    "OS_USER_DOMAIN_NAME": HUAWEI_USER.domain_name,
}


@pytest.mark.parametrize(
    ("around", "source"),
    [
        (HW_LOGIN | {"HW_REGION_NAME": "cn-north-4"}, "HW_USER_NAME"),
        (OS_LOGIN | {"OS_REGION_NAME": "cn-north-4"}, "OS_USERNAME"),
        (OS_LOGIN | {"OS_PROJECT_NAME": "cn-north-4"}, "OS_USERNAME"),
        (OS_LOGIN | {"OS_TENANT_ID": HUAWEI_PROJECT.id}, "OS_USERNAME"),
        (HW_LOGIN | {"HW_PROJECT_ID": HUAWEI_PROJECT.id}, "HW_USER_NAME"),
    ],
)
@pytest.mark.parametrize("own", [False, True], ids=["the tool's address", "an address of our own"])
async def test_a_login_from_the_environment(
    around: dict[str, str], source: str, own: bool, plain: dict[str, str]
) -> None:
    variable = "MLWORKBENCH_MODELARTS_IAM_ENDPOINT" if own else f"{source.partition('_')[0]}_AUTH_URL"
    url = plain["MLWORKBENCH_MODELARTS_ENDPOINT"]
    finding = await examined("modelarts", {"modelartsEndpoint": url}, around | {variable: f"{url}/v3"})
    assert works(finding) == f"the environment ({source}), user emulator-user of emulator-domain"
    assert f"project id {HUAWEI_PROJECT.id}" in line(finding, "endpoint").told


@pytest.mark.parametrize("place", ["modelartsToken", "HW_AUTH_TOKEN", "OS_TOKEN", "OS_AUTH_TOKEN"])
async def test_a_token_that_was_obtained_elsewhere(place: str, plain: dict[str, str], emulator: Emulator) -> None:
    token = await issued(plain["MLWORKBENCH_MODELARTS_ENDPOINT"])
    explicit = {**addresses(plain), "modelartsRegion": "eu-de"}
    stated = {place: token} if place.startswith("modelarts") else {}
    finding = await examined("modelarts", explicit | stated, {} if stated else {place: token})
    source = "the configuration" if stated else f"the environment ({place})"
    assert works(finding) == source
    assert token not in repr(finding)
    assert emulator.journal.operations() == ["CreateToken", "ListProjects", "ListImage"]


async def issued(url: str) -> str:
    """Log in, as a user would with other tools, and return the token."""
    user = {"name": HUAWEI_USER.name, "password": HUAWEI_USER.password, "domain": {"name": HUAWEI_USER.domain_name}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": OTC_PROJECT.id}}}}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{url}/v3/auth/tokens", json=body)
    return str(answer.headers["X-Subject-Token"])


def login_config(plain: dict[str, str]) -> dict[str, Any]:
    names = ("modelartsUserName", "modelartsPassword", "modelartsDomainName")
    told = dict(zip(names, (HUAWEI_USER.name, HUAWEI_USER.password, HUAWEI_USER.domain_name), strict=True))
    return {**addresses(plain), **told, "modelartsRegion": "eu-de"}


def test_a_token_is_used_as_long_as_it_is_good(plain: dict[str, str], loop: Loop, emulator: Emulator) -> None:
    with open_host("core", {}, loop, login_config(plain)) as host:
        made = host.create(IMAGE.token, IMAGE.example)
        for _ in range(3):
            host.read(IMAGE.token, made.id, made)
    assert emulator.journal.operations().count("CreateToken") == 1
    assert {entry.credential for entry in emulator.journal.of("ShowImage")} == {"X-Auth-Token"}


def test_a_token_that_is_refused_is_renewed_once(plain: dict[str, str], loop: Loop, emulator: Emulator) -> None:
    with open_host("core", {}, loop, login_config(plain)) as host:
        made = host.create(IMAGE.token, IMAGE.example)
        # To this machine's clock the token is still good.
        emulator.advance(25 * 3600)
        assert host.read(IMAGE.token, made.id, made) is not None
    assert emulator.journal.operations().count("CreateToken") == 2
    assert [entry.status for entry in emulator.journal.of("ShowImage")][-2:] == [401, 200]


def test_a_token_is_renewed_before_it_expires(loop: Loop) -> None:
    # Its tokens are good for a day, which is over in a quarter of an hour.
    emulator = Emulator(real_time=lambda: time.time() - 23.75 * 3600)
    with running(emulator) as url:
        config = login_config(environment(Settings(), url))
        with open_host("core", {}, loop, config) as host:
            made = host.create(IMAGE.token, IMAGE.example)
            logins = emulator.journal.operations().count("CreateToken")
            host.read(IMAGE.token, made.id, made)
    assert emulator.journal.operations().count("CreateToken") > logins
    assert 401 not in [entry.status for entry in emulator.journal]
    emulator.close()


@pytest.mark.parametrize("key", [KEY, TEMPORARY], ids=["permanent", "temporary"])
@pytest.mark.parametrize(
    ("form", "credential"), [({}, "SDK-HMAC-SHA256"), ({"modelartsSigning": "scoped"}, "SDK-HMAC-SHA256 scoped")]
)
def test_both_forms_of_a_signature(
    key: Any, form: dict[str, str], credential: str, plain: dict[str, str], loop: Loop, emulator: Emulator
) -> None:
    names = ("modelartsAccessKey", "modelartsSecretKey", "modelartsSecurityToken")
    keys = dict(zip(names, (key.id, key.secret, key.security_token), strict=True))
    assert created({**addresses(plain), **keys, **form, "modelartsRegion": "eu-de"}, loop)
    assert {entry.credential for entry in emulator.journal} == {credential}
    assert emulator.journal.operations()[0] == "ListProjects"


async def test_the_keys_of_an_agency_are_taken_with_their_token(plain: dict[str, str], emulator: Emulator) -> None:
    credential = {"access": TEMPORARY.id, "secret": TEMPORARY.secret, "securitytoken": TEMPORARY.security_token}
    expires = {"expires_at": "2100-01-01T00:00:00.000000Z"}
    with keys_server(TEMPORARY, timedelta(hours=1), credential=credential | expires) as (address, asked):
        chain = Chain([Agency(address.removesuffix("/keys")).source()])
        clouds = Clouds(configured({**addresses(plain), "modelartsRegion": "cn-north-4"}, {"HOME": "/nowhere"}))
        signing = RenewedKeys(chain, SdkHmac)
        signed = replace(clouds.client("modelarts"), auth=signing, secrets=chain.secrets, ids=_of_huawei)
        found = [each async for each in IMAGE(signed).list()]
        await clouds.close()
    assert found == []
    assert chain.chosen == "the agency of this ECS instance"
    assert asked == ["/openstack/latest/securitykey"]
    assert [entry.status for entry in emulator.journal.of("ListImage")] == [200]


async def _of_huawei() -> dict[str, str]:
    return {"project_id": HUAWEI_PROJECT.id}


ALL = {
    "paiAccessKeyId": "AK",
    "paiAccessKeySecret": "secret-1",
    "paiSecurityToken": "secret-2",
    "paiRegion": "cn-hangzhou",
    "modelartsRegion": "eu-de",
}


@pytest.mark.parametrize(
    "more",
    [
        {"modelartsAccessKey": "AK", "modelartsSecretKey": "secret-3", "modelartsSecurityToken": "secret-4"},
        {"modelartsUserName": "user", "modelartsPassword": "secret-5", "modelartsDomainName": "domain"},
        {"modelartsToken": "secret-6"},
        {"modelartsAccessKey": "AK", "modelartsSecretKey": "secret-7", "modelartsSigning": "scoped"},
    ],
)
async def test_nothing_that_holds_a_secret_shows_it(more: dict[str, str]) -> None:
    clouds = Clouds(configured(ALL | more, {"HOME": "/nowhere"}))
    shown = [
        repr(each) for service in ("pai", "modelarts") for each in (clouds.access(service), clouds.client(service))
    ]
    shown += [repr(clouds.client(service).auth) for service in ("pai", "modelarts")]
    await clouds.close()
    assert [text for text in shown if "secret-" in text] == []


def test_no_secret_is_logged_by_a_whole_life(
    plain: dict[str, str], loop: Loop, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    keys = {"paiAccessKeyId": STS.id, "paiAccessKeySecret": STS.secret, "paiSecurityToken": STS.security_token}
    with open_host("core", {}, loop, {**login_config(plain), **keys}) as host:
        for token in (IMAGE.token, BOARD.token):
            made = host.create(token, registry()[token].example)
            host.read(token, made.id, made)
            host.delete(token, made)
    written = capfd.readouterr()
    secrets = (STS.secret, STS.security_token or "", HUAWEI_USER.password)
    assert [secret for secret in secrets for text in (caplog.text, *written) if secret in text] == []


async def test_a_variable_that_other_tools_use_keeps_nobody_from_another_cloud(
    plain: dict[str, str], tmp_path: Path
) -> None:
    around = {"OS_AUTH_URL": "http://openstack.example.com:5000/v3", "OS_REGION_NAME": "RegionOne", "OS_TOKEN": "t"}
    keys = {"paiAccessKeyId": STS.id, "paiAccessKeySecret": STS.secret, "paiSecurityToken": STS.security_token}
    provider = Provider({"HOME": str(tmp_path), **around})
    endpoint = {"paiEndpoint": plain["MLWORKBENCH_PAI_ENDPOINT"]}
    assert await provider.configure({**keys, **endpoint}) == []
    assert await provider.unconfigured(BOARD.token) == []
    assert await provider.read(BOARD.token, "tb-none", None, {}, Request(Watch())) is None
    (failure,) = await provider.unconfigured(IMAGE.token)
    assert "mlworkbench:modelartsIamEndpoint must be an https URL" in failure.reason
    with pytest.raises(WrongConfiguration, match="modelartsRegion"):
        await provider.read(IMAGE.token, "image", None, {}, Request(Watch()))
    await provider.close()
    assert (await examined("pai", {**keys, **endpoint}, around)).state is State.OK


@pytest.mark.parametrize("variable", ["OS_AUTH_URL", "HW_AUTH_URL", "HUAWEICLOUD_SDK_IAM_ENDPOINT"])
async def test_a_stated_password_is_not_sent_to_what_another_tool_left_behind(
    variable: str, plain: dict[str, str], emulator: Emulator
) -> None:
    url = plain["MLWORKBENCH_MODELARTS_ENDPOINT"]
    settings = {key: value for key, value in login_config(plain).items() if key != "modelartsIamEndpoint"}
    proxy = "http://127.0.0.1:9"
    await examined("modelarts", {**settings, "modelartsRegion": "cn-north-4", "proxy": proxy}, {variable: f"{url}/v3"})
    assert emulator.journal.operations() == []
