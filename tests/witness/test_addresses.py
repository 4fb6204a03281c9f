"""Our addresses are those of the official clients, region by region, and lead to the paths of the pages."""

from __future__ import annotations

import pytest
from alibabacloud_pai_dlc20201203.client import Client  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped]
from huaweicloudsdkcore.auth.internal import IamHelper  # type: ignore[import-untyped]
from huaweicloudsdkmodelarts.v1.region.modelarts_region import ModelArtsRegion  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images
from mlworkbench.api.modelarts import service as modelarts
from mlworkbench.api.pai import service as pai
from mlworkbench.api.pai import tensorboards
from mlworkbench.hosts.access import iam_address
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.hosts.families import MODELARTS_LOGIN
from mlworkbench.model.check import check
from mlworkbench_emulator import Emulator
from mlworkbench_emulator.accounts import HUAWEI_PROJECT, HUAWEI_USER

from .ours import Ours, modelarts_keys, pai_keys
from .wiretap import Wiretap

# The vendor's page of endpoints; the official client sends other regions to one bare host, which the page lacks.
PAI_REGIONS = (
    *("cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "cn-guangzhou", "cn-wulanchabu", "cn-hongkong"),
    *("ap-northeast-1", "ap-southeast-1", "ap-southeast-3", "ap-southeast-5", "ap-southeast-7"),
    *("us-east-1", "us-west-1", "us-southeast-1", "eu-central-1"),
)
# The official table alone has `.cn` here; the vendor's pages do not.
ODD = {"ap-southeast-1"}
MODELARTS_REGIONS = sorted(ModelArtsRegion.static_fields.keys() - ODD)
# For regions that it does not know, the official client asks the one IAM of all.
IAM_REGIONS = [
    region for region in MODELARTS_REGIONS if IamHelper.get_iam_endpoint(region) != IamHelper.DEFAULT_ENDPOINT
]


@pytest.mark.parametrize("network", ["public", "vpc"])
@pytest.mark.parametrize("region", PAI_REGIONS)
def test_pai_is_where_the_official_client_looks_for_it(region: str, network: str) -> None:
    config = Config(access_key_id="id", access_key_secret="secret", region_id=region, network=network)
    assert pai.endpoint(region, network) == f"https://{Client(config)._endpoint}"


@pytest.mark.parametrize("region", MODELARTS_REGIONS)
def test_modelarts_is_where_the_official_client_looks_for_it(region: str) -> None:
    assert [modelarts.endpoint("huaweicloud", region)] == ModelArtsRegion.value_of(region).endpoints


def test_the_odd_region_is_still_odd() -> None:
    assert [ModelArtsRegion.value_of(region).endpoints for region in ODD] == [
        [f"{modelarts.endpoint('huaweicloud', 'ap-southeast-1').removesuffix('.com')}.cn"]
    ]


@pytest.mark.parametrize("region", IAM_REGIONS)
def test_iam_is_where_the_official_client_looks_for_it(region: str) -> None:
    assert modelarts.iam_endpoint("huaweicloud", region) == IamHelper.get_iam_endpoint(region)


@pytest.mark.parametrize("region", ["eu-west-101", "eu-west-109"])
def test_the_european_regions_are_in_a_domain_of_their_own(region: str) -> None:
    # The official table of regions has none of them: the vendor's Terraform provider knows the domain.
    assert region not in MODELARTS_REGIONS
    assert modelarts.endpoint("huaweicloud", region) == f"https://modelarts.{region}.myhuaweicloud.eu"
    assert modelarts.iam_endpoint("huaweicloud", region) == f"https://iam.{region}.myhuaweicloud.eu"


def test_otc_is_where_its_page_of_regions_says() -> None:
    assert modelarts.endpoint("otc", "eu-de") == "https://modelarts.eu-de.otc.t-systems.com"
    assert modelarts.iam_endpoint("otc", "eu-de") == "https://iam.eu-de.otc.t-systems.com"
    assert modelarts.iam_endpoint("otc", "eu-nl") == "https://iam.eu-nl.otc.t-systems.com"


CONFIGURED: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("pai", {"paiRegion": "cn-hangzhou"}, "https://pai-dlc.cn-hangzhou.aliyuncs.com", ""),
    ("pai", {"paiRegion": "cn-hangzhou", "paiNetwork": "public"}, "https://pai-dlc.cn-hangzhou.aliyuncs.com", ""),
    ("pai", {"paiRegion": "cn-hangzhou", "paiNetwork": "vpc"}, "https://pai-dlc-vpc.cn-hangzhou.aliyuncs.com", ""),
    ("pai", {"paiRegion": "cn-hangzhou", "paiEndpoint": "https://pai.example.com"}, "https://pai.example.com", ""),
    (
        "modelarts",
        {"modelartsRegion": "cn-north-4"},
        "https://modelarts.cn-north-4.myhuaweicloud.com",
        "https://iam.cn-north-4.myhuaweicloud.com",
    ),
    (
        "modelarts",
        {"modelartsRegion": "eu-west-101"},
        "https://modelarts.eu-west-101.myhuaweicloud.eu",
        "https://iam.eu-west-101.myhuaweicloud.eu",
    ),
    (
        "modelarts",
        {"modelartsRegion": "eu-de", "modelartsCloud": "otc"},
        "https://modelarts.eu-de.otc.t-systems.com",
        "https://iam.eu-de.otc.t-systems.com",
    ),
    (
        "modelarts",
        {"modelartsRegion": "eu-de", "modelartsIamEndpoint": "https://iam.eu-de.otc.t-systems.com/v3"},
        "https://modelarts.eu-de.otc.t-systems.com",
        "https://iam.eu-de.otc.t-systems.com",
    ),
    (
        "modelarts",
        {"modelartsRegion": "cn-north-4", "modelartsIamEndpoint": "https://iam.myhuaweicloud.com"},
        "https://modelarts.cn-north-4.myhuaweicloud.com",
        "https://iam.myhuaweicloud.com",
    ),
    (
        "modelarts",
        {"modelartsRegion": "cn-north-4", "modelartsEndpoint": "https://modelarts.example.com"},
        "https://modelarts.example.com",
        "https://iam.cn-north-4.myhuaweicloud.com",
    ),
)


@pytest.mark.parametrize(("service", "settings", "address", "iam"), CONFIGURED)
async def test_a_configuration_leads_to_its_address(
    service: str, settings: dict[str, str], address: str, iam: str
) -> None:
    keys = pai_keys() if service == "pai" else modelarts_keys()
    config = configured({**settings, **keys}, {})
    clouds = Clouds(config)
    assert await clouds.missing(service) == []
    assert clouds.client(service).endpoint == address
    assert (iam_address(config) if iam else "") == iam
    await clouds.close()


@pytest.mark.parametrize("suffix", ["", "/"])
@pytest.mark.parametrize("service", ["pai", "modelarts"])
async def test_an_address_may_end_with_a_slash(service: str, suffix: str, sink_line: tuple[Wiretap, str]) -> None:
    # Terraform's endpoints do.
    tap, url = sink_line
    tap.clear()
    provider = Ours(f"{url}{suffix}")
    if service == "pai":
        await provider.pai()(tensorboards.LIST, query=tensorboards.ListQuery())
    else:
        await provider.huawei()(images.LIST, query=images.ListQuery())
    await provider.close()
    expected = "/api/v1/tensorboards" if service == "pai" else f"/v1/{HUAWEI_PROJECT.id}/images"
    assert tap.last()[0].path == expected


@pytest.mark.parametrize("suffix", ["", "/", "/v3", "/v3/"])
async def test_the_address_of_iam_may_be_written_as_openstack_writes_it(
    suffix: str, url: str, emulator: Emulator
) -> None:
    provider = Ours(url)
    named = {"modelartsRegion": HUAWEI_PROJECT.name, "modelartsIamEndpoint": f"{url}{suffix}"}
    await provider.client("modelarts", {**named, **modelarts_keys()})(images.LIST, query=images.ListQuery())
    login = dict(
        zip(MODELARTS_LOGIN.keys, (HUAWEI_USER.name, HUAWEI_USER.password, HUAWEI_USER.domain_name), strict=True)
    )
    await provider.client("modelarts", {**named, **login})(images.LIST, query=images.ListQuery())
    await provider.close()
    assert [entry.path for entry in emulator.journal.of("ListProjects")] == ["/v3/projects"] * 2
    assert [entry.path for entry in emulator.journal.of("CreateToken")] == ["/v3/auth/tokens"]


ENDPOINTS = ("paiEndpoint", "modelartsEndpoint", "modelartsIamEndpoint")


@pytest.mark.parametrize("key", ENDPOINTS)
@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("https://cloud.example.com", True),
        ("https://cloud.example.com:8443", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://cloud.example.com", False),
        ("http://10.0.0.1", False),
        ("ftp://cloud.example.com", False),
        ("cloud.example.com", False),
        ("https://user:password@cloud.example.com", False),
        ("https://cloud.example.com?x=y", False),
    ],
)
def test_the_clouds_are_spoken_to_over_https_alone(key: str, address: str, sound: bool) -> None:
    # The pages know no other scheme; this machine itself is no cloud.
    assert (check(ProviderConfig, {key: address}) == []) is sound
    if address.startswith("http://"):
        assert check(ProviderConfig, {key: address, "allowHttp": "true"}) == []
