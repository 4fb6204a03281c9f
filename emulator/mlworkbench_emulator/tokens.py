"""Issue and read IAM tokens. Knows users, projects and expiry; not which request a token is for.

A token carries its own facts and a seal, so that it stays good when the emulator starts again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

__all__ = ["LIFE_SECONDS", "TokenFacts", "issue", "read"]

LIFE_SECONDS = 24 * 3600

_SEAL_KEY = b"emulator-token-seal"


@dataclass(frozen=True)
class TokenFacts:
    """Whom a token stands for, in which project (empty: in none), and until when."""

    user_id: str
    project_id: str
    expires_at: float


def issue(facts: TokenFacts) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(asdict(facts)).encode()).decode().rstrip("=")
    return f"{payload}.{_seal(payload)}"


def read(token: str) -> TokenFacts | None:
    """Give a token's facts; None when it was not issued here."""
    payload, _, seal = token.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(payload).encode()):
        return None
    return TokenFacts(**json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def _seal(payload: str) -> str:
    return hmac.new(_SEAL_KEY, payload.encode(), hashlib.sha256).hexdigest()[:32]
