"""Laws of profiles: what the files of the vendors' own tools say. Knows their formats; reads files of its own only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlworkbench.hosts.clouds import configured
from mlworkbench.hosts.profiles import alibaba_profile, modelarts_profile

CREDENTIALS = """
[basic]
ak = AK-1
sk = SK%1
project_id = p-1

[dev]
ak = AK-2
sk = SK-2
security_token = ST-2
iam_endpoint = https://iam.example.com
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with profiles of both vendors."""
    profiles = [{"name": "default", "region_id": "cn-beijing"}, {"name": "dev", "region_id": "cn-shanghai"}]
    write(tmp_path / ".aliyun" / "config.json", json.dumps({"current": "dev", "profiles": profiles}))
    write(tmp_path / ".huaweicloud" / "credentials", CREDENTIALS)
    return tmp_path


def test_a_profile_of_huawei_cloud_is_a_section_of_its_file(home: Path) -> None:
    found = modelarts_profile("dev", True, {}, home)
    assert found.stated
    assert found.name == "profile dev of ~/.huaweicloud/credentials"
    assert found.values == {
        "modelartsAccessKey": "AK-2",
        "modelartsSecretKey": "SK-2",
        "modelartsSecurityToken": "ST-2",
        "modelartsIamEndpoint": "https://iam.example.com",
    }


def test_the_profile_that_is_meant_by_none_is_basic(home: Path) -> None:
    found = modelarts_profile("", False, {}, home)
    assert not found.stated
    assert found.values == {"modelartsAccessKey": "AK-1", "modelartsSecretKey": "SK%1", "modelartsProjectId": "p-1"}


def test_the_file_of_huawei_cloud_may_be_elsewhere(home: Path) -> None:
    elsewhere = write(home / "elsewhere", "[basic]\nak = AK-3\nsk = SK-3\n")
    around = {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(elsewhere)}
    assert modelarts_profile("", False, around, home).values["modelartsAccessKey"] == "AK-3"


@pytest.mark.parametrize("text", ["", "no section", "[basic\nak = x", "\x00"])
def test_a_file_that_makes_no_sense_has_no_profile(text: str, tmp_path: Path) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", text)
    found = modelarts_profile("", False, {}, tmp_path)
    assert found.values == {}
    assert found.problem.startswith("~/.huaweicloud/credentials cannot be read: ") == bool(text)


def test_what_makes_a_file_unreadable_is_told_without_its_text(tmp_path: Path) -> None:
    file = write(tmp_path / ".huaweicloud" / "credentials", "[basic]\nak = a\ns3cret\n")
    assert modelarts_profile("", False, {}, tmp_path).problem == (
        "~/.huaweicloud/credentials cannot be read: line 3 is no section and no setting."
    )
    file.write_bytes(b"[basic]\nak = s3cret\xff\n")
    assert modelarts_profile("", False, {}, tmp_path).problem == (
        "~/.huaweicloud/credentials cannot be read: it is not UTF-8."
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("clouds: [a]", "`clouds` must be a map"),
        ("- a", "must be a map with the key `clouds`"),
        ("clouds: {team: s3cret}", "the cloud team must be a map"),
        ("clouds: {team: {auth: s3cret}}", "`auth` of the cloud team must be a map"),
        ("clouds: {team: {auth: [s3cret]}}", "`auth` of the cloud team must be a map"),
        ("clouds:\n  team: {auth: {password: s3cret\n", "is not valid YAML (line "),
        ("clouds:\n\tteam: s3cret", "is not valid YAML (line 2)"),
    ],
)
def test_a_fault_of_clouds_yaml_is_told_with_its_file_and_without_its_text(
    text: str, fault: str, tmp_path: Path
) -> None:
    write(tmp_path / ".config" / "openstack" / "clouds.yaml", text)
    problem = modelarts_profile("team", True, {}, tmp_path).problem
    assert "In clouds.yaml: ~/.config/openstack/clouds.yaml" in problem
    assert fault in problem
    assert "s3cret" not in problem
    assert "not found" not in problem


def test_a_cloud_behind_a_broken_file_of_another_tool_is_used(tmp_path: Path) -> None:
    write(tmp_path / ".huaweicloud" / "credentials", "no section")
    write(tmp_path / ".config" / "openstack" / "clouds.yaml", "clouds: {team: {auth: {token: t}}}")
    found = modelarts_profile("team", True, {}, tmp_path)
    assert (found.values, found.problem) == ({"modelartsToken": "t"}, "")


@pytest.mark.parametrize(("around", "bundle"), [({}, "/ca.pem"), ({"SSL_CERT_FILE": "/mine.pem"}, "/mine.pem")])
def test_the_authorities_of_a_cloud_are_trusted_if_no_others_are_set(
    around: dict[str, str], bundle: str, tmp_path: Path
) -> None:
    write(tmp_path / ".config" / "openstack" / "clouds.yaml", "clouds: {team: {cacert: /ca.pem, auth: {token: t}}}")
    named = {"OS_CLOUD": "team", "HOME": str(tmp_path), **around}
    assert configured({}, named).text("caBundle") == bundle


def test_a_home_without_files_has_no_profile(tmp_path: Path) -> None:
    assert modelarts_profile("", False, {}, tmp_path).values == {}
    assert alibaba_profile("", False, {}, tmp_path).values == {}


def test_a_profile_of_alibaba_cloud_tells_its_region_and_no_key(home: Path) -> None:
    assert alibaba_profile("default", True, {}, home).values == {"paiRegion": "cn-beijing"}
    assert alibaba_profile("", False, {}, home).values == {"paiRegion": "cn-shanghai"}


def test_the_profiles_of_alibaba_cloud_can_be_switched_off(home: Path) -> None:
    assert alibaba_profile("dev", True, {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, home).values == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"profiles": 5}', '{"profiles": [5]}', '{"profiles": []}'])
def test_a_configuration_that_makes_no_sense_tells_no_region(text: str, tmp_path: Path) -> None:
    write(tmp_path / ".aliyun" / "config.json", text)
    assert alibaba_profile("dev", True, {}, tmp_path).values == {}
