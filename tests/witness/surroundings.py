"""Name the variables that the vendors' own tools read, as their pages list them. Knows no client and no value.

`HUAWEICLOUD_SDK_*` and `ALIBABA_CLOUD_*` are the SDKs', `HW_*`, `ALICLOUD_*` and `ALIBABACLOUD_*` the Terraform
providers', `OS_*` OpenStack's and OTC's.
"""

from __future__ import annotations

__all__ = ["KEYS_AROUND", "LOGINS_AROUND", "LOGINS_AROUND_BY_ID", "SETTINGS_AROUND", "TOKENS_AROUND"]

# Access key, its secret, the token of a temporary one.
KEYS_AROUND: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("pai", ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN")),
    ("pai", ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN")),
    ("pai", ("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN")),
    ("modelarts", ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN")),
    ("modelarts", ("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN")),
    ("modelarts", ("OS_ACCESS_KEY", "OS_SECRET_KEY", "OS_SECURITY_TOKEN")),
)
# User name, password, domain.
LOGINS_AROUND = (
    ("HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_NAME"),
    ("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_NAME"),
    ("OS_USERNAME", "OS_PASSWORD", "OS_DOMAIN_NAME"),
)
# The same with the domain's id.
LOGINS_AROUND_BY_ID = (
    ("HW_USER_NAME", "HW_USER_PASSWORD", "HW_DOMAIN_ID"),
    ("OS_USERNAME", "OS_PASSWORD", "OS_USER_DOMAIN_ID"),
    ("OS_USERNAME", "OS_PASSWORD", "OS_DOMAIN_ID"),
)
TOKENS_AROUND = ("HW_AUTH_TOKEN", "OS_TOKEN", "OS_AUTH_TOKEN")
# By the setting of ours; the first that is set counts, the SDKs' own before Terraform's and OpenStack's.
SETTINGS_AROUND: dict[str, tuple[str, ...]] = {
    "paiRegion": ("ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION", "ALICLOUD_REGION_ID", "ALICLOUD_REGION"),
    "paiProfile": ("ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"),
    "modelartsRegion": ("HW_REGION_NAME", "OS_REGION_NAME", "OS_REGION"),
    "modelartsProjectId": ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"),
    "modelartsProjectName": ("HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"),
    "modelartsIamEndpoint": ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "HW_AUTH_URL", "OS_AUTH_URL"),
    "modelartsProfile": ("OS_CLOUD",),
}
