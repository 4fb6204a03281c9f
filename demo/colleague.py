"""Be the colleague who changes the clouds with the vendors' own clients. Knows their packages; nothing of the provider.

The packages carry no types: everything that comes from them is Any. They are slow to import, so it is done when they
are used.
"""

from __future__ import annotations

from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER

__all__ = ["loosen_tensorboard", "unregister_image"]


def loosen_tensorboard(url: str, tensorboard_id: str) -> None:
    """Let everyone see a TensorBoard and shorten its life, with Alibaba Cloud's client."""
    from alibabacloud_pai_dlc20201203.client import Client  # type: ignore[import-untyped]
    from alibabacloud_pai_dlc20201203.models import UpdateTensorboardRequest  # type: ignore[import-untyped]
    from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped]

    key = ALIBABA_OWNER.keys[0]
    scheme, _, host = url.partition("://")
    client = Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint=host, protocol=scheme))
    change = UpdateTensorboardRequest(max_running_time_minutes=30, accessibility="PUBLIC")
    client.update_tensorboard(tensorboard_id, change)


def unregister_image(url: str, image_id: str) -> None:
    """Delete the registration of an image, with Huawei Cloud's client."""
    from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
    from huaweicloudsdkmodelarts.v1 import DeleteImageRequest, ModelArtsClient  # type: ignore[import-untyped]

    key = HUAWEI_USER.keys[0]
    credentials = BasicCredentials(key.id, key.secret, HUAWEI_PROJECT.id)
    client = ModelArtsClient.new_builder().with_credentials(credentials).with_endpoints([url]).build()
    client.delete_image(DeleteImageRequest(id=image_id))
