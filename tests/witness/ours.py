"""Make the provider's own clients and resources, as a user configures them. Knows where the provider keeps things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlworkbench.api.modelarts import visualization_jobs
from mlworkbench.api.pai import tensorboards
from mlworkbench.hosts.clouds import Clouds, configured
from mlworkbench.lifecycle.resource import Resource, Update
from mlworkbench.model.diff import diff
from mlworkbench.resources import registry
from mlworkbench.wire.client import Client
from mlworkbench_emulator.accounts import ALIBABA_OWNER, HUAWEI_PROJECT, HUAWEI_USER, OTC_PROJECT, AccessKey

__all__ = ["Ours", "change", "look", "modelarts_keys", "pai_keys"]

Tree = dict[str, Any]


def pai_keys(key: AccessKey = ALIBABA_OWNER.keys[0]) -> Tree:
    token = {"paiSecurityToken": key.security_token} if key.security_token else {}
    return {"paiAccessKeyId": key.id, "paiAccessKeySecret": key.secret, **token}


def modelarts_keys(key: AccessKey = HUAWEI_USER.keys[0]) -> Tree:
    token = {"modelartsSecurityToken": key.security_token} if key.security_token else {}
    return {"modelartsAccessKey": key.id, "modelartsSecretKey": key.secret, **token}


_LOGIN: Tree = {
    "modelartsUserName": HUAWEI_USER.name,
    "modelartsPassword": HUAWEI_USER.password,
    "modelartsDomainName": HUAWEI_USER.domain_name,
}


@dataclass
class Ours:
    """The provider at one address; `close` it at the end."""

    url: str

    def __post_init__(self) -> None:
        self._clouds: list[Clouds] = []

    def client(self, service: str, settings: Mapping[str, Any]) -> Client:
        """Make a client of `pai` or `modelarts` from provider configuration, which this machine adds nothing to."""
        addresses = {f"{service}Endpoint": self.url}
        clouds = Clouds(configured({**addresses, "maxRetries": 0, **settings}, {}))
        self._clouds.append(clouds)
        return clouds.client(service)

    def pai(self, **settings: Any) -> Client:
        return self.client("pai", {**pai_keys(), **settings})

    def huawei(self, **settings: Any) -> Client:
        named = {"modelartsCloud": "huaweicloud", "modelartsProjectId": HUAWEI_PROJECT.id}
        return self.client("modelarts", {**named, **modelarts_keys(), **settings})

    def huawei_by_region(self) -> Client:
        named = {"modelartsRegion": HUAWEI_PROJECT.name, "modelartsIamEndpoint": self.url}
        return self.client("modelarts", {**named, **modelarts_keys()})

    def otc(self, **settings: Any) -> Client:
        named = {"modelartsCloud": "otc", "modelartsRegion": OTC_PROJECT.name, "modelartsIamEndpoint": self.url}
        return self.client("modelarts", {**named, **_LOGIN, "modelartsProjectName": OTC_PROJECT.name, **settings})

    def resource(self, token: str, client: Client) -> Resource[Any, Any]:
        return registry()[token](client)

    async def close(self) -> None:
        for clouds in self._clouds:
            await clouds.close()


def change(token: str, old: Tree, new: Tree) -> Update[Any]:
    """Say what an update from old to new inputs shall do."""
    kind = registry()[token]
    return Update(kind.inputs.model_validate(new), tuple(diff(kind.input_policies(), old, new)))


async def look(client: Client) -> object:
    """Make a call that changes nothing: a list."""
    if client.service.name == "pai":
        return await client(tensorboards.LIST, query=tensorboards.ListQuery())
    return await client(visualization_jobs.LIST, query=visualization_jobs.ListQuery())
