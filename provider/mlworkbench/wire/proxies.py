"""Know where an address leads, through which proxy calls go there, and whether that can be used.

Know no configuration and no service.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

import httpx

__all__ = ["Sparing", "environment_flaws", "host_of", "is_this_machine", "proxies", "proxy_flaw", "proxy_secrets"]

_FORM = re.compile(r"[a-z0-9]+://[^/\s]+/?")
_EXAMPLE = "must be a URL such as http://proxy.example.com:3128"

_SCHEMES = ("http", "https", "all")


class Sparing(httpx.AsyncBaseTransport):
    """Sends through a proxy what leaves this machine, and directly what does not, whatever a host is called."""

    def __init__(self, proxied: httpx.AsyncBaseTransport, direct: httpx.AsyncBaseTransport) -> None:
        self._proxied, self._direct = proxied, direct

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request its way."""
        way = self._direct if is_this_machine(request.url.host) else self._proxied
        return await way.handle_async_request(request)

    async def aclose(self) -> None:
        """Close both ways."""
        await self._proxied.aclose()
        await self._direct.aclose()


def host_of(address: str) -> str:
    """Return the host that an address names, in lower case; blank if it names none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_this_machine(host: str) -> bool:
    """Tell whether a host, as a URL has it, is this machine itself: what is sent there never leaves it."""
    name = host.casefold().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        # 127.1 is an address too; only the system's own reader takes the short forms.
        return ipaddress.ip_address(host if ":" in host else socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def proxies(chosen: str) -> dict[str, str]:
    """Return the proxy of each kind of address, by httpx's patterns: the chosen one, or those of the environment."""
    if chosen:
        return {"all://": chosen}
    found = getproxies()
    if "*" in (host.strip() for host in found.get("no", "").split(",")):
        return {}
    return {f"{scheme}://": _with_scheme(found[scheme]) for scheme in _SCHEMES if found.get(scheme)}


# A shorter name of a user is found by chance in every other message.
_SHORTEST_NAME = 4


def proxy_secrets(chosen: str) -> frozenset[str]:
    """Return what a proxy is shown and may repeat: user, password, and both as one text, as they are sent."""
    found = set[str]()
    for address in proxies(chosen).values():
        if proxy_flaw(address):
            continue
        parts = urlsplit(address)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if user or password:
            found |= {password, f"{user}:{password}", user if len(user) >= _SHORTEST_NAME else ""}
    return frozenset(filter(None, found))


def proxy_flaw(address: str) -> str | None:
    """Return why an address cannot be that of a proxy, never with the address: it may hold a password."""
    try:
        parts = urlsplit(address)
        well = _FORM.fullmatch(address) and parts.hostname and parts.port != 0
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        return _EXAMPLE
    if not well or parts.scheme not in ("http", "https", "socks5", "socks5h"):
        return _EXAMPLE
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        return f"{_EXAMPLE}; for a SOCKS proxy, install httpx[socks]"
    return None


def environment_flaws() -> list[str]:
    """Return what is wrong with the proxies of this process's environment, each with the variable's name."""
    found = getproxies()
    flaws = [
        f"{_variable(scheme, address)} {flaw}"
        for scheme in _SCHEMES
        if (address := found.get(scheme)) and (flaw := proxy_flaw(_with_scheme(address)))
    ]
    return flaws or _exception_flaws(found.get("no", ""))


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _variable(scheme: str, value: str) -> str:
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) == value else name.upper()


def _exception_flaws(exceptions: str) -> list[str]:
    try:
        # What the client makes of the exceptions is its own affair; without authorities that costs nothing.
        httpx.Client(verify=False).close()
    except (ValueError, httpx.InvalidURL):
        return [f"{_variable('no', exceptions)} must be a list of hosts such as example.com,10.0.0.1,::1"]
    return []
