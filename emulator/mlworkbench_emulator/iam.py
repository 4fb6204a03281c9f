"""Be IAM of Huawei Cloud and OTC: tokens and project look-up. Knows users and projects; nothing of ModelArts.

Only what a client of ModelArts needs: password tokens, with a project or without, the projects, the API's version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from . import tokens
from .accounts import HuaweiUser, Project
from .exchange import NOBODY, Answer, Call, Caller, Operation, Refusal
from .fields import FieldError, Query
from .modelarts.gateway import Gateway, KeyLock, of_gateway
from .world import World

__all__ = ["Iam"]

# Both names that clients ask the catalogue for.
CATALOG_TYPES = ("modelarts", "modelartsv1")


class Iam(Gateway):
    """The service."""

    name = "iam"

    def __init__(self, world: World, lock: KeyLock) -> None:
        super().__init__(world, lock)
        self.operations = (
            Operation("CreateToken", "POST", "/v3/auth/tokens", self.create_token),
            Operation("ListProjects", "GET", "/v3/projects", self.list_projects),
            Operation("ShowVersion", "GET", "/v3/?", self.show_version),
        )

    def authenticate(self, call: Call, operation: Operation) -> Caller:
        """Let in anyone who comes for a token or the version; everything else is signed or has a token."""
        if operation.name in ("CreateToken", "ShowVersion"):
            return NOBODY
        return super().authenticate(call, operation)

    def create_token(self, call: Call) -> Answer:
        auth = _object(call.json_object(), "auth")
        user = self._password_user(_object(auth, "identity"))
        scope = auth.get("scope")
        project = _scoped_project(user, scope) if isinstance(scope, dict) else None
        now = self._world.clock.now()
        facts = tokens.TokenFacts(user.user_id, project.id if project else "", now + tokens.LIFE_SECONDS)
        content: dict[str, object] = {
            "methods": ["password"],
            "issued_at": _iso(now),
            "expires_at": _iso(facts.expires_at),
            "user": {"id": user.user_id, "name": user.name, "domain": _domain(user), "password_expires_at": ""},
            "roles": [{"id": "0", "name": "te_admin"}],
        }
        if project is not None:
            content["project"] = {"id": project.id, "name": project.name, "domain": _domain(user)}
        else:
            content["domain"] = _domain(user)
        if Query(call.query).text("nocatalog") is None:
            content["catalog"] = _catalog(call, user, project)
        return Answer(201, {"token": content}, {"X-Subject-Token": tokens.issue(facts)})

    def list_projects(self, call: Call) -> Answer:
        user = next(user for user in self._users() if user.user_id == call.caller.user_id)
        wanted = Query(call.query).text("name")
        projects = [_project(call, user, project) for project in user.projects if wanted in (None, project.name)]
        links = {"self": f"{call.base_url}/v3/projects", "next": None, "previous": None}
        return Answer(200, {"projects": projects, "links": links})

    def show_version(self, call: Call) -> Answer:
        link = {"rel": "self", "href": f"{call.base_url}/v3/"}
        version = {"id": "v3.6", "status": "stable", "updated": "2016-04-04T00:00:00Z", "links": [link]}
        return Answer(200, {"version": version})

    def refuse(self, refusal: Refusal, call: Call) -> Answer:
        """Write a refusal the Keystone way, unless the gateway itself says no."""
        if of_gateway(refusal):
            return super().refuse(refusal, call)
        content = {"error": {"code": refusal.status, "message": refusal.message, "title": refusal.code}}
        return Answer(refusal.status, content, code=refusal.code)

    def refuse_field(self, error: FieldError) -> Refusal:
        return Refusal(400, "Bad Request", f"The request body is invalid: {error}.")

    def broken(self) -> Refusal:
        return Refusal(500, "Internal Server Error", "An unexpected error prevented the server from fulfilling it.")

    def _password_user(self, identity: Mapping[str, object]) -> HuaweiUser:
        if identity.get("methods") != ["password"]:
            raise FieldError('auth.identity.methods must be ["password"]')
        told = _object(_object(identity, "password"), "user")
        for user in self._users():
            if _is(user, told) and told.get("password") == user.password:
                return user
        raise Refusal(401, "Unauthorized", "The username or password is wrong.")


def _is(user: HuaweiUser, told: Mapping[str, object]) -> bool:
    if "id" in told:
        return told["id"] == user.user_id
    domain = _object(told, "domain")
    named = domain.get("name") == user.domain_name or domain.get("id") == user.domain_id
    return told.get("name") == user.name and named


def _scoped_project(user: HuaweiUser, scope: Mapping[str, object]) -> Project | None:
    # With a project and a domain the project counts; a domain alone gives a token for global services.
    if "project" not in scope:
        return None
    told = _object(scope, "project")
    for project in user.projects:
        if told.get("id") == project.id or told.get("name") == project.name:
            return project
    raise Refusal(401, "Unauthorized", "The project of the scope does not exist or is not yours.")


def _object(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise FieldError(f"{name} must be an object")
    return value


def _domain(user: HuaweiUser) -> dict[str, object]:
    return {"id": user.domain_id, "name": user.domain_name}


def _project(call: Call, user: HuaweiUser, project: Project) -> dict[str, object]:
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": user.domain_id,
        "parent_id": user.domain_id,
        "description": "",
        "enabled": True,
        "is_domain": False,
        "links": {"self": f"{call.base_url}/v3/projects/{project.id}"},
    }


def _catalog(call: Call, user: HuaweiUser, project: Project | None) -> list[object]:
    identity = _service("iam", "identity", [_endpoint("*", f"{call.base_url}/v3")])
    if project is None:
        return [identity]
    endpoint = _endpoint(project.name, f"{call.base_url}/v1/{project.id}")
    return [identity, *(_service(name, name, [endpoint]) for name in CATALOG_TYPES)]


def _service(name: str, kind: str, endpoints: list[object]) -> dict[str, object]:
    return {"id": f"emulator-{kind}", "name": name, "type": kind, "endpoints": endpoints}


def _endpoint(region: str, url: str) -> dict[str, object]:
    return {"id": f"emulator-{region}", "interface": "public", "region": region, "region_id": region, "url": url}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
