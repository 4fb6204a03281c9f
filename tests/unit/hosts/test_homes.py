"""Laws of which cloud ModelArts is called in: addresses tell it, and contradict no other setting. Makes no call."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlworkbench.hosts.access import iam_address, modelarts_cloud
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.settings import Config
from mlworkbench.hosts.soundness import failures_of
from mlworkbench.model.values import Tree

OTC = "https://iam.eu-de.otc.t-systems.com"
HUAWEI = "https://iam.cn-north-4.myhuaweicloud.com"
MODELARTS = "https://modelarts.x.myhuaweicloud.com"
SWISS = "https://iam-pub.eu-ch2.sc.otc.t-systems.com"


@pytest.mark.parametrize("path", ["", "/", "/v3", "/v3/", "/v3/auth/tokens", "/v3/auth/tokens/", "/v3/auth"])
@pytest.mark.parametrize(
    ("host", "cloud"),
    [
        ("https://iam.eu-de.otc.t-systems.com", "otc"),
        ("https://iam.eu-de.otc.t-systems.com:443", "otc"),
        ("HTTPS://IAM.EU-DE.OTC.T-SYSTEMS.COM", "otc"),
        ("https://iam.eu-de.otc.t-systems.com.", "otc"),
        ("https://iam-pub.eu-ch2.sc.otc.t-systems.com", "otc"),
        ("https://iam.eu-ch2.sc.otc.t-systems.com:443", "otc"),
        ("https://iam.myhuaweicloud.com", "huaweicloud"),
        ("https://iam.otc.t-systems.com.example.org", "huaweicloud"),
        ("https://notc.t-systems.com", "huaweicloud"),
        ("https://example.org/iam.eu-de.otc.t-systems.com", "huaweicloud"),
    ],
)
def test_the_host_of_iam_tells_the_cloud_however_its_address_is_written(host: str, cloud: str, path: str) -> None:
    config = Config({}, {"OS_TOKEN": "t", "OS_AUTH_URL": f"{host}{path}"})
    assert modelarts_cloud(config) == cloud
    assert iam_address(config) == host


@pytest.mark.parametrize(
    ("stated", "modelarts", "iam"),
    [
        (
            {"modelartsIamEndpoint": f"{OTC}:443/v3", "modelartsRegion": "eu-de"},
            "eu-de.otc.t-systems.com",
            f"{OTC}:443",
        ),
        ({"modelartsIamEndpoint": f"{SWISS}/v3", "modelartsRegion": "eu-ch2"}, "eu-ch2.sc.otc.t-systems.com", SWISS),
        ({"modelartsCloud": "otc", "modelartsRegion": "eu-ch2"}, "eu-ch2.sc.otc.t-systems.com", SWISS),
        ({"modelartsRegion": "eu-de"}, "eu-de.otc.t-systems.com", OTC),
        ({"modelartsRegion": "cn-north-4"}, "cn-north-4.myhuaweicloud.com", HUAWEI),
    ],
)
async def test_what_is_not_said_is_derived_within_one_cloud(stated: Tree, modelarts: str, iam: str) -> None:
    config = Config({"modelartsToken": "t", **stated}, {})
    clouds = Clouds(config)
    assert (clouds.client("modelarts").endpoint, iam_address(config)) == (f"https://modelarts.{modelarts}", iam)
    await clouds.close()


def test_the_address_of_modelarts_tells_where_iam_is() -> None:
    config = Config({"modelartsEndpoint": "https://modelarts.eu-nl.otc.t-systems.com", "modelartsRegion": "eu-nl"}, {})
    assert iam_address(config) == "https://iam.eu-nl.otc.t-systems.com"


@pytest.mark.parametrize(
    ("stated", "around", "key"),
    [
        ({"modelartsCloud": "huaweicloud"}, {"HUAWEICLOUD_SDK_IAM_ENDPOINT": f"{OTC}:443/v3"}, "modelartsIamEndpoint"),
        ({"modelartsCloud": "OTC", "modelartsIamEndpoint": HUAWEI}, {}, "modelartsIamEndpoint"),
        (
            {"modelartsCloud": "otc", "modelartsEndpoint": MODELARTS},
            {},
            "modelartsEndpoint",
        ),
        ({"modelartsEndpoint": MODELARTS}, {"MLWORKBENCH_MODELARTS_IAM_ENDPOINT": OTC}, "modelartsEndpoint"),
        ({"modelartsEndpoint": "https://pai-dlc.x.aliyuncs.com"}, {}, "modelartsEndpoint"),
        ({"paiEndpoint": MODELARTS}, {}, "paiEndpoint"),
        ({"paiEndpoint": "https://modelarts.eu-de.otc.t-systems.com"}, {}, "paiEndpoint"),
    ],
)
def test_an_address_of_another_cloud_than_the_one_that_is_meant_is_refused(
    stated: Tree, around: dict[str, str], key: str
) -> None:
    (failure,) = failures_of(Config(stated, around))
    assert failure.path == key
    assert "is an address of " in failure.reason


@pytest.mark.parametrize(
    "stated",
    [
        {"modelartsCloud": "otc", "modelartsEndpoint": "http://127.0.0.1:1", "modelartsIamEndpoint": OTC},
        {"modelartsCloud": "otc", "modelartsEndpoint": "https://gateway.example.com", "modelartsIamEndpoint": OTC},
        {"modelartsEndpoint": MODELARTS, "modelartsIamEndpoint": HUAWEI},
        {"paiEndpoint": "https://pai-dlc.x.aliyuncs.com"},
    ],
)
def test_addresses_that_contradict_nothing_are_taken(stated: Tree) -> None:
    assert failures_of(Config(stated, {})) == []


KEYS = {"HW_ACCESS_KEY": "ak", "HW_SECRET_KEY": "sk"}
TOKEN = {"OS_TOKEN": "t"}


@pytest.mark.parametrize(
    ("stated", "around"),
    [
        ({}, {**TOKEN, "OS_AUTH_URL": f"{OTC}/v3", "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": HUAWEI}),
        ({}, {**KEYS, "HW_AUTH_URL": HUAWEI, "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": OTC}),
        ({"modelartsIamEndpoint": HUAWEI}, {**TOKEN, "OS_AUTH_URL": OTC}),
    ],
)
def test_credentials_of_variables_are_not_shown_to_another_cloud_than_theirs(
    stated: Tree, around: dict[str, str]
) -> None:
    (failure,) = failures_of(Config(stated, around))
    assert failure.path == "modelartsIamEndpoint"
    assert "the environment" in failure.reason


def test_credentials_of_a_profile_are_not_shown_to_another_cloud_than_theirs(tmp_path: Path) -> None:
    file = tmp_path / ".huaweicloud" / "credentials"
    file.parent.mkdir()
    file.write_text(f"[basic]\nak = AK\nsk = SK\niam_endpoint = {HUAWEI}\n", "utf-8")
    around = {"HOME": str(tmp_path), "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": OTC}
    (failure,) = failures_of(configured({}, around))
    assert "profile basic of ~/.huaweicloud/credentials" in failure.reason
    assert failures_of(configured({}, around | {"MLWORKBENCH_MODELARTS_IAM_ENDPOINT": HUAWEI})) == []


def test_credentials_that_the_configuration_states_go_where_it_says(tmp_path: Path) -> None:
    stated: Tree = {"modelartsToken": "t", "modelartsIamEndpoint": OTC}
    assert failures_of(configured(stated, {"HOME": str(tmp_path), **TOKEN, "OS_AUTH_URL": HUAWEI})) == []


def test_the_swiss_site_of_openstacks_vendor_profile_is_found(tmp_path: Path) -> None:
    file = tmp_path / ".config" / "openstack" / "clouds.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("clouds: {team: {profile: otc-swiss, region_name: eu-ch2, auth: {token: t}}}", "utf-8")
    config = configured({}, {"HOME": str(tmp_path), "OS_CLOUD": "team"})
    assert failures_of(config) == []
    assert (modelarts_cloud(config), iam_address(config)) == ("otc", SWISS)


LOGIN = ("u", "p", "d")
VARIABLES = {
    "HUAWEICLOUD_SDK": {"HUAWEICLOUD_SDK_AK": "ak", "HUAWEICLOUD_SDK_SK": "sk"},
    "HW": dict(zip(("HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_NAME"), LOGIN, strict=True)),
    "OS": dict(zip(("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_NAME"), LOGIN, strict=True)),
}
STATED: Tree = {"modelartsUserName": "u", "modelartsPassword": "p", "modelartsDomainName": "d"}
OWN = {
    "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": {"configuration", "named profile", "profile", "machine", *VARIABLES},
    "HUAWEICLOUD_SDK_IAM_ENDPOINT": {"HUAWEICLOUD_SDK", "machine"},
    "HW_AUTH_URL": {"HW"},
    "OS_AUTH_URL": {"OS"},
}


@pytest.mark.parametrize("variable", OWN)
@pytest.mark.parametrize("place", ["configuration", "named profile", "profile", "machine", *VARIABLES])
def test_an_address_counts_for_the_credentials_of_its_own_tool_only(place: str, variable: str, tmp_path: Path) -> None:
    if place.endswith("profile"):
        _write_section(tmp_path, "ak = AK\nsk = SK\n")
    stated = STATED if place == "configuration" else {"modelartsProfile": "basic"} if place == "named profile" else {}
    around = {"HOME": str(tmp_path), **VARIABLES.get(place, {}), variable: f"{OTC}/v3"}
    config = configured({"modelartsRegion": "cn-north-4", **stated}, around)
    told = (modelarts_cloud(config), iam_address(config))
    assert told == (("otc", OTC) if place in OWN[variable] else ("huaweicloud", HUAWEI))


@pytest.mark.parametrize("place", ["configuration", *VARIABLES])
def test_the_address_of_a_profile_that_nobody_named_counts_for_its_own_keys_only(place: str, tmp_path: Path) -> None:
    _write_section(tmp_path, f"ak = AK\nsk = SK\niam_endpoint = {OTC}\n")
    around = {"HOME": str(tmp_path)}
    assert iam_address(configured({}, around)) == OTC
    stated = STATED if place == "configuration" else {}
    config = configured({"modelartsRegion": "cn-north-4", **stated}, around | VARIABLES.get(place, {}))
    assert (modelarts_cloud(config), iam_address(config)) == ("huaweicloud", HUAWEI)


def _write_section(home: Path, text: str) -> None:
    file = home / ".huaweicloud" / "credentials"
    file.parent.mkdir()
    file.write_text(f"[basic]\n{text}", "utf-8")


KEYSTONE = "https://keystone.example.com:5000/v3"


@pytest.mark.parametrize("around", [VARIABLES["OS"], TOKEN, {"OS_ACCESS_KEY": "ak", "OS_SECRET_KEY": "sk"}])
@pytest.mark.parametrize("stated", [{}, {"modelartsIamEndpoint": HUAWEI}], ids=["derived", "IAM stated"])
def test_what_is_for_a_foreign_openstack_is_not_shown_to_modelarts(stated: Tree, around: dict[str, str]) -> None:
    (failure,) = failures_of(Config({"modelartsRegion": "cn-north-4", **stated}, {**around, "OS_AUTH_URL": KEYSTONE}))
    assert failure.path == "modelartsEndpoint"
    assert "state it, or modelartsCloud" in failure.reason


def test_what_clouds_yaml_has_for_a_foreign_openstack_is_not_shown_to_modelarts(tmp_path: Path) -> None:
    file = tmp_path / ".config" / "openstack" / "clouds.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f"clouds: {{team: {{region_name: one, auth: {{token: t, auth_url: '{KEYSTONE}'}}}}}}", "utf-8")
    around = {"HOME": str(tmp_path), "OS_CLOUD": "team"}
    (failure,) = failures_of(configured({}, around))
    assert failure.path == "modelartsEndpoint"
    assert failures_of(configured({"modelartsCloud": "otc"}, around)) == []


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ({"modelartsEndpoint": "https://gateway.example.com"}, KEYSTONE),
        ({"modelartsCloud": "huaweicloud"}, KEYSTONE),
        ({}, "http://127.0.0.1:5000/v3"),
        ({}, "http://localhost:5000/v3"),
        ({}, f"{OTC}/v3"),
        ({}, HUAWEI),
        (STATED, KEYSTONE),
    ],
)
def test_an_openstack_that_is_meant_is_taken(stated: Tree, address: str) -> None:
    config = Config({"modelartsRegion": "one", **stated}, {**VARIABLES["OS"], "OS_AUTH_URL": address})
    assert failures_of(config) == []
