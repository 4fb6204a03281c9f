"""Guard PAI's door: verify callers, word refusals, number requests. Knows signatures and codes; no TensorBoard."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..accounts import AccessKey, AlibabaUser
from ..exchange import Answer, Call, Caller, Operation, Refusal
from ..fields import FieldError
from ..signing import acs3
from ..world import World

__all__ = ["Gateway"]

API_VERSION = "2020-12-03"
LONGEST_SKEW_SECONDS = 15 * 60


class Gateway:
    """What stands before PAI-DLC's operations."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nonces: set[str] = set()
        self._nonces_by_age: deque[tuple[float, str]] = deque()

    def authenticate(self, call: Call, operation: Operation) -> Caller:
        """Verify an ACS3 signature the way the vendor documents it, and see that it is used once."""
        self._check_action(call, operation)
        authorization = acs3.parse(call.header("authorization") or "")
        if authorization is None:
            raise Refusal(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
        user, key = self._find_key(authorization.access_key_id)
        self._check_token(call, key)
        self._check_headers(call, authorization.signed_headers)
        self._check_date(call)
        self._check_signature(call, authorization, key)
        self._use_nonce(call.header("x-acs-signature-nonce") or "")
        return Caller(acs3.ALGORITHM, user.user_id, user.username, user.account_id, user.default_workspace_id)

    def refuse(self, refusal: Refusal, call: Call) -> Answer:
        content = {
            "RequestId": call.request_id,
            "Message": refusal.message,
            "Recommend": f"https://next.api.aliyun.com/troubleshoot?q={refusal.code}&product=pai-dlc",
            "HostId": call.host,
            "Code": refusal.code,
        }
        return Answer(refusal.status, content, code=refusal.code)

    def refuse_field(self, error: FieldError) -> Refusal:
        return Refusal(400, "InvalidParameter", f"The request is not valid: {error}.")

    def broken(self) -> Refusal:
        message = "The request processing has failed due to some unknown error, exception or failure."
        return Refusal(500, "InternalError", message)

    def finish(self, answer: Answer, call: Call) -> Answer:
        return replace(answer, headers={"x-acs-request-id": call.request_id, **answer.headers})

    def unknown(self, call: Call) -> Refusal:
        return Refusal(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.")

    def forget(self) -> None:
        """Let every nonce be used again."""
        self._nonces.clear()
        self._nonces_by_age.clear()

    def _check_action(self, call: Call, operation: Operation) -> None:
        if call.header("x-acs-version") != API_VERSION:
            raise Refusal(404, "InvalidVersion", "Specified parameter Version is not valid.")
        if call.header("x-acs-action") != operation.name:
            raise self.unknown(call)

    def _find_key(self, access_key_id: str) -> tuple[AlibabaUser, AccessKey]:
        for user in self._world.settings.alibaba_users:
            for key in user.keys:
                if key.id == access_key_id:
                    return user, key
        raise Refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")

    def _check_token(self, call: Call, key: AccessKey) -> None:
        if call.header("x-acs-security-token") != key.security_token:
            message = "The specified parameter SecurityToken does not go with the AccessKey."
            raise Refusal(400, "InvalidSecurityToken.MismatchWithAccessKey", message)

    def _check_headers(self, call: Call, signed: Sequence[str]) -> None:
        present = {name for name, _ in call.headers if name.startswith("x-acs-")}
        required = {*acs3.REQUIRED_HEADERS, *present, *(["content-type"] if call.body else [])}
        missing = sorted(name for name in required if name not in signed or call.header(name) is None)
        if missing:
            message = f"The request signature must cover these headers: {', '.join(missing)}."
            raise Refusal(400, "IncompleteSignature", message)

    def _check_date(self, call: Call) -> None:
        try:
            sent = datetime.strptime(call.header("x-acs-date") or "", "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            message = "Specified time stamp or date value is not well formatted."
            raise Refusal(400, "InvalidTimeStamp.Format", message) from None
        if abs(sent.timestamp() - self._world.clock.real()) > LONGEST_SKEW_SECONDS:
            raise Refusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")

    def _check_signature(self, call: Call, authorization: acs3.Authorization, key: AccessKey) -> None:
        body_hash = hashlib.sha256(call.body).hexdigest()
        expected = acs3.signature(call, authorization.signed_headers, key.secret)
        same_body = (call.header("x-acs-content-sha256") or "") == body_hash
        if not (same_body and hmac.compare_digest(authorization.signature, expected)):
            # The vendor shows what it signed, so that a caller can compare.
            canonical = acs3.canonical_request(call, authorization.signed_headers)
            message = f"Specified signature does not match our calculation. server CanonicalRequest is {canonical!r}"
            raise Refusal(400, "SignatureDoesNotMatch", message)

    def _use_nonce(self, nonce: str) -> None:
        now = self._world.clock.real()
        # A nonce may be forgotten when a request so old would be refused for its date, early or late.
        while self._nonces_by_age and self._nonces_by_age[0][0] < now - 2 * LONGEST_SKEW_SECONDS:
            self._nonces.discard(self._nonces_by_age.popleft()[1])
        if nonce in self._nonces:
            raise Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces.add(nonce)
        self._nonces_by_age.append((now, nonce))
