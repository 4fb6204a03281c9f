"""Do what the spec asks to be done outside of the provider. Know shells and HTTP; no protocol."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .spec import Hook, Scene, filled

__all__ = ["HookFailed", "perform", "staged"]

_SECONDS = 60


class HookFailed(Exception):
    """A hook did not do what it should: a fault of the spec or of what it talks to, not of the provider."""


def perform(hook: Hook, variables: Mapping[str, str]) -> str:
    """Run a hook; gives what it printed or what was answered."""
    if hook.shell:
        return _run(filled(hook.shell, variables), variables)
    return _request(hook.method, filled(hook.url, variables), filled(hook.json, variables))


@contextmanager
def staged(scene: Scene, variables: Mapping[str, str]) -> Iterator[None]:
    """Bring the cloud into a state, and out of it again whatever happens."""
    try:
        for hook in scene.before:
            perform(hook, variables)
        yield
    finally:
        for hook in scene.after:
            perform(hook, variables)


def _run(command: str, variables: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, timeout=_SECONDS, env=dict(variables), check=False
    )
    if done.returncode:
        raise HookFailed(f"the hook {command!r} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def _request(method: str, url: str, body: object) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    # A proxy of the environment must not stand between the kit and an emulated cloud on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            text: str = answer.read().decode()
    except urllib.error.HTTPError as error:
        raise HookFailed(f"the hook {method} {url} was answered with HTTP {error.code}") from error
    except urllib.error.URLError as error:
        raise HookFailed(f"the hook {method} {url} found nobody: {error.reason}") from error
    return text
