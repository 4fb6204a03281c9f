"""Know how configuration becomes clients: endpoints, credentials, connections. Know no resource and no protocol."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..api.modelarts import service as modelarts
from ..api.pai import service as pai
from ..wire.client import Client, connect
from ..wire.clock import ServerClock
from ..wire.proxies import proxy_secrets
from ..wire.redaction import Together
from ..wire.retry import Retry
from ..wire.tokens import IAM, Project
from .access import Access, iam_address, modelarts_access, modelarts_cloud, pai_access
from .families import LOGINS, MODELARTS
from .profiles import alibaba_profile, modelarts_profile
from .settings import Config, Missing, missing_keys

__all__ = ["SERVICES", "Clouds", "configured", "trust"]

SERVICES = ("pai", "modelarts")

_DEFAULT_RETRIES = 4
_DEFAULT_TIMEOUT_SECONDS = 30


def configured(explicit: Mapping[str, Any], environment: Mapping[str, str]) -> Config:
    """Return the settings with the profiles that the configuration or the environment names."""
    home = Path(environment.get("HOME") or Path.home())
    bare = Config(explicit, environment)
    pai_name, modelarts_name = bare.text("paiProfile"), bare.text("modelartsProfile")
    profiles = {
        "pai": alibaba_profile(pai_name, bool(explicit.get("paiProfile")), environment, home),
        "modelarts": modelarts_profile(modelarts_name, bool(explicit.get("modelartsProfile")), environment, home),
    }
    # What it says on connections holds for all of them: they are shared.
    profiles[""] = profiles["modelarts"]
    return Config(explicit, environment, profiles)


class Clouds:
    """The clients of all services, each made when it is first needed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._access: dict[str, Access] = {}
        self._clients: dict[str, Client] = {}
        self._http: Any = None

    async def missing(self, service: str) -> list[Missing]:
        """Return what a service still needs to be configured with. May ask this machine's metadata for keys."""
        address = _KINDS[service].address(self._config)
        return address + await self.access(service).missing()

    def access(self, service: str) -> Access:
        """Return what is shown to a service, and where it comes from."""
        if service not in self._access:
            found = _KINDS[service].access(self._config)
            known = Together((found.secrets, proxy_secrets(self._config.text("proxy"))))
            self._access[service] = replace(found, secrets=known)
        return self._access[service]

    def client(self, service: str) -> Client:
        """Return the client of a service. Call it on the event loop that shall make the calls."""
        if service not in self._clients:
            kind = _KINDS[service]
            self._clients[service] = kind.client(self._config, self._connections(), self.access(service))
        return self._clients[service]

    async def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()

    def _connections(self) -> Any:
        if self._http is None:
            self._http = connect(
                timeout_seconds=self._config.number("requestTimeoutSeconds", _DEFAULT_TIMEOUT_SECONDS),
                verify=trust(self._config.text("caBundle")),
                user_agent=f"mlworkbench/{__version__}",
                proxy=self._config.text("proxy"),
            )
        return self._http


def trust(ca_bundle: str) -> ssl.SSLContext:
    """Trust the authorities of a file or, without one, of this machine; Mozilla's where a machine has none at all."""
    context = ssl.create_default_context(cafile=ca_bundle or None)
    usual = ssl.get_default_verify_paths()
    if not (ca_bundle or usual.cafile or usual.capath or context.get_ca_certs()):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True)
class _Kind:
    """How one service is configured."""

    address: Callable[[Config], list[Missing]]
    access: Callable[[Config], Access]
    client: Callable[[Config, Any, Access], Client]


def _retry(config: Config) -> Retry:
    return Retry(tries=1 + config.number("maxRetries", _DEFAULT_RETRIES))


def _pai_address(config: Config) -> list[Missing]:
    return [] if config.text("paiEndpoint") else missing_keys(config, "paiRegion")


def _pai_client(config: Config, http: Any, access: Access) -> Client:
    workspace_id = config.text("paiWorkspaceId")
    region, network = config.text("paiRegion"), config.text("paiNetwork").casefold()
    return Client(
        http=http,
        service=pai.SERVICE,
        endpoint=config.text("paiEndpoint") or pai.endpoint(region, network),
        auth=access.auth,
        secrets=access.secrets,
        defaults={"workspace_id": workspace_id} if workspace_id else {},
        retry=_retry(config),
    )


def _modelarts_address(config: Config) -> list[Missing]:
    project, project_name = config.project()
    found = config.found(*MODELARTS)
    asks_iam = not project or (found is not None and found.family in LOGINS)
    has_addresses = config.text("modelartsEndpoint") and (not asks_iam or config.text("modelartsIamEndpoint"))
    address = [] if has_addresses else missing_keys(config, "modelartsRegion")
    named = project or project_name or config.text("modelartsRegion")
    return address + ([] if named or address else missing_keys(config, "modelartsProjectId"))


def _modelarts_client(config: Config, http: Any, access: Access) -> Client:
    cloud, region = modelarts_cloud(config), config.text("modelartsRegion")
    project_id, project_name = config.project()
    clock = ServerClock()
    iam = Client(http, IAM, iam_address(config), access.auth, access.secrets, retry=_retry(config), clock=clock)
    project = Project(iam, project_name or region, project_id)
    return Client(
        http=http,
        service=replace(modelarts.SERVICE, cloud=cloud),
        endpoint=config.text("modelartsEndpoint") or modelarts.endpoint(cloud, region),
        auth=access.auth,
        secrets=access.secrets,
        ids=project.ids,
        retry=_retry(config),
        clock=clock,
    )


_KINDS = {
    "pai": _Kind(_pai_address, pai_access, _pai_client),
    "modelarts": _Kind(_modelarts_address, modelarts_access, _modelarts_client),
}
