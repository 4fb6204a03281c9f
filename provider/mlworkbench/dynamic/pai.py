"""The resources of pai for Python programs, on the dynamic host.

Generated from the declarations in `mlworkbench.resources` by `make schema`: do not edit.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias, TypedDict

import pulumi

from .base import DynamicResource

__all__ = ["LegacyDataSourceArgs", "Tensorboard", "TensorboardDataSourceArgs", "TensorboardSpecArgs"]

DesiredStatusValue: TypeAlias = Literal["Running", "Stopped"]
"""Whether something shall run."""

DataSourceTypeValue: TypeAlias = Literal["OSS", "NAS"]
"""The kind of storage that logs are read from."""

LogSourceTypeValue: TypeAlias = Literal["datasource", "dlcjob", "dlc"]
"""What a source of logs is."""

AccessibilityValue: TypeAlias = Literal["PUBLIC", "PRIVATE"]
"""Who may see a TensorBoard."""

class LegacyDataSourceArgs(TypedDict, total=False):
    """A source of logs in the older form, which `tensorboardDataSources` has succeeded."""

    data_source_id: pulumi.Input[str]
    """ID of the dataset."""

    data_source_type: pulumi.Input[DataSourceTypeValue]
    """The kind of storage; the service documents `NAS` only."""

    display_name: pulumi.Input[str]
    """Name of the source."""

    description: pulumi.Input[str]
    """Free text."""

    file_system_id: pulumi.Input[str]
    """ID of the NAS file system."""

    path: pulumi.Input[str]
    """Path within the file system."""

    endpoint: pulumi.Input[str]
    """Endpoint of the storage."""

    options: pulumi.Input[str]
    """Further options as JSON text."""

    mount_path: pulumi.Input[str]
    """Where the source is mounted."""

    user_id: pulumi.Input[str]
    """ID of the user that owns the source."""

class TensorboardDataSourceArgs(TypedDict, total=False):
    """One of several sources of logs."""

    id: pulumi.Input[str]
    """ID of the dataset or of the DLC job."""

    name: pulumi.Input[str]
    """Name of the source."""

    directory_name: pulumi.Input[str]
    """Directory under which TensorBoard shows its runs."""

    source_type: pulumi.Input[LogSourceTypeValue]
    """What `id` names."""

    data_source_type: pulumi.Input[DataSourceTypeValue]
    """The kind of storage that `uri` is in."""

    uri: pulumi.Input[str]
    """Address of the logs, in the form of the resource's `uri`."""

    summary_path: pulumi.Input[str]
    """Directory of the logs within the source."""

    full_summary_path: pulumi.Input[str]
    """Complete directory of the logs; the service fills it in."""

class TensorboardSpecArgs(TypedDict, total=False):
    """Pay-as-you-go machines for a TensorBoard; they are billed while it runs."""

    ecs_type: pulumi.Input[str]
    """Instance type, such as `ecs.g6.large`."""

    vpc_id: pulumi.Input[str]
    """ID of the VPC that it is attached to."""

    switch_id: pulumi.Input[str]
    """ID of the vSwitch within the VPC."""

    security_group_id: pulumi.Input[str]
    """ID of the security group within the VPC."""

class Tensorboard(DynamicResource, module="mlworkbench/pai", name="Tensorboard"):
    """A TensorBoard of PAI (Alibaba Cloud): a web page that shows the training logs of DLC jobs and datasets.

    A TensorBoard with `tensorboardSpec` is billed while it runs: `maxRunningTimeMinutes` and `desiredStatus` keep
    that in bounds. Creation ends when its status is `Running`; deletion stops it first.
    """

    _token: ClassVar[str] = "pai:Tensorboard"

    desired_status: pulumi.Output[str | None]
    """Whether it shall run. `Running` or `Stopped` make every update start or stop it to match, and a refresh report
    when it does not. If unset, it is created running, and a later stop, by its timer or by hand, is no difference.
    """

    display_name: pulumi.Output[str | None]
    """Name shown in the console. Named after the Pulumi resource if unset."""

    workspace_id: pulumi.Output[str | None]
    """ID of the workspace that it belongs to. If unset, `mlworkbench:paiWorkspaceId`, else your default workspace."""

    job_id: pulumi.Output[str | None]
    """ID of the DLC job (`dlc-…`) whose logs are shown."""

    source_type: pulumi.Output[str | None]
    """What `sourceId` names, such as `job` or `TrainingJob`. The API never returns it."""

    source_id: pulumi.Output[str | None]
    """ID of what the logs come from. The API never returns it."""

    data_source_id: pulumi.Output[str | None]
    """ID of the dataset (`d-…`) that holds the logs."""

    data_source_type: pulumi.Output[str | None]
    """The kind of storage that `uri` or the dataset is in."""

    uri: pulumi.Output[str | None]
    """Address of the logs: `oss://BUCKET.ENDPOINT/PATH` or `nas://FILE-SYSTEM-ID.REGION/PATH`. The API never returns
    it.
    """

    options: pulumi.Output[str | None]
    """Further options of the dataset as the text of a JSON object, such as `{"mountPath": "/root/data/"}`. Compared as
    JSON: spaces and the order of keys make no difference.
    """

    summary_path: pulumi.Output[str | None]
    """Absolute directory of the logs. Cannot be given together with `summaryRelativePath`."""

    summary_relative_path: pulumi.Output[str | None]
    """Directory of the logs relative to the data source. Cannot be given together with `summaryPath`."""

    data_sources: pulumi.Output[list[dict[str, Any]] | None]
    """Sources of logs in the older form. The API never returns them; prefer `tensorboardDataSources`."""

    tensorboard_data_sources: pulumi.Output[list[dict[str, Any]] | None]
    """Several sources of logs. PAI ignores `uri`, `dataSourceId` and `dataSourceType` beside them, so they cannot be
    given together.
    """

    max_running_time_minutes: pulumi.Output[int | None]
    """Minutes after which it stops by itself. If unset, the service decides."""

    accessibility: pulumi.Output[str | None]
    """Who may see it. If unset, the service decides."""

    priority: pulumi.Output[int | None]
    """Priority within a resource quota, 1 (lowest) to 9. The service's default is 1. It has an effect only together
    with `quotaId`.
    """

    cpu: pulumi.Output[int | None]
    """Number of vCPUs. If unset, the service decides."""

    memory: pulumi.Output[int | None]
    """Memory in GB. If unset, the service decides."""

    tensorboard_spec: pulumi.Output[dict[str, Any] | None]
    """Pay-as-you-go machines, billed while it runs. If unset, and without `quotaId`, free resources are used."""

    quota_id: pulumi.Output[str | None]
    """ID of the resource quota that it runs in. The service offers this to selected accounts only."""

    tensorboard_id: pulumi.Output[str]
    """ID of the TensorBoard; the same as the resource's ID."""

    tensorboard_url: pulumi.Output[str | None]
    """Address of the web page. It may answer with errors for some moments after the status has become `Running`."""

    status: pulumi.Output[str]
    """Pending, Creating, Running, Stopping, Stopped, Succeeded, Failed, Creating_Failed, Deleting or Deleted."""

    reason_code: pulumi.Output[str | None]
    """Why it is in this status, as a code."""

    reason_message: pulumi.Output[str | None]
    """Why it is in this status, in words."""

    duration_seconds: pulumi.Output[int | None]
    """Seconds that it has run."""

    create_time: pulumi.Output[str]
    """When it was created (RFC 3339)."""

    modify_time: pulumi.Output[str | None]
    """When it was last changed (RFC 3339)."""

    finish_time: pulumi.Output[str | None]
    """When it last ended (RFC 3339)."""

    user_id: pulumi.Output[str | None]
    """ID of the user that owns it."""

    username: pulumi.Output[str | None]
    """Name of the user that owns it."""

    quota_name: pulumi.Output[str | None]
    """Name of the resource quota that it runs in."""

    def __init__(
        self,
        resource_name: str,
        *,
        desired_status: pulumi.Input[DesiredStatusValue] | None = None,
        display_name: pulumi.Input[str] | None = None,
        workspace_id: pulumi.Input[str] | None = None,
        job_id: pulumi.Input[str] | None = None,
        source_type: pulumi.Input[str] | None = None,
        source_id: pulumi.Input[str] | None = None,
        data_source_id: pulumi.Input[str] | None = None,
        data_source_type: pulumi.Input[DataSourceTypeValue] | None = None,
        uri: pulumi.Input[str] | None = None,
        options: pulumi.Input[str] | None = None,
        summary_path: pulumi.Input[str] | None = None,
        summary_relative_path: pulumi.Input[str] | None = None,
        data_sources: pulumi.Input[list[LegacyDataSourceArgs]] | None = None,
        tensorboard_data_sources: pulumi.Input[list[TensorboardDataSourceArgs]] | None = None,
        max_running_time_minutes: pulumi.Input[int] | None = None,
        accessibility: pulumi.Input[AccessibilityValue] | None = None,
        priority: pulumi.Input[int] | None = None,
        cpu: pulumi.Input[int] | None = None,
        memory: pulumi.Input[int] | None = None,
        tensorboard_spec: pulumi.Input[TensorboardSpecArgs] | None = None,
        quota_id: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create, update or replace the Tensorboard to match these arguments.

        :param desired_status: Whether it shall run. `Running` or `Stopped` make every update start or stop it to
            match, and a refresh report when it does not. If unset, it is created running, and a later stop, by its
            timer or by hand, is no difference.
        :param display_name: Name shown in the console. Named after the Pulumi resource if unset.
        :param workspace_id: ID of the workspace that it belongs to. If unset, `mlworkbench:paiWorkspaceId`, else
            your default workspace.
        :param job_id: ID of the DLC job (`dlc-…`) whose logs are shown.
        :param source_type: What `sourceId` names, such as `job` or `TrainingJob`. The API never returns it.
        :param source_id: ID of what the logs come from. The API never returns it.
        :param data_source_id: ID of the dataset (`d-…`) that holds the logs.
        :param data_source_type: The kind of storage that `uri` or the dataset is in.
        :param uri: Address of the logs: `oss://BUCKET.ENDPOINT/PATH` or `nas://FILE-SYSTEM-ID.REGION/PATH`. The API
            never returns it.
        :param options: Further options of the dataset as the text of a JSON object, such as `{"mountPath":
            "/root/data/"}`. Compared as JSON: spaces and the order of keys make no difference.
        :param summary_path: Absolute directory of the logs. Cannot be given together with `summaryRelativePath`.
        :param summary_relative_path: Directory of the logs relative to the data source. Cannot be given together
            with `summaryPath`.
        :param data_sources: Sources of logs in the older form. The API never returns them; prefer
            `tensorboardDataSources`.
        :param tensorboard_data_sources: Several sources of logs. PAI ignores `uri`, `dataSourceId` and
            `dataSourceType` beside them, so they cannot be given together.
        :param max_running_time_minutes: Minutes after which it stops by itself. If unset, the service decides.
        :param accessibility: Who may see it. If unset, the service decides.
        :param priority: Priority within a resource quota, 1 (lowest) to 9. The service's default is 1. It has an
            effect only together with `quotaId`.
        :param cpu: Number of vCPUs. If unset, the service decides.
        :param memory: Memory in GB. If unset, the service decides.
        :param tensorboard_spec: Pay-as-you-go machines, billed while it runs. If unset, and without `quotaId`, free
            resources are used.
        :param quota_id: ID of the resource quota that it runs in. The service offers this to selected accounts
            only.
        """
        inputs: dict[str, Any] = {
            "desired_status": desired_status,
            "display_name": display_name,
            "workspace_id": workspace_id,
            "job_id": job_id,
            "source_type": source_type,
            "source_id": source_id,
            "data_source_id": data_source_id,
            "data_source_type": data_source_type,
            "uri": uri,
            "options": options,
            "summary_path": summary_path,
            "summary_relative_path": summary_relative_path,
            "data_sources": data_sources,
            "tensorboard_data_sources": tensorboard_data_sources,
            "max_running_time_minutes": max_running_time_minutes,
            "accessibility": accessibility,
            "priority": priority,
            "cpu": cpu,
            "memory": memory,
            "tensorboard_spec": tensorboard_spec,
            "quota_id": quota_id,
        }
        super().__init__(resource_name, inputs, opts)

    @classmethod
    def get(cls, resource_name: str, id: str, opts: pulumi.ResourceOptions | None = None) -> Tensorboard:
        """Look up an existing Tensorboard by its id. Pulumi neither changes nor deletes it."""
        found = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        DynamicResource.__init__(found, resource_name, {}, options)
        return found
