"""Declare the TensorBoard of PAI. Knows the API's calls, not when they are made."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, ClassVar

from pydantic import Field

from ...api.pai import tensorboards as api
from ...lifecycle.resource import Found, Resource, StartableInputs, Update
from ...model.base import Model, Option, Outputs, rule
from ...model.policy import AutoName, Computed, Normalised, Replace, ServerDefault, WriteOnly
from ...model.values import Value, empty
from ...wire.client import Client
from ...wire.clock import moment

__all__ = ["Tensorboard"]


class Accessibility(Option):
    """Who may see a TensorBoard."""

    PUBLIC = "PUBLIC"
    """All members of the workspace."""

    PRIVATE = "PRIVATE"
    """Its owner and the administrators of the workspace."""


class DataSourceType(Option):
    """The kind of storage that logs are read from."""

    OSS = "OSS"
    """Object Storage Service."""

    NAS = "NAS"
    """File storage (NAS)."""


class LogSourceType(Option):
    """What a source of logs is."""

    DATASOURCE = "datasource"
    """A dataset."""

    DLCJOB = "dlcjob"
    """A DLC job."""

    DLC = "dlc"
    """A DLC job, as one page of the API reference spells it."""


class TensorboardSpec(Model):
    """Pay-as-you-go machines for a TensorBoard; they are billed while it runs."""

    ecs_type: str | None = None
    """Instance type, such as `ecs.g6.large`."""

    vpc_id: str | None = None
    """ID of the VPC that it is attached to."""

    switch_id: str | None = None
    """ID of the vSwitch within the VPC."""

    security_group_id: str | None = None
    """ID of the security group within the VPC."""


class TensorboardDataSource(Model):
    """One of several sources of logs."""

    id: str | None = None
    """ID of the dataset or of the DLC job."""

    name: str | None = None
    """Name of the source."""

    directory_name: str | None = None
    """Directory under which TensorBoard shows its runs."""

    source_type: LogSourceType | None = None
    """What `id` names."""

    data_source_type: DataSourceType | None = None
    """The kind of storage that `uri` is in."""

    uri: str | None = None
    """Address of the logs, in the form of the resource's `uri`."""

    summary_path: str | None = None
    """Directory of the logs within the source."""

    full_summary_path: Annotated[str | None, ServerDefault()] = None
    """Complete directory of the logs; the service fills it in."""


class LegacyDataSource(Model):
    """A source of logs in the older form, which `tensorboardDataSources` has succeeded."""

    data_source_id: str | None = None
    """ID of the dataset."""

    data_source_type: DataSourceType | None = None
    """The kind of storage; the service documents `NAS` only."""

    display_name: str | None = None
    """Name of the source."""

    description: str | None = None
    """Free text."""

    file_system_id: str | None = None
    """ID of the NAS file system."""

    path: str | None = None
    """Path within the file system."""

    endpoint: str | None = None
    """Endpoint of the storage."""

    options: str | None = None
    """Further options as JSON text."""

    mount_path: str | None = None
    """Where the source is mounted."""

    user_id: str | None = None
    """ID of the user that owns the source."""


def _parsed(text: Value) -> Value:
    try:
        return json.loads(text, parse_constant=_no_json)
    except (TypeError, ValueError, RecursionError):
        return text


def _no_json(constant: str) -> Value:
    raise ValueError(f"{constant} is no JSON")


def _one_summary(summary_path: Value, summary_relative_path: Value) -> str | None:
    if empty(summary_path) or empty(summary_relative_path):
        return None
    return "cannot be given together with summaryRelativePath: leave one of them out"


def _no_ignored_source(sources: Value, uri: Value, data_source_id: Value, data_source_type: Value) -> str | None:
    given = {"uri": uri, "dataSourceId": data_source_id, "dataSourceType": data_source_type}
    ignored = [name for name, value in given.items() if not empty(value)]
    if empty(sources) or not ignored:
        return None
    return f"makes PAI ignore {' and '.join(ignored)}: leave out the one or the other"


def _json_object(options: Value) -> str | None:
    if empty(options) or isinstance(_parsed(options), dict):
        return None
    return 'must be the text of a JSON object, such as {"mountPath": "/root/data/"}'


@rule("summaryPath", "summaryRelativePath", test=_one_summary)
@rule("tensorboardDataSources", "uri", "dataSourceId", "dataSourceType", test=_no_ignored_source)
@rule("options", test=_json_object)
class TensorboardInputs(StartableInputs):
    """What a TensorBoard is made from."""

    display_name: Annotated[str | None, Replace(), AutoName(max_length=64), Field(min_length=1)] = None
    """Name shown in the console. Named after the Pulumi resource if unset."""

    workspace_id: Annotated[str | None, Replace(), ServerDefault()] = None
    """ID of the workspace that it belongs to. If unset, `mlworkbench:paiWorkspaceId`, else your default workspace."""

    job_id: Annotated[str | None, Replace()] = None
    """ID of the DLC job (`dlc-…`) whose logs are shown."""

    source_type: Annotated[str | None, Replace(), WriteOnly()] = None
    """What `sourceId` names, such as `job` or `TrainingJob`. The API never returns it."""

    source_id: Annotated[str | None, Replace(), WriteOnly()] = None
    """ID of what the logs come from. The API never returns it."""

    data_source_id: Annotated[str | None, Replace(), ServerDefault()] = None
    """ID of the dataset (`d-…`) that holds the logs."""

    data_source_type: Annotated[DataSourceType | None, Replace(), ServerDefault()] = None
    """The kind of storage that `uri` or the dataset is in."""

    uri: Annotated[str | None, Replace(), WriteOnly()] = None
    """Address of the logs: `oss://BUCKET.ENDPOINT/PATH` or `nas://FILE-SYSTEM-ID.REGION/PATH`. The API never returns
    it."""

    options: Annotated[str | None, Replace(), Normalised(_parsed)] = None
    """Further options of the dataset as the text of a JSON object, such as `{"mountPath": "/root/data/"}`. Compared as
    JSON: spaces and the order of keys make no difference."""

    summary_path: Annotated[str | None, Replace(), ServerDefault()] = None
    """Absolute directory of the logs. Cannot be given together with `summaryRelativePath`."""

    summary_relative_path: Annotated[str | None, Replace(), ServerDefault()] = None
    """Directory of the logs relative to the data source. Cannot be given together with `summaryPath`."""

    data_sources: Annotated[list[LegacyDataSource] | None, Replace(), WriteOnly()] = None
    """Sources of logs in the older form. The API never returns them; prefer `tensorboardDataSources`."""

    tensorboard_data_sources: Annotated[list[TensorboardDataSource] | None, Replace(), ServerDefault()] = None
    """Several sources of logs. PAI ignores `uri`, `dataSourceId` and `dataSourceType` beside them, so they cannot be
    given together."""

    max_running_time_minutes: Annotated[int | None, ServerDefault(), Field(ge=1)] = None
    """Minutes after which it stops by itself. If unset, the service decides."""

    accessibility: Annotated[Accessibility | None, ServerDefault()] = None
    """Who may see it. If unset, the service decides."""

    priority: Annotated[int | None, ServerDefault(), Field(ge=1, le=9)] = None
    """Priority within a resource quota, 1 (lowest) to 9. The service's default is 1. It has an effect only together
    with `quotaId`."""

    cpu: Annotated[int | None, Replace(), ServerDefault(), Field(ge=1)] = None
    """Number of vCPUs. If unset, the service decides."""

    memory: Annotated[int | None, Replace(), ServerDefault(), Field(ge=1)] = None
    """Memory in GB. If unset, the service decides."""

    tensorboard_spec: Annotated[TensorboardSpec | None, Replace(), ServerDefault()] = None
    """Pay-as-you-go machines, billed while it runs. If unset, and without `quotaId`, free resources are used."""

    quota_id: Annotated[str | None, Replace(), ServerDefault()] = None
    """ID of the resource quota that it runs in. The service offers this to selected accounts only."""


class TensorboardOutputs(TensorboardInputs, Outputs):
    """What PAI tells about a TensorBoard."""

    tensorboard_id: Annotated[str, Computed(stable=True)]
    """ID of the TensorBoard; the same as the resource's ID."""

    tensorboard_url: Annotated[str | None, Computed()] = None
    """Address of the web page. It may answer with errors for some moments after the status has become `Running`."""

    status: Annotated[str, Computed()]
    """Pending, Creating, Running, Stopping, Stopped, Succeeded, Failed, Creating_Failed, Deleting or Deleted."""

    reason_code: Annotated[str | None, Computed()] = None
    """Why it is in this status, as a code."""

    reason_message: Annotated[str | None, Computed()] = None
    """Why it is in this status, in words."""

    duration_seconds: Annotated[int | None, Computed()] = None
    """Seconds that it has run."""

    create_time: Annotated[str, Computed(stable=True)]
    """When it was created (RFC 3339)."""

    modify_time: Annotated[str | None, Computed()] = None
    """When it was last changed (RFC 3339)."""

    finish_time: Annotated[str | None, Computed()] = None
    """When it last ended (RFC 3339)."""

    user_id: Annotated[str | None, Computed(stable=True)] = None
    """ID of the user that owns it."""

    username: Annotated[str | None, Computed(stable=True)] = None
    """Name of the user that owns it."""

    quota_name: Annotated[str | None, Computed(stable=True)] = None
    """Name of the resource quota that it runs in."""


class Tensorboard(Resource[TensorboardInputs, TensorboardOutputs]):
    """A TensorBoard of PAI (Alibaba Cloud): a web page that shows the training logs of DLC jobs and datasets.

    A TensorBoard with `tensorboardSpec` is billed while it runs: `maxRunningTimeMinutes` and `desiredStatus` keep that
    in bounds. Creation ends when its status is `Running`; deletion stops it first.
    """

    token: ClassVar = "pai:Tensorboard"
    service: ClassVar = "pai"
    id_output: ClassVar = "tensorboardId"
    name_input: ClassVar = "displayName"
    states: ClassVar = api.STATES
    stop_before_delete: ClassVar = True
    names_repeat: ClassVar = True
    example: ClassVar = {
        "displayName": "training-curves",
        "dataSourceType": "OSS",
        "uri": "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
        "summaryRelativePath": "/",
        "maxRunningTimeMinutes": 240,
        "accessibility": "PRIVATE",
    }
    change: ClassVar = {"maxRunningTimeMinutes": 60, "accessibility": "PUBLIC", "priority": 2}

    _cloud: Client

    async def create(self, inputs: TensorboardInputs) -> str:
        workspace_id = inputs.workspace_id or self._cloud.defaults.get("workspace_id")
        body = api.CreateBody.model_validate(inputs).model_copy(update={"workspace_id": workspace_id})
        return (await self._cloud(api.CREATE, body=body)).tensorboard_id

    async def read(self, id: str) -> api.Tensorboard:
        return await self._cloud(api.GET, {"id": id})

    async def update(self, id: str, update: Update[TensorboardInputs]) -> None:
        await self._cloud(api.UPDATE, {"id": id}, query=api.UpdateQuery.model_validate(update.differing()))

    async def start(self, id: str) -> None:
        await self._cloud(api.START, {"id": id})

    async def stop(self, id: str) -> None:
        await self._cloud(api.STOP, {"id": id})

    async def delete(self, id: str, inputs: TensorboardInputs) -> None:
        await self._cloud(api.DELETE, {"id": id})

    async def list(self, like: TensorboardInputs | None = None) -> AsyncIterator[Found]:
        name = like.display_name if like else None
        seen, page_number = 0, 1
        while True:
            query = api.ListQuery(page_number=page_number, display_name=name)
            page = await self._cloud(api.LIST, query=query)
            for each in page.tensorboards:
                yield Found(each.tensorboard_id, each.display_name or "", moment(each.create_time))
            seen, page_number = seen + len(page.tensorboards), page_number + 1
            if not page.tensorboards or seen >= page.total_count:
                return

    def reason(self, answer: api.Tensorboard) -> str:
        told = (answer.reason_message, answer.reason_code)
        return ", ".join(text for text in told if text)
