"""Laws of settings: where a value is looked for, in which order, and what is said if there is none. Makes no call."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlworkbench.hosts.config import ProviderConfig
from mlworkbench.hosts.families import (
    MODELARTS_KEYS,
    MODELARTS_LOGIN,
    MODELARTS_LOGIN_BY_ID,
    MODELARTS_TOKEN,
    PAI_KEYS,
    Family,
)
from mlworkbench.hosts.settings import Config, Profile, missing_family, missing_keys, variables
from mlworkbench.model.policy import Secret, policies
from mlworkbench.model.values import Value

FAMILIES = [PAI_KEYS, MODELARTS_KEYS, MODELARTS_TOKEN, MODELARTS_LOGIN, MODELARTS_LOGIN_BY_ID]
SINGLE = [key for key in policies(ProviderConfig) if variables(key)]
SOURCES = [pytest.param(family, names, id=names[0]) for family in FAMILIES for names in family.sources]


def config(
    explicit: Mapping[str, Value] | None = None,
    around: Mapping[str, str] | None = None,
    profile: Profile | None = None,
) -> Config:
    profiles = {"pai": profile, "modelarts": profile} if profile else {}
    return Config(explicit or {}, around or {}, profiles)


def values(family: Family, found: Config) -> tuple[str, ...] | None:
    offer = found.found(family)
    return offer.values if offer else None


@pytest.mark.parametrize("key", SINGLE)
def test_a_setting_comes_from_the_configuration_first(key: str) -> None:
    around = dict.fromkeys(variables(key), "from the environment")
    assert config({key: "mine"}, around).text(key) == "mine"


# The address of a tool counts beside that tool's credentials.
BESIDE = {"HW_AUTH_URL": {"HW_AUTH_TOKEN": "t"}, "OS_AUTH_URL": {"OS_TOKEN": "t"}}


@pytest.mark.parametrize(("key", "variable"), [(key, variable) for key in SINGLE for variable in variables(key)])
def test_a_setting_comes_from_each_of_its_variables(key: str, variable: str) -> None:
    around = {variable: "from the environment", **BESIDE.get(variable, {})}
    assert config(None, around).text(key) == "from the environment"


@pytest.mark.parametrize("key", SINGLE)
def test_the_first_variable_that_is_set_wins(key: str) -> None:
    names = variables(key)
    for place, name in enumerate(names):
        around = {**{each: each for each in names[place:]}, **BESIDE.get(name, {})}
        assert config(None, around).text(key) == name


@pytest.mark.parametrize("key", SINGLE)
def test_the_first_variable_is_the_products_own(key: str) -> None:
    assert variables(key)[0] == f"MLWORKBENCH_{policies(ProviderConfig)[key].attribute.upper()}"


def test_a_setting_that_is_set_nowhere_is_blank() -> None:
    assert config().text("paiRegion") == ""
    assert config({"paiRegion": None}).text("paiRegion") == ""
    assert config({"paiRegion": ""}, {"MLWORKBENCH_PAI_REGION": "x"}).text("paiRegion") == "x"
    assert config(None, {"MLWORKBENCH_PAI_REGION": "", "ALIBABA_CLOUD_REGION_ID": "x"}).text("paiRegion") == "x"


@pytest.mark.parametrize(
    ("found", "number"),
    [
        (config(), 4),
        (config({"maxRetries": 0}), 0),
        (config({"maxRetries": "0"}), 0),
        (config({"maxRetries": 7}), 7),
        (config({"maxRetries": "7"}), 7),
        (config(None, {"MLWORKBENCH_MAX_RETRIES": "3"}), 3),
        (config(None, {"MLWORKBENCH_MAX_RETRIES": "0"}), 0),
        (config({"maxRetries": 0}, {"MLWORKBENCH_MAX_RETRIES": "3"}), 0),
    ],
)
def test_zero_is_a_number_like_any_other(found: Config, number: int) -> None:
    assert found.number("maxRetries", 4) == number


@pytest.mark.parametrize(
    ("found", "flag"),
    [
        (config(), False),
        (config({"allowHttp": True}), True),
        (config({"allowHttp": "true"}), True),
        (config({"allowHttp": False}), False),
        (config({"allowHttp": "false"}), False),
        (config(None, {"MLWORKBENCH_ALLOW_HTTP": "True"}), True),
        (config(None, {"MLWORKBENCH_ALLOW_HTTP": "1"}), True),
        (config(None, {"MLWORKBENCH_ALLOW_HTTP": "no"}), False),
        (config({"allowHttp": False}, {"MLWORKBENCH_ALLOW_HTTP": "true"}), False),
    ],
)
def test_a_truth_value_is_off_unless_it_is_switched_on(found: Config, flag: bool) -> None:
    assert found.flag("allowHttp") is flag


@pytest.mark.parametrize("family", FAMILIES)
def test_settings_that_belong_together_come_from_the_configuration(family: Family) -> None:
    explicit: dict[str, Value] = {key: f"my {key}" for key in family.keys}
    around = {name: "theirs" for names in family.sources for name in names}
    found = config(explicit, around).found(family)
    assert found is not None
    assert (found.values, found.family) == (tuple(explicit.values()), family)


@pytest.mark.parametrize(("family", "names"), SOURCES)
def test_settings_that_belong_together_come_from_each_vendors_variables(family: Family, names: tuple[str, ...]) -> None:
    around = {name: f"{place}" for place, name in enumerate(names)}
    assert values(family, config(None, around)) == tuple(around.values())


@pytest.mark.parametrize(("family", "names"), SOURCES)
def test_what_is_optional_among_them_may_be_absent(family: Family, names: tuple[str, ...]) -> None:
    around = dict.fromkeys(names[: family.required], "set")
    absent = ("",) * (len(family.keys) - family.required)
    assert values(family, config(None, around)) == ("set",) * family.required + absent


@pytest.mark.parametrize("family", [family for family in FAMILIES if family.required > 1])
def test_settings_of_two_sources_are_never_mixed(family: Family) -> None:
    one, other = family.sources[0], family.sources[1]
    assert values(family, config(None, {one[0]: "one", other[1]: "other"})) is None
    explicit: dict[str, Value] = {family.keys[0]: "mine"}
    around = {name: "theirs" for names in family.sources for name in names}
    assert values(family, config(explicit, around)) is None


@pytest.mark.parametrize("family", [PAI_KEYS, MODELARTS_KEYS])
def test_the_token_of_another_source_is_never_mixed_in(family: Family) -> None:
    one, other = family.sources[0], family.sources[1]
    around = {one[0]: "ak", one[1]: "sk", other[2]: "token of somebody else"}
    assert values(family, config(None, around)) == ("ak", "sk", "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_first_complete_source_wins(family: Family) -> None:
    around = {name: names[0] for names in reversed(family.sources) for name in names}
    found = values(family, config(None, around))
    assert found is not None
    assert found[0] == family.sources[0][0]


@pytest.mark.parametrize("key", [*MODELARTS_KEYS.keys, *MODELARTS_LOGIN.keys])
def test_a_part_of_any_family_in_the_configuration_means_that_one(key: str) -> None:
    around = {"HW_AUTH_TOKEN": "t", "HW_ACCESS_KEY": "ak", "HW_SECRET_KEY": "sk"}
    assert config(None, around).found(MODELARTS_TOKEN, MODELARTS_KEYS, MODELARTS_LOGIN) is not None
    assert config({key: "mine"}, around).found(MODELARTS_TOKEN, MODELARTS_KEYS, MODELARTS_LOGIN) is None


def test_every_secret_of_the_configuration_belongs_to_a_family() -> None:
    secret = {name for name, policy in policies(ProviderConfig).items() if Secret in policy}
    # A proxy's password is no key of a cloud's.
    assert secret - {"proxy"} <= {key for family in FAMILIES for key in family.keys}


PROFILE = Profile("profile dev", {"paiRegion": "profile-1", "paiAccessKeyId": "ak", "paiAccessKeySecret": "sk"})
STATED = Profile(PROFILE.name, PROFILE.values, stated=True)


def test_a_profile_that_merely_exists_comes_last() -> None:
    assert config(profile=PROFILE).text("paiRegion") == "profile-1"
    assert config(None, {"MLWORKBENCH_PAI_REGION": "env-1"}, PROFILE).text("paiRegion") == "env-1"
    assert config({"paiRegion": "mine"}, profile=PROFILE).text("paiRegion") == "mine"


def test_a_profile_that_the_configuration_names_goes_before_the_environment() -> None:
    assert config(None, {"MLWORKBENCH_PAI_REGION": "env-1"}, STATED).text("paiRegion") == "profile-1"
    assert config({"paiRegion": "mine"}, profile=STATED).text("paiRegion") == "mine"


def test_it_is_known_where_credentials_come_from() -> None:
    around = {"ALICLOUD_ACCESS_KEY": "ak", "ALICLOUD_SECRET_KEY": "sk"}
    for found, source in (
        (config({"paiAccessKeyId": "a", "paiAccessKeySecret": "s"}), "configuration"),
        (config(None, around), "ALICLOUD_ACCESS_KEY"),
        (config(profile=PROFILE), "profile dev"),
    ):
        offer = found.found(PAI_KEYS)
        assert offer is not None
        assert source in offer.source


def test_a_missing_key_is_named_in_full_with_what_would_set_it() -> None:
    (missing,) = missing_keys(config(), "paiRegion")
    assert missing.name == "mlworkbench:paiRegion"
    for text in (
        "mlworkbench:paiRegion",
        policies(ProviderConfig)["paiRegion"].description.splitlines()[0],
        "pulumi config set mlworkbench:paiRegion",
        "MLWORKBENCH_PAI_REGION",
    ):
        assert text in str(missing)
    assert missing_keys(config(None, {"MLWORKBENCH_PAI_REGION": "x"}), "paiRegion") == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_missing_key_of_a_family_is_named_with_its_variable(family: Family) -> None:
    missing = missing_family(config(), family)
    assert [each.key for each in missing] == list(family.keys[: family.required])
    for each, variable in zip(missing, family.sources[0], strict=False):
        assert each.name in str(each)
        assert variable in str(each)
        assert ("--secret" in str(each)) is (Secret in policies(ProviderConfig)[each.key])


def test_a_key_that_is_set_is_not_called_missing() -> None:
    explicit: dict[str, Value] = {"paiAccessKeyId": "ak"}
    assert [each.key for each in missing_family(config(explicit), PAI_KEYS)] == ["paiAccessKeySecret"]
    assert missing_family(config({**explicit, "paiAccessKeySecret": "sk"}), PAI_KEYS) == []


@pytest.mark.parametrize("key", policies(ProviderConfig))
def test_what_is_missing_is_told_in_one_whole_sentence(key: str) -> None:
    description = " ".join(policies(ProviderConfig)[key].description.split())
    (missing,) = missing_keys(config(), key)
    assert description == missing.description or description.startswith(f"{missing.description} ")
    assert missing.description.endswith(".")
    assert ". " not in missing.description
