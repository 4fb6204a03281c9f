"""Laws of the way from a user's machine to a cloud: profiles, IAM's address, the project. Calls this machine only."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from mlworkbench.hosts.access import iam_address, modelarts_access, modelarts_cloud, pai_access
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.hosts.settings import Config
from mlworkbench.model.values import Tree
from mlworkbench.wire.signing import ScopedSdkHmac, SdkHmac

Around = dict[str, str]
KEYS: Tree = {"modelartsAccessKey": "AKIDEXAMPLE", "modelartsSecretKey": "sk"}


@pytest.fixture
def around(tmp_path: Path) -> Around:
    """An environment with a home of its own, on a machine that gives out no keys."""
    return {"HOME": str(tmp_path), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_profiles_are_read_from_the_users_home(around: Around, tmp_path: Path) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", "[basic]\nak = a\nsk = s\nproject_id = p-1\n")
    told = {"current": "dev", "profiles": [{"name": "dev", "region_id": "cn-shanghai"}]}
    write(tmp_path / ".aliyun" / "config.json", json.dumps(told))
    found = configured({}, around)
    assert found.text("modelartsProjectId") == "p-1"
    assert found.text("paiRegion") == "cn-shanghai"


@pytest.mark.parametrize(
    ("explicit", "cloud", "iam"),
    [
        ({"modelartsRegion": "cn-north-4"}, "huaweicloud", "https://iam.cn-north-4.myhuaweicloud.com"),
        ({"modelartsRegion": "eu-de", "modelartsCloud": "otc"}, "otc", "https://iam.eu-de.otc.t-systems.com"),
        ({"modelartsIamEndpoint": "https://iam.example.com"}, "huaweicloud", "https://iam.example.com"),
        ({"modelartsIamEndpoint": "https://iam.example.com/v3/"}, "huaweicloud", "https://iam.example.com"),
        (
            {"modelartsIamEndpoint": "https://iam.eu-de.otc.t-systems.com/v3"},
            "otc",
            "https://iam.eu-de.otc.t-systems.com",
        ),
    ],
)
def test_iam_is_where_it_is_said_to_be_or_in_the_region(explicit: Tree, cloud: str, iam: str) -> None:
    assert (modelarts_cloud(Config(explicit, {})), iam_address(Config(explicit, {}))) == (cloud, iam)


def test_the_form_of_a_signature_can_be_chosen() -> None:
    assert type(modelarts_access(Config(KEYS, {})).auth) is SdkHmac
    assert type(modelarts_access(Config(KEYS | {"modelartsSigning": "access"}, {})).auth) is SdkHmac
    assert type(modelarts_access(Config(KEYS | {"modelartsSigning": "Scoped"}, {})).auth) is ScopedSdkHmac


async def test_a_profile_that_is_named_and_not_there_is_no_reason_to_take_other_keys(around: Around) -> None:
    other = {"HW_ACCESS_KEY": "ak", "HW_SECRET_KEY": "sk", "ALICLOUD_ACCESS_KEY": "ak", "ALICLOUD_SECRET_KEY": "sk"}
    modelarts = modelarts_access(configured({"modelartsProfile": "nowhere"}, around | other))
    assert [each.key for each in await modelarts.missing()] == ["modelartsAccessKey", "modelartsSecretKey"]
    pai = pai_access(configured({"paiProfile": "nowhere"}, around | other))
    assert [each.key for each in await pai.missing()] == ["paiAccessKeyId", "paiAccessKeySecret"]


def test_who_calls_is_told_without_a_secret(around: Around) -> None:
    keys = modelarts_access(Config(KEYS, around))
    login = {"modelartsUserName": "alice", "modelartsPassword": "pa55", "modelartsDomainName": "acme"}
    user = modelarts_access(Config({"modelartsRegion": "x", **login}, around))
    assert keys.identity
    assert "alice" in user.identity
    for access in (keys, user):
        assert not {"sk", "pa55"} & {access.identity, *access.identity.split()}
        assert "pa55" not in repr(access)


@contextmanager
def iam(name: str) -> Iterator[tuple[str, list[str]]]:
    """Serve an IAM with one project; yields its address and the paths that it is asked for."""
    asked: list[str] = []

    class Iam(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps({"projects": [{"id": "p-1", "name": name}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Iam)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"modelartsRegion": "eu-de"}, "eu-de"),
        ({"modelartsRegion": "eu-de", "modelartsProjectName": "eu-de_team"}, "eu-de_team"),
        ({"modelartsProjectName": "eu-de_team"}, "eu-de_team"),
    ],
)
async def test_a_project_is_looked_up_by_its_name_or_its_regions(more: Tree, name: str, around: Around) -> None:
    with iam(name) as (address, asked):
        found = Clouds(Config({"modelartsToken": "t", "modelartsIamEndpoint": address, **more}, around))
        assert await found.client("modelarts").ids() == {"project_id": "p-1"}
        await found.close()
    assert asked == [f"/v3/projects?name={name}"]


def cloud_of(home: Path, auth: str) -> Around:
    write(home / ".config" / "openstack" / "clouds.yaml", f"clouds: {{team: {{region_name: eu-de, auth: {auth}}}}}")
    return {"HOME": str(home), "OS_CLOUD": "team"}


@pytest.mark.parametrize(
    "auth", ["{}", "{username: u}", "{username: u, password: s3cret}", "{password: s3cret, user_domain_name: d}"]
)
@pytest.mark.parametrize("how", ["OS_CLOUD", "MLWORKBENCH_MODELARTS_PROFILE", "configuration"])
async def test_a_profile_that_is_named_and_has_no_credentials_is_no_reason_to_take_a_machines(
    how: str, auth: str, tmp_path: Path
) -> None:
    around = cloud_of(tmp_path, auth)
    del around["OS_CLOUD"]
    stated: Tree = {"modelartsProfile": "team"} if how == "configuration" else {}
    access = modelarts_access(configured(stated, around | ({} if stated else {how: "team"})))
    assert access.chain is None
    missing = await access.missing()
    assert missing
    for each in missing:
        assert "cloud team of clouds.yaml has no complete credentials" in str(each)
        assert "s3cret" not in str(each)


async def test_a_part_of_the_credentials_of_a_named_profile_is_not_made_up_for_by_the_environment(
    tmp_path: Path,
) -> None:
    around = cloud_of(tmp_path, "{username: u}") | {"HW_ACCESS_KEY": "ak", "HW_SECRET_KEY": "sk"}
    del around["OS_CLOUD"]
    access = modelarts_access(configured({"modelartsProfile": "team"}, around))
    assert [each.key for each in await access.missing()]
    # One that tells no more than where to call leaves the keys to the environment.
    around = cloud_of(tmp_path, "{auth_url: https://iam.example.com}") | {"HW_ACCESS_KEY": "ak", "HW_SECRET_KEY": "sk"}
    assert (
        modelarts_access(configured({"modelartsProfile": "team"}, around)).source == "the environment (HW_ACCESS_KEY)"
    )


async def test_half_of_a_key_in_the_usual_profile_is_no_reason_to_take_a_machines(
    around: Around, tmp_path: Path
) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", "[basic]\nak = AK\n")
    access = modelarts_access(configured({}, around))
    assert access.chain is None
    assert "profile basic of ~/.huaweicloud/credentials has no complete credentials" in str((await access.missing())[0])


def test_a_machine_is_asked_where_nothing_is_named(around: Around, tmp_path: Path) -> None:
    assert modelarts_access(configured({}, around)).chain
    write(tmp_path / ".huaweicloud" / "credentials", "[basic]\nproject_id = p-1\n")
    assert modelarts_access(configured({}, around)).chain


DOMAIN_IDS: list[tuple[Tree, Around, str]] = [
    ({"modelartsUserName": "u", "modelartsPassword": "p", "modelartsDomainId": "d-1"}, {}, "configuration"),
    ({}, {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "p", "HW_DOMAIN_ID": "d-1"}, "HW_USER_NAME"),
    ({}, {"OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_USER_DOMAIN_ID": "d-1"}, "OS_USERNAME"),
    ({}, {"OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_DOMAIN_ID": "d-1"}, "OS_USERNAME"),
]


@pytest.mark.parametrize(("stated", "more", "source"), DOMAIN_IDS)
def test_a_login_may_name_its_domain_by_id(stated: Tree, more: Around, source: str, around: Around) -> None:
    access = modelarts_access(configured({"modelartsRegion": "eu-de", **stated}, around | more))
    assert source in access.source
    assert access.auth.login.body()["auth"]["identity"]["password"]["user"]["domain"] == {"id": "d-1"}


def test_a_cloud_of_clouds_yaml_may_name_its_domain_by_id(tmp_path: Path) -> None:
    around = cloud_of(tmp_path, "{username: u, password: p, user_domain_id: d-1}")
    access = modelarts_access(configured({}, around))
    assert access.auth.login.body()["auth"]["identity"]["password"]["user"]["domain"] == {"id": "d-1"}
    assert access.user == "user u of domain d-1"


URI = {"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1/keys"}


@pytest.mark.parametrize("file", [True, False], ids=["another profile", "no file"])
@pytest.mark.parametrize("name", ["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE", "MLWORKBENCH_PAI_PROFILE", ""])
async def test_a_named_profile_of_alibaba_cloud_is_no_reason_to_take_a_machines_keys(
    name: str, file: bool, tmp_path: Path
) -> None:
    if file:
        write(tmp_path / ".aliyun" / "config.json", json.dumps({"current": "a", "profiles": [{"name": "a"}]}))
    stated: Tree = {} if name else {"paiProfile": "team"}
    access = pai_access(configured(stated, {"HOME": str(tmp_path), **URI, **({name: "team"} if name else {})}))
    (note,) = {each.note for each in await access.missing()}
    assert "profile team" in note
    assert "ECS" not in note
    assert "URI" not in note


async def test_without_the_name_of_a_profile_a_machine_is_asked_last(around: Around) -> None:
    access = pai_access(configured({}, around | URI))
    assert "the credentials URI" in (await access.missing())[0].note
