"""Laws of credentials: every way to log in works, and a wrong one is told as what it is."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkbench.resources import registry
from mlworkbench_emulator import Emulator

from .hosts import Loop, Refused, open_host

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
