"""Guard the door of Huawei's services: verify signatures and tokens, match projects. Knows no job and no image."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from .. import tokens
from ..accounts import AccessKey, HuaweiUser, Project
from ..exchange import Answer, Call, Caller, Operation, Refusal
from ..signing import sdk_hmac
from ..world import World

__all__ = ["Gateway", "KeyLock", "of_gateway"]

LONGEST_SKEW_SECONDS = 15 * 60
LOCK_SECONDS = 5 * 60
SCOPED = f"{sdk_hmac.ALGORITHM} scoped"
TOKEN = "X-Auth-Token"


class KeyLock:
    """Count bad signatures: documented, more than five in a row lock a key for five minutes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bad: dict[str, int] = {}
        self._locked_until: dict[str, float] = {}

    def check(self, key_id: str) -> None:
        if self._locked_until.get(key_id, 0) > self._world.clock.now():
            raise _unauthorized("AK access failed to reach the limit,forbidden")

    def note(self, key_id: str, *, good: bool) -> None:
        self._bad[key_id] = 0 if good else self._bad.get(key_id, 0) + 1
        limit = self._world.settings.bad_signature_limit
        if limit and self._bad[key_id] > limit:
            self._bad[key_id] = 0
            self._locked_until[key_id] = self._world.clock.now() + LOCK_SECONDS

    def clear(self) -> None:
        self._bad.clear()
        self._locked_until.clear()


class Gateway:
    """What stands before the operations of one Huawei service."""

    def __init__(self, world: World, lock: KeyLock) -> None:
        self._world = world
        self._lock = lock

    def authenticate(self, call: Call, operation: Operation) -> Caller:
        """Verify a signature or a token, and that it is good for the project in the URL."""
        user, credential, projects = self._verified(call)
        wanted = call.path_values.get("project_id")
        if wanted is not None and wanted not in projects:
            message = "The project ID in the URL is not the one of the token or the access key."
            raise Refusal(403, "ModelArts.0210", message, gateway=True)
        return Caller(credential, user.user_id, user.name, wanted or "")

    def refuse(self, refusal: Refusal, call: Call) -> Answer:
        content: dict[str, object] = {"error_code": refusal.code, "error_msg": refusal.message}
        if of_gateway(refusal):
            content["request_id"] = _request_id(call)
        return Answer(refusal.status, content, code=refusal.code)

    def broken(self) -> Refusal:
        return Refusal(500, "ModelArts.0010", "Internal error. Try again later or contact technical support.")

    def finish(self, answer: Answer, call: Call) -> Answer:
        return replace(answer, headers={"X-Request-Id": _request_id(call), **answer.headers})

    def unknown(self, call: Call) -> Refusal:
        message = "The API does not exist or has not been published in the environment"
        return Refusal(404, "APIGW.0101", message, gateway=True)

    def _verified(self, call: Call) -> tuple[HuaweiUser, str, Sequence[str]]:
        header = call.header("authorization")
        if header is not None:
            return self._signed(call, header)
        token = call.header("x-auth-token")
        if token is None:
            raise Refusal(401, "ModelArts.0201", "The token is missing from the request.", gateway=True)
        return self._with_token(token)

    def _with_token(self, token: str) -> tuple[HuaweiUser, str, Sequence[str]]:
        facts = tokens.read(token)
        user = next((user for user in self._users() if facts is not None and user.user_id == facts.user_id), None)
        if facts is None or user is None:
            raise Refusal(401, "ModelArts.0203", "The token is not valid.", gateway=True)
        if facts.expires_at <= self._world.clock.now():
            raise Refusal(401, "ModelArts.0202", "The token has expired.", gateway=True)
        if not facts.project_id:
            raise Refusal(401, "ModelArts.0212", "The token names no project.", gateway=True)
        return user, TOKEN, [facts.project_id]

    def _signed(self, call: Call, header: str) -> tuple[HuaweiUser, str, Sequence[str]]:
        authorization = sdk_hmac.parse(header)
        if authorization is None:
            raise _unauthorized("the Authorization header is not of the documented form")
        self._lock.check(authorization.access_key_id)
        try:
            user, key = self._find_key(authorization.access_key_id)
            self._check_date(call, authorization)
            self._check_payload(call)
            self._check_signature(call, authorization, key)
        except Refusal:
            self._lock.note(authorization.access_key_id, good=False)
            raise
        self._lock.note(authorization.access_key_id, good=True)
        credential = SCOPED if authorization.scope else sdk_hmac.ALGORITHM
        return user, credential, self._projects(call, user.projects)

    def _find_key(self, key_id: str) -> tuple[HuaweiUser, AccessKey]:
        for user in self._users():
            for key in user.keys:
                if key.id == key_id:
                    return user, key
        raise _unauthorized(f"Get secretKey failed,ak:{key_id},err:ak not exist")

    def _check_date(self, call: Call, authorization: sdk_hmac.Authorization) -> None:
        date = call.header("x-sdk-date") or ""
        if "x-sdk-date" not in authorization.signed_headers:
            raise _unauthorized("x-sdk-date is not signed")
        if authorization.scope and not date.startswith(authorization.scope.split("/")[0]):
            raise _unauthorized("the scope is of another day than x-sdk-date")
        try:
            sent = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise _unauthorized("x-sdk-date is not a time like 20191115T033655Z") from None
        if abs(sent - self._world.clock.real()) > LONGEST_SKEW_SECONDS:
            raise _unauthorized("signature expired")

    def _check_payload(self, call: Call) -> None:
        told = call.header("x-sdk-content-sha256")
        if told not in (None, sdk_hmac.UNSIGNED_PAYLOAD, hashlib.sha256(call.body).hexdigest()):
            raise _unauthorized("x-sdk-content-sha256 is not the hash of the body")

    def _check_signature(self, call: Call, authorization: sdk_hmac.Authorization, key: AccessKey) -> None:
        if call.header("x-security-token") != key.security_token:
            raise _unauthorized("the security token does not go with the access key")
        expected = sdk_hmac.signature(call, authorization, key.secret)
        if not hmac.compare_digest(authorization.signature, expected):
            raise _unauthorized("verify aksk signature fail")

    def _projects(self, call: Call, projects: Sequence[Project]) -> Sequence[str]:
        # A key is good for all projects of its user, unless the caller narrows it to one.
        named = call.header("x-project-id")
        return [project.id for project in projects if named in (None, project.id)]

    def _users(self) -> Sequence[HuaweiUser]:
        return self._world.settings.huawei_users


def of_gateway(refusal: Refusal) -> bool:
    """Tell whether the gateway words a refusal: it does for its own codes and for those of callers it does not know."""
    return refusal.gateway or refusal.code.startswith(("APIG", "ModelArts.02"))


def _request_id(call: Call) -> str:
    return call.request_id.replace("-", "").lower()


def _unauthorized(reason: str) -> Refusal:
    return Refusal(401, "APIGW.0301", f"Incorrect IAM authentication information: {reason}", gateway=True)
