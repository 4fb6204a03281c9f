"""Ask IAM both ways: with OpenStack's and Huawei Cloud's clients and with the provider, which does so by itself."""

from __future__ import annotations

from typing import Any

from huaweicloudsdkmodelarts.v1 import model as m  # type: ignore[import-untyped]

from mlworkbench.api.modelarts import images, visualization_jobs
from mlworkbench.wire.client import Client
from mlworkbench_emulator.accounts import OTC_PROJECT

from .rows import Place, Row

__all__ = ["ROWS"]


def _log_in(client: Any, place: Place) -> Any:
    """Log in anew, and give what the login left, by the names that the answer has for it."""
    client.session.invalidate()
    client.authorize()
    access = client.session.auth.get_access(client.session)
    return {
        "token": {
            "expires_at": access.expires.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "issued_at": access.issued.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "user": {
                "id": access.user_id,
                "name": access.username,
                "domain": {"id": access.user_domain_id, "name": access.user_domain_name},
            },
            "project": {
                "id": access.project_id,
                "name": access.project_name,
                "domain": {"id": access.project_domain_id, "name": access.project_domain_name},
            },
            "roles": [{"id": id, "name": name} for id, name in zip(access.role_ids, access.role_names, strict=True)],
            "catalog": access.service_catalog.catalog,
        }
    }


async def _first_call(client: Client) -> object:
    return await client(visualization_jobs.LIST, query=visualization_jobs.ListQuery())


async def _first_look(client: Client) -> object:
    return await client(images.LIST, query=images.ListQuery())


ROWS = (
    Row("CreateToken", "otc", _log_in, lambda client, place: _first_call(client)),
    Row(
        "ListProjects",
        "otc",
        lambda client, place: {"projects": list(client.identity.projects(name=OTC_PROJECT.name))},
        label="read",
    ),
    Row(
        "ListProjects",
        "by region",
        lambda client, place: client.list_image(m.ListImageRequest(limit=1)),
        lambda client, place: _first_look(client),
        label="asked",
        reads=False,
    ),
)
