"""Know what Alibaba Cloud's credentials SDK does beyond its task, and keep it from that. Know no source of keys.

Left to itself, it shows a machine's metadata to the proxy of the environment, and logs keys: its own log holds whole
answers, that of its connections whole addresses, the security token of a role's source among them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Route", "quietly", "tamed"]


@dataclass(frozen=True)
class Route:
    """How calls that fetch keys go out: through which proxy, trusting which authorities; blank is the usual way.

    `allow_http`: keys may be fetched in the clear from another machine.
    """

    proxy: str = field(default="", repr=False)
    ca_bundle: str = ""
    allow_http: bool = False


# What writes addresses, or with DEBUG=sdk headers, while a call is made.
_TALKERS = ("alibabacloud-tea", "requests", "urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager")
_quiet = ContextVar("quiet", default=False)
_METADATA = "http://100.100.100.200"


def _is_harmless(record: logging.LogRecord) -> bool:
    # The SDK may renew in threads of its own, which know nothing of who started them.
    return not (_quiet.get() or "SecurityToken=" in record.getMessage())


@contextmanager
def quietly() -> Iterator[None]:
    """Keep what the SDK's connections log to themselves; other users of them log as before."""
    for name in (*_TALKERS, "urllib3.util.retry"):
        logging.getLogger(name).addFilter(_is_harmless)
    mark = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(mark)


def tamed(kind: str, facts: dict[str, Any], route: Route) -> Any:
    """Return one of the SDK's providers, which keeps quiet and goes the given way. Imports the SDK."""
    from alibabacloud_credentials import provider  # type: ignore[import-untyped]

    _silence()
    _go_directly()
    return _routed(getattr(provider, kind)(**facts), route)


def _silence() -> None:
    """Keep the SDK's own log to itself. What matters is in the errors it raises."""
    log = logging.getLogger("credentials")
    log.handlers[:] = [logging.NullHandler()]
    log.propagate = False


def _routed(provider: Any, route: Route) -> Any:
    """Send a provider's TLS calls, and those of the providers that it makes of a profile, the given way.

    The SDK's own HttpOptions know no authorities and do not reach into profiles: what they end up as is set instead.
    """
    options = getattr(provider, "_runtime_options", None)
    if options is not None:
        options |= {"httpsProxy": route.proxy or None, "ca": route.ca_bundle or None}
    make = getattr(provider, "_get_credentials_provider", None)
    if make is not None:
        provider._get_credentials_provider = lambda *facts: _routed(make(*facts), route)
    return provider


def _go_directly() -> None:
    """Have the SDK ask a machine's metadata directly: no proxy could answer for this machine.

    None of its options says so; it takes the sessions that it finds, though.
    """
    from requests import Session
    from requests.adapters import HTTPAdapter
    from Tea.core import TeaCore  # type: ignore[import-untyped]

    class Direct(HTTPAdapter):
        """Sends without a proxy, whatever is asked for."""

        def send(self, request: Any, *facts: Any, **more: Any) -> Any:
            return super().send(request, *facts, **{**more, "proxies": {}})

    session = Session()
    session.trust_env = False
    session.mount("http://", Direct())
    TeaCore._sessions.setdefault(f"{_METADATA}:80", session)
