"""State the TensorBoards of PAI-DLC 2020-12-03, in the vendor's words.

Source: the API reference pages CreateTensorboard, GetTensorboard, ListTensorboards, UpdateTensorboard,
StartTensorboard, StopTensorboard and DeleteTensorboard, and the service's OpenAPI metadata.
"""

from __future__ import annotations

from pydantic import Field

from ...wire.operation import Nothing, Number, Operation, PascalWire
from ...wire.states import States

__all__ = ["CREATE", "DELETE", "GET", "LIST", "START", "STATES", "STOP", "UPDATE"]


class TensorboardSpec(PascalWire):
    ecs_type: str | None = None
    vpc_id: str | None = None
    switch_id: str | None = None
    security_group_id: str | None = None


class TensorboardDataSourceSpec(PascalWire):
    id: str | None = None
    name: str | None = None
    directory_name: str | None = None
    source_type: str | None = None
    data_source_type: str | None = None
    uri: str | None = None
    summary_path: str | None = None
    full_summary_path: str | None = None


class DataSourceItem(PascalWire):
    data_source_id: str | None = None
    data_source_type: str | None = None
    display_name: str | None = None
    description: str | None = None
    file_system_id: str | None = None
    path: str | None = None
    endpoint: str | None = None
    options: str | None = None
    mount_path: str | None = None
    user_id: str | None = None


class UpdateQuery(PascalWire):
    """UpdateTensorboard takes query arguments: it has no body. A priority is a text, 1 to 9."""

    max_running_time_minutes: int | None = None
    accessibility: str | None = None
    priority: str | None = None


class Described(PascalWire):
    """The fields that both CreateTensorboard takes and GetTensorboard answers in the same form."""

    max_running_time_minutes: Number = None
    accessibility: str | None = None
    workspace_id: str | None = None
    display_name: str | None = None
    job_id: str | None = None
    data_source_id: str | None = None
    data_source_type: str | None = None
    options: str | None = None
    summary_path: str | None = None
    summary_relative_path: str | None = None
    tensorboard_data_sources: list[TensorboardDataSourceSpec] | None = None
    cpu: Number = None
    memory: Number = None
    tensorboard_spec: TensorboardSpec | None = None
    quota_id: str | None = None


class CreateBody(Described):
    priority: str | None = None
    source_type: str | None = None
    source_id: str | None = None
    uri: str | None = None
    data_sources: list[DataSourceItem] | None = None


class Created(PascalWire):
    tensorboard_id: str


class Tensorboard(Described):
    priority: Number = None
    tensorboard_id: str
    tensorboard_url: str | None = None
    status: str = ""
    reason_code: str | None = None
    reason_message: str | None = None
    duration_seconds: Number = Field(None, alias="Duration")
    create_time: str | None = Field(None, alias="GmtCreateTime")
    modify_time: str | None = Field(None, alias="GmtModifyTime")
    finish_time: str | None = Field(None, alias="GmtFinishTime")
    user_id: str | None = None
    username: str | None = None
    quota_name: str | None = None


class ListQuery(PascalWire):
    """Unless asked, the list shows the caller's own TensorBoards of the last seven days only."""

    page_number: int = 1
    page_size: int = 100
    start_time: str = "2020-01-01T00:00:00Z"
    show_own: bool = False
    display_name: str | None = None


class TensorboardPage(PascalWire):
    tensorboards: list[Tensorboard] = []
    total_count: int


CREATE = Operation("CreateTensorboard", "POST", "/api/v1/tensorboards", Created, body=CreateBody)
GET = Operation("GetTensorboard", "GET", "/api/v1/tensorboards/{id}", Tensorboard)
LIST = Operation("ListTensorboards", "GET", "/api/v1/tensorboards", TensorboardPage, query=ListQuery)
UPDATE = Operation("UpdateTensorboard", "PUT", "/api/v1/tensorboards/{id}", Nothing, query=UpdateQuery)
START = Operation("StartTensorboard", "PUT", "/api/v1/tensorboards/{id}/start", Nothing)
STOP = Operation("StopTensorboard", "PUT", "/api/v1/tensorboards/{id}/stop", Nothing)
DELETE = Operation("DeleteTensorboard", "DELETE", "/api/v1/tensorboards/{id}", Nothing)

STATES = States(
    ready=frozenset({"Running"}),
    stopped=frozenset({"Stopped", "Succeeded"}),
    failed=frozenset({"Failed", "Creating_Failed"}),
    gone=frozenset({"Deleted"}),
    stopping=frozenset({"Stopping"}),
    deleting=frozenset({"Deleting"}),
    busy=frozenset({"Pending", "Creating"}),
)
