"""Know whether a proxy, or those that the environment names, can be used. Know no configuration and no service."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

__all__ = ["environment_flaws", "proxy_flaw"]

_FORM = re.compile(r"[a-z0-9]+://[^/\s]+/?")
_EXAMPLE = "must be a URL such as http://proxy.example.com:3128"


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
        for scheme in ("http", "https", "all")
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
