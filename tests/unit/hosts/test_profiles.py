"""Laws of profiles: what the files of the vendors' own tools say. Knows their formats; reads files of its own only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
    assert modelarts_profile("", False, {}, tmp_path).values == {}


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
