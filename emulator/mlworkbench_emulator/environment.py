"""Say which environment variables lead a client to the emulator. Knows clients' variable names; starts nothing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping

from .settings import Settings

__all__ = ["environment", "exports", "json_text"]


def environment(settings: Settings, url: str) -> dict[str, str]:
    """Give the variables for the provider and the vendors' own clients."""
    alibaba = settings.alibaba_users[0].keys[0]
    user = settings.huawei_users[0]
    projects = {project.name: project.id for project in user.projects}
    region = settings.modelarts_region
    return {
        "MLWORKBENCH_PAI_ENDPOINT": url,
        "MLWORKBENCH_MODELARTS_ENDPOINT": url,
        "MLWORKBENCH_MODELARTS_IAM_ENDPOINT": url,
        "MLWORKBENCH_MODELARTS_REGION": region,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": alibaba.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": alibaba.secret,
        "ALIBABA_CLOUD_REGION_ID": settings.pai_region,
        "HUAWEICLOUD_SDK_AK": user.keys[0].id,
        "HUAWEICLOUD_SDK_SK": user.keys[0].secret,
        "HUAWEICLOUD_SDK_PROJECT_ID": projects[region],
        f"HUAWEICLOUD_SDK_REGION_MODELARTS_{region.upper().replace('-', '_')}": url,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": url,
        "OS_AUTH_URL": f"{url}/v3",
        "OS_USERNAME": user.name,
        "OS_PASSWORD": user.password,
        "OS_USER_DOMAIN_NAME": user.domain_name,
        "OS_PROJECT_NAME": settings.otc_region,
        "OS_REGION_NAME": settings.otc_region,
    }


def exports(variables: Mapping[str, str]) -> str:
    """Write variables as lines that a shell can read."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def json_text(variables: Mapping[str, str]) -> str:
    return json.dumps(variables, indent=2) + "\n"
