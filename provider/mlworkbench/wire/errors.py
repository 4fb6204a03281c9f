"""Know how a call to a cloud can fail. Know no resource and no Pulumi.

CloudError
├── NotFound            the thing is not there, by the vendor's own sign
├── AlreadyExists       something else holds the name
├── WrongState          not possible in the state that the thing is in
├── InvalidRequest      the cloud does not accept the values
├── QuotaExceeded       a limit of the account is reached
├── Unauthenticated     the cloud does not accept the key, token or signature
├── NoCredentials       there is nothing to sign with
├── WrongClock          the signature is too old or too new
├── PermissionDenied    the key is fine, the right is missing
├── WrongEndpoint       nobody offers this API at this address
├── Throttled           too many requests
├── Unavailable         the cloud failed
├── Untrusted           whoever is at the address cannot prove to be the cloud; nothing was sent
├── Unreachable         no answer came at all
└── Unreadable          an answer came that the vendor's documents do not describe
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

__all__ = [
    "AlreadyExists",
    "Answer",
    "CloudError",
    "InvalidRequest",
    "NoCredentials",
    "NotFound",
    "PermissionDenied",
    "QuotaExceeded",
    "Throttled",
    "Unauthenticated",
    "Unavailable",
    "Unreachable",
    "Unreadable",
    "Untrusted",
    "WrongClock",
    "WrongEndpoint",
    "WrongState",
]


@dataclass(frozen=True)
class Answer:
    """What the cloud said: HTTP status, vendor code, message, request id, seconds to wait, and when by its own clock.

    Each may be missing.
    """

    status: int | None = None
    code: str = ""
    message: str = ""
    request_id: str = ""
    retry_after: float | None = None
    date: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        facts = [
            f"HTTP {self.status}" if self.status else "",
            f"code {self.code}" if self.code else "",
            f"request id {self.request_id}" if self.request_id else "",
        ]
        told = ", ".join(fact for fact in facts if fact)
        return f"{self.message or 'the cloud gave no reason'}" + (f" ({told})" if told else "")


class CloudError(Exception):
    """A call to the cloud failed: `attempt` is the vendor's operation, `answer` what came back.

    `sent`: the call may have reached the cloud. If not, something that goes before it failed.
    """

    advice: str = "Look the code up in the vendor's documents, or ask its support with the request id."

    def __init__(self, attempt: str, answer: Answer, *, sent: bool = True) -> None:
        super().__init__(attempt, answer)
        self.attempt, self.answer, self.sent = attempt, answer, sent

    def but(
        self,
        *,
        attempt: str | None = None,
        message: str | None = None,
        answer: Answer | None = None,
        sent: bool | None = None,
    ) -> Self:
        """Return the same error of another call, with another answer or message, or another word on what was sent."""
        other = copy.copy(self)
        other.attempt = self.attempt if attempt is None else attempt
        other.answer = self.answer if answer is None else answer
        other.answer = other.answer if message is None else replace(other.answer, message=message)
        other.sent = self.sent if sent is None else sent
        other.args = other.attempt, other.answer
        return other

    def __str__(self) -> str:
        return f"{self.attempt} failed: {self.answer}. {self.advice}".replace(".. ", ". ")


class NotFound(CloudError):
    """The thing is not there, by the vendor's own sign."""

    advice = "Something that this call needs does not exist: check the ids."


class AlreadyExists(CloudError):
    """Something else holds the name."""

    advice = "Give another name, or free this one."


class WrongState(CloudError):
    """Not possible in the state that the thing is in."""

    advice = "Wait until it has settled, then run `pulumi up` again."


class InvalidRequest(CloudError):
    """The cloud does not accept the values."""

    advice = "Correct the property that the message names."


class QuotaExceeded(CloudError):
    """A limit of the account is reached."""

    advice = "Delete or stop what is not needed, or ask the vendor for a higher limit."


class Unauthenticated(CloudError):
    """The cloud does not accept the key, login, token or signature."""

    advices: ClassVar[Mapping[str, str]] = {
        "keys": "Check the access key, its secret and, for temporary keys, the security token.",
        "login": "Check the user name, the password and the domain: after some wrong passwords a user is locked.",
        "token": "The token has expired, was revoked, or is of another cloud or project: get a new one.",
    }
    advice = advices["keys"]
    shown = "keys"

    def of(self, shown: str) -> Self:
        """Return the same error with advice on what was shown: `keys`, a `login` or a `token`."""
        other = self.but()
        other.shown, other.advice = shown, self.advices[shown]
        return other


class NoCredentials(CloudError):
    """There is nothing to sign with."""

    advice = "Set an access key in the configuration or the environment, or mend the source that should have one."


class WrongClock(CloudError):
    """The signature is too old or too new."""

    advice = "The clock of this machine is more than 15 minutes off: set it."


class PermissionDenied(CloudError):
    """The key is fine, the right is missing."""

    advice = "Grant the user the right to make this call."


class WrongEndpoint(CloudError):
    """Nobody offers this API at this address."""

    advice = "Check the region and the endpoint in the provider's configuration."


class Throttled(CloudError):
    """Too many requests."""

    advice = "Run `pulumi up` again later, or with a lower --parallel."


class Unavailable(CloudError):
    """The cloud failed."""

    advice = "The fault is the cloud's: run `pulumi up` again later."


class Untrusted(CloudError):
    """Whoever is at the address cannot prove to be the cloud; nothing was sent."""

    advice = (
        "Check the endpoint and this machine's clock. If your network has a certificate authority of its own, set "
        "mlworkbench:caBundle, or SSL_CERT_FILE, to the file with its certificate."
    )


class Unreachable(CloudError):
    """No answer came; if the call was sent, it may have taken effect all the same."""

    advice = "Check the network, the proxy and the endpoint in the provider's configuration."


class Unreadable(CloudError):
    """An answer came that the vendor's documents do not describe."""

    advice = "Check that the endpoint is the vendor's and that no proxy answers in its place; else report this message."
