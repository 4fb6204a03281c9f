"""Call the visualization jobs on Huawei Cloud's own core client. Knows the reference's names; signs and reads nothing.

The vendor's client of ModelArts has no such calls. Its core needs of each no more than method, path, arguments and the
model of the answer, which are written here as its generator would.
"""

from __future__ import annotations

from typing import Any

from huaweicloudsdkcore.client import Client, ClientBuilder  # type: ignore[import-untyped]
from huaweicloudsdkcore.sdk_response import SdkResponse  # type: ignore[import-untyped]

__all__ = ["JobsClient"]


class _Model:
    openapi_types: dict[str, str]
    attribute_map: dict[str, str]

    def __init__(self, **values: Any) -> None:
        super().__init__()
        for name in self.attribute_map:
            setattr(self, name, values.get(name))


def _model(name: str, fields: dict[str, str], base: type = object) -> type:
    """Make a model of fields and their types, as the vendor's generator does."""
    facts = {"openapi_types": fields, "attribute_map": {field: field for field in fields}}
    return type(name, (_Model, base), facts)


_ENVELOPE = {"is_success": "bool", "error_code": "str", "error_message": "str"}
_JOB = {
    "job_id": "int",
    "job_name": "str",
    "job_desc": "str",
    "train_url": "str",
    "service_url": "str",
    "resource_id": "str",
    "duration": "int",
    "create_time": "int",
    "status": "int",
    "remaining_duration": "float",
}


class _Models:
    """What the core looks its answers' models up in."""

    Done = _model("Done", _ENVELOPE, SdkResponse)
    Created = _model(
        "Created",
        {**_ENVELOPE, "job_id": "str", "job_name": "str", "status": "str", "create_time": "str"},
        SdkResponse,
    )
    Job = _model("Job", {**_ENVELOPE, **_JOB}, SdkResponse)
    Schedule = _model("Schedule", {"type": "str", "timeUnit": "str", "duration": "int"})
    Listed = _model("Listed", {**_JOB, "schedule": "list[Schedule]"})
    Page = _model(
        "Page",
        {
            **_ENVELOPE,
            "job_total_count": "int",
            "job_count_limit": "int",
            "quotas": "int",
            "jobs": "list[Listed]",
        },
        SdkResponse,
    )


class JobsClient(Client):  # type: ignore[misc]  # the base class has no types
    """The visualization jobs of ModelArts v1."""

    def __init__(self) -> None:
        super().__init__()
        self.model_package = _Models

    @classmethod
    def new_builder(cls) -> Any:
        return ClientBuilder(cls)

    def create_job(self, **body: Any) -> Any:
        return self._call("POST", "", "Created", body=body)

    def show_job(self, job_id: str) -> Any:
        return self._call("GET", "/{job_id}", "Job", job_id)

    def list_jobs(self, **query: Any) -> Any:
        return self._call("GET", "", "Page", query=query)

    def update_job(self, job_id: str, **body: Any) -> Any:
        return self._call("PUT", "/{job_id}", "Done", job_id, body=body)

    def stop_job(self, job_id: str) -> Any:
        return self._call("POST", "/{job_id}/stop", "Done", job_id)

    def restart_job(self, job_id: str) -> Any:
        return self._call("POST", "/{job_id}/restart", "Done", job_id)

    def delete_job(self, job_id: str) -> Any:
        return self._call("DELETE", "/{job_id}", "Done", job_id)

    def _call(
        self, method: str, path: str, answer: str, job_id: str = "", *, query: Any = None, body: Any = None
    ) -> Any:
        return self.do_http_request(
            method=method,
            resource_path=f"/v1/{{project_id}}/visualization-jobs{path}",
            path_params={"job_id": job_id} if job_id else {},
            query_params=list((query or {}).items()),
            header_params={"Content-Type": "application/json"},
            body=body,
            response_type=answer,
            response_headers=[],
            collection_formats={},
        )
