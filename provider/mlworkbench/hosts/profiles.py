"""Read the profiles that the vendors' own tools keep in files. Know their formats, and no credential beyond them.

Sources: Alibaba Cloud CLI "Configure credentials"; Huawei Cloud SDK "Use environment variables or a profile";
openstacksdk "Configuring OpenStack SDK applications" (its loader reads clouds.yaml).
"""

from __future__ import annotations

import configparser
import json
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .settings import Profile

__all__ = ["alibaba_profile", "modelarts_profile"]

_SECTION_KEYS = {
    "modelartsAccessKey": "ak",
    "modelartsSecretKey": "sk",
    "modelartsSecurityToken": "security_token",
    "modelartsProjectId": "project_id",
    "modelartsIamEndpoint": "iam_endpoint",
}
_CLOUD_KEYS = {
    "modelartsRegion": "region_name",
    "modelartsAccessKey": "access_key",
    "modelartsSecretKey": "secret_key",
    "modelartsSecurityToken": "security_token",
}
_CLOUD_SYNONYMS = {"modelartsAccessKey": "ak", "modelartsSecretKey": "sk"}
_CLOUD_AUTH_KEYS = {
    "modelartsIamEndpoint": "auth_url",
    "modelartsToken": "token",
    "modelartsUserName": "username",
    "modelartsPassword": "password",
    "modelartsDomainName": "user_domain_name",
    "modelartsDomainId": "user_domain_id",
    "modelartsProjectId": "project_id",
    "modelartsProjectName": "project_name",
}


def alibaba_profile(name: str, stated: bool, environment: Mapping[str, str], home: Path) -> Profile:
    """Return the region of a profile of Alibaba Cloud's CLI; its keys are for the vendor's own code to read."""
    file = home / ".aliyun" / "config.json"
    if environment.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "").casefold() == "true" or not file.is_file():
        return Profile(stated=stated)
    try:
        told = json.loads(file.read_text("utf-8"))
        wanted = name or told.get("current", "")
        found = next(each for each in told["profiles"] if each.get("name") == wanted)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        # Whoever takes the keys from this file will say what is wrong with it.
        return Profile(stated=stated)
    region = found.get("region_id") or ""
    return Profile(f"profile {wanted} of ~/.aliyun/config.json", {"paiRegion": region}, stated)


def modelarts_profile(name: str, stated: bool, environment: Mapping[str, str], home: Path) -> Profile:
    """Return a section of Huawei Cloud's credentials file or, if it has none of that name, a cloud of clouds.yaml."""
    file = Path(environment.get("HUAWEICLOUD_SDK_CREDENTIALS_FILE") or home / ".huaweicloud" / "credentials")
    section, where = dict[str, str](), f"{_shown(file, home)} has no profile {name!r}."
    try:
        section = dict(_section(file, name or "basic"))
    except _Unreadable as error:
        where = f"{_shown(file, home)} cannot be read: {error}."
        if not name:
            return Profile(problem=where)
    if section:
        values = {key: section[theirs] for key, theirs in _SECTION_KEYS.items() if section.get(theirs)}
        return Profile(f"profile {name or 'basic'} of {_shown(file, home)}", values, stated)
    if not name:
        return Profile()
    found = _cloud(name, stated, environment, home)
    return replace(found, problem=f"{where} {found.problem}") if found.problem else found


class _Unreadable(Exception):
    """A file is there, but makes no sense; says why, and quotes nothing of it."""


def _section(file: Path, name: str) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _Unreadable(error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise _Unreadable("it is not UTF-8") from None
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", ())), None)
        raise _Unreadable(f"line {line} is no section and no setting" if line else "it has no sections") from None
    return parser[name] if parser.has_section(name) else {}


def _shown(path: Path, home: Path) -> str:
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _cloud_folders(environment: Mapping[str, str], home: Path) -> list[Path]:
    """Return where the loader's documents say that it looks, in this environment and home."""
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return [Path.cwd(), settings / "openstack", Path("/etc/openstack")]


def _files(stem: str, folders: list[Path], named: str | None) -> list[str]:
    usual = [str(folder / f"{stem}{suffix}") for folder in folders for suffix in (".yaml", ".yml", ".json")]
    return [named, *usual] if named else usual


def _cloud(name: str, stated: bool, environment: Mapping[str, str], home: Path) -> Profile:
    title = f"cloud {name} of clouds.yaml"
    try:
        settings = _cloud_settings(name, environment, home)
    except ImportError:
        return Profile(title, stated=stated, problem="To look it up in clouds.yaml, install mlworkbench[openstack].")
    except (LookupError, OSError) as error:
        return Profile(title, stated=stated, problem=f"In clouds.yaml: {' '.join(str(error).split())}")
    auth = settings.get("auth") or {}
    found = {"caBundle": settings.get("cacert")} | {key: settings.get(theirs) for key, theirs in _CLOUD_KEYS.items()}
    found |= {key: found.get(key) or settings.get(theirs) for key, theirs in _CLOUD_SYNONYMS.items()}
    found |= {key: auth.get(theirs) for key, theirs in _CLOUD_AUTH_KEYS.items()}
    values = {key: str(value) for key, value in found.items() if value}
    if (address := values.get("modelartsIamEndpoint")) and "://" not in address:
        # The loader's own description of a vendor may leave the scheme out.
        values["modelartsIamEndpoint"] = f"https://{address}"
    return Profile(title, values, stated)


def _examine(file: Path | None, home: Path) -> None:
    """Raise LookupError if a file is not of the form that the loader takes for granted, or passes over in silence."""
    if file is None:
        return
    import yaml

    try:
        # JSON is YAML.
        told = yaml.safe_load(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise LookupError(f"{_shown(file, home)} is not UTF-8") from None
    except OSError as error:
        raise LookupError(f"{_shown(file, home)} cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise LookupError(f"{_shown(file, home)} is not valid YAML{where}") from None
    if fault := _fault(told):
        raise LookupError(f"{_shown(file, home)}: {fault}")


def _fault(told: Any) -> str:
    if not isinstance(told, dict):
        return "it must be a map with the key `clouds`"
    clouds = told.get("clouds", {})
    if not isinstance(clouds, dict):
        return "`clouds` must be a map from names to settings"
    for name, settings in clouds.items():
        if not isinstance(settings, dict):
            return f"the cloud {name} must be a map of settings"
        if not isinstance(settings.get("auth") or {}, dict):
            return f"`auth` of the cloud {name} must be a map"
    return ""


def _cloud_settings(name: str, environment: Mapping[str, str], home: Path) -> Mapping[str, Any]:
    """Return a cloud's settings. Raises ImportError without openstacksdk, LookupError if they make no sense."""
    from openstack.config import OpenStackConfig
    from openstack.exceptions import ConfigException

    folders = _cloud_folders(environment, home)
    clouds = _files("clouds", folders, environment.get("OS_CLIENT_CONFIG_FILE"))
    secure = _files("secure", folders, environment.get("OS_CLIENT_SECURE_FILE"))
    for files in (clouds, secure):
        _examine(next((Path(file) for file in files if Path(file).is_file()), None), home)
    try:
        # What the loader warns of is its developers' concern.
        with warnings.catch_warnings(action="ignore"):
            loader = OpenStackConfig(
                config_files=clouds,
                secure_files=secure,
                vendor_files=_files("clouds-public", folders, None),
                load_envvars=False,
            )
            settings: Mapping[str, Any] = loader.get_one(cloud=name, validate=False).config
    except ConfigException as error:
        raise LookupError(str(error)) from None
    return settings
