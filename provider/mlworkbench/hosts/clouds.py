"""Know how configuration becomes clients: endpoints, credentials, connections. Know no resource and no protocol."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import __version__
from ..api.modelarts import service as modelarts
from ..api.pai import service as pai
from ..wire.client import Client, connect
from ..wire.retry import Retry
from ..wire.signing import Acs3, Keys, SdkHmac
from ..wire.tokens import IAM, Login, PasswordToken, Project, ReadyToken
from .config import (
    MODELARTS_KEYS,
    MODELARTS_LOGIN,
    MODELARTS_TOKEN,
    PAI_KEYS,
    Config,
    Missing,
    missing_family,
    missing_keys,
)

__all__ = ["Clouds"]

_DEFAULT_RETRIES = 4
_DEFAULT_TIMEOUT_SECONDS = 30


class Clouds:
    """The clients of all services, each made when it is first needed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._clients: dict[str, Client] = {}
        self._http: Any = None

    def missing(self, service: str) -> list[Missing]:
        """Return what a service still needs to be configured with."""
        return _KINDS[service].missing(self._config)

    def client(self, service: str) -> Client:
        """Return the client of a service. Call it on the event loop that shall make the calls."""
        if service not in self._clients:
            self._clients[service] = _KINDS[service].client(self._config, self._connections())
        return self._clients[service]

    async def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()

    def _connections(self) -> Any:
        if self._http is None:
            self._http = connect(
                timeout_seconds=self._config.number("requestTimeoutSeconds", _DEFAULT_TIMEOUT_SECONDS),
                verify=ssl.create_default_context(cafile=self._config.text("caBundle") or None),
                user_agent=f"mlworkbench/{__version__}",
            )
        return self._http


@dataclass(frozen=True)
class _Kind:
    """How one service is configured."""

    missing: Callable[[Config], list[Missing]]
    client: Callable[[Config, Any], Client]


def _retry(config: Config) -> Retry:
    return Retry(tries=1 + config.number("maxRetries", _DEFAULT_RETRIES))


def _pai_missing(config: Config) -> list[Missing]:
    address = [] if config.text("paiEndpoint") else missing_keys(config, "paiRegion")
    return address + missing_family(config, PAI_KEYS)


def _pai_client(config: Config, http: Any) -> Client:
    keys = _keys(config.family(PAI_KEYS))
    workspace_id = config.text("paiWorkspaceId")
    return Client(
        http=http,
        service=pai.SERVICE,
        endpoint=config.text("paiEndpoint")
        or pai.endpoint(config.text("paiRegion"), config.text("paiNetwork").casefold()),
        auth=Acs3(keys),
        secrets=keys.secrets,
        defaults={"workspace_id": workspace_id} if workspace_id else {},
        retry=_retry(config),
    )


def _modelarts_missing(config: Config) -> list[Missing]:
    project = config.text("modelartsProjectId")
    has_addresses = config.text("modelartsEndpoint") and (project or config.text("modelartsIamEndpoint"))
    address = [] if has_addresses else missing_keys(config, "modelartsRegion")
    named = project or config.text("modelartsProjectName") or config.text("modelartsRegion")
    whose = [] if named or address else missing_keys(config, "modelartsProjectId")
    if config.family(MODELARTS_TOKEN) or config.family(MODELARTS_LOGIN):
        return address + whose
    return address + whose + missing_family(config, MODELARTS_KEYS)


def _modelarts_client(config: Config, http: Any) -> Client:
    cloud = config.text("modelartsCloud").casefold() or "huaweicloud"
    region = config.text("modelartsRegion")
    iam_endpoint = config.text("modelartsIamEndpoint") or modelarts.iam_endpoint(cloud, region)
    project_name = config.text("modelartsProjectName") or region
    auth, secrets = _modelarts_auth(config, iam_endpoint, project_name)
    iam = Client(http, IAM, iam_endpoint, auth, secrets, retry=_retry(config))
    project = Project(iam, project_name, config.text("modelartsProjectId"))
    return Client(
        http=http,
        service=replace(modelarts.SERVICE, cloud=cloud),
        endpoint=config.text("modelartsEndpoint") or modelarts.endpoint(cloud, region),
        auth=auth,
        secrets=secrets,
        ids=project.ids,
        retry=_retry(config),
    )


def _modelarts_auth(config: Config, iam_endpoint: str, project_name: str) -> tuple[Any, tuple[str, ...]]:
    """Choose what to show the cloud: a ready-made token before keys before a password."""
    token = config.family(MODELARTS_TOKEN)
    if token:
        return ReadyToken(token[0]), token
    keys = config.family(MODELARTS_KEYS)
    if keys:
        pair = _keys(keys)
        project_id = config.text("modelartsProjectId")
        return SdkHmac(pair, extra={"X-Project-Id": project_id} if project_id else {}), pair.secrets
    user, password, domain = config.family(MODELARTS_LOGIN) or ("", "", "")
    project_id = config.text("modelartsProjectId")
    scope: Mapping[str, str] = {"id": project_id} if project_id else {"name": project_name}
    return PasswordToken(iam_endpoint, Login(user, password, domain, scope)), (password,)


def _keys(found: tuple[str, ...] | None) -> Keys:
    access_key, secret_key, security_token = found or ("", "", "")
    return Keys(access_key, secret_key, security_token)


_KINDS = {"pai": _Kind(_pai_missing, _pai_client), "modelarts": _Kind(_modelarts_missing, _modelarts_client)}
