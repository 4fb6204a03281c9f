"""The resources of modelarts for Python programs, on the dynamic host.

Generated from the declarations in `mlworkbench.resources` by `make schema`: do not edit.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias, TypedDict

import pulumi

from .base import DynamicResource

__all__ = ["FlavorArgs", "Image", "ScheduleArgs", "VisualizationJob"]

ArchValue: TypeAlias = Literal["X86_64", "AARCH64"]
"""The processor architecture of an image."""

OriginValue: TypeAlias = Literal["CUSTOMIZE", "IMAGE_SAVE"]
"""Where an image comes from."""

ResourceCategoryValue: TypeAlias = Literal["CPU", "GPU", "ASCEND"]
"""A kind of machine that an image runs on."""

ServiceTypeValue: TypeAlias = Literal["COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN"]
"""What an image is for."""

ImageServiceValue: TypeAlias = Literal["NOTEBOOK", "SSH", "AI_FLOW", "MA_STUDIO", "TENSOR_BOARD", "WEB_IDE"]
"""A way in which an image can be used."""

VisibilityValue: TypeAlias = Literal["PRIVATE", "PUBLIC", "HIDDEN"]
"""Who may see an image."""

FlavorTypeValue: TypeAlias = Literal["ASCEND_SNT9", "ASCEND_SNT9B", "ASCEND_SNT3"]
"""The Ascend processor that an image is for; Huawei Cloud only."""

DesiredStatusValue: TypeAlias = Literal["Running", "Stopped"]
"""Whether something shall run."""

JobTypeValue: TypeAlias = Literal["tensorboard", "mindinsight"]
"""The program that shows the logs."""

ScheduleTypeValue: TypeAlias = Literal["stop"]
"""What happens when the time is over."""

TimeUnitValue: TypeAlias = Literal["HOURS"]
"""The unit of a duration."""

class FlavorArgs(TypedDict, total=False):
    """The machine that a job runs on."""

    code: pulumi.Input[str]
    """Code of the flavor."""

class ScheduleArgs(TypedDict, total=False):
    """When a job stops by itself."""

    type: pulumi.Input[ScheduleTypeValue]
    """What happens when the time is over; `stop` is the only choice."""

    time_unit: pulumi.Input[TimeUnitValue]
    """Unit of `duration`; `HOURS` is the only choice."""

    duration: pulumi.Input[int]
    """How long it runs, 0 to 24. What 0 means is not documented: leave `schedule` out for a job that never stops."""

class Image(DynamicResource, module="mlworkbench/modelarts", name="Image"):
    """An image in SWR, registered as a custom image of ModelArts (Huawei Cloud, Open Telekom Cloud).

    The API has no call that changes an image: every change of a property registers it anew.
    """

    _token: ClassVar[str] = "modelarts:Image"

    swr_path: pulumi.Output[str]
    """Path of the image in SWR: `REGISTRY/NAMESPACE/IMAGE:TAG`, 16 to 2048 characters. It can be registered once; if
    the image is replaced and the path stays, the old registration is deleted first.
    """

    arch: pulumi.Output[str | None]
    """Processor architecture. The service's default is `X86_64`."""

    description: pulumi.Output[str | None]
    """Description, up to 512 characters."""

    origin: pulumi.Output[str | None]
    """Where the image comes from. The service's default is `CUSTOMIZE`."""

    resource_categories: pulumi.Output[list[str] | None]
    """Kinds of machines that it runs on, in any order. The service's default is `CPU` and `GPU`."""

    service_type: pulumi.Output[str | None]
    """What the image is for. The service's default is `UNKNOWN`."""

    services: pulumi.Output[list[str] | None]
    """Ways in which it can be used, in any order. The service's default is `NOTEBOOK` and `SSH`."""

    visibility: pulumi.Output[str | None]
    """Who may see it. The service's default is `PRIVATE`."""

    workspace_id: pulumi.Output[str | None]
    """ID of the workspace: `0` or 32 lower-case letters and digits. The service's default is `0`."""

    flavor_type: pulumi.Output[str | None]
    """Ascend processor that it is for; Huawei Cloud only."""

    tags: pulumi.Output[list[str] | None]
    """Up to 20 tags, in any order; Huawei Cloud only. The API takes texts but answers keys and values, so they are not
    compared with the cloud.
    """

    swr_instance_id: pulumi.Output[str | None]
    """ID of the enterprise SWR instance that holds the image; Huawei Cloud only."""

    read_me: pulumi.Output[str | None]
    """Text that introduces the image, up to 3000 characters; Huawei Cloud only. The API never returns it."""

    delete_swr_content: pulumi.Output[bool | None]
    """Whether deleting the resource also deletes the image in SWR; off by default. It is not done if the same program
    registers this `swrPath`, as in a replacement, provided that Pulumi has come to that resource by then: one that
    takes over the path of another, which is deleted first, finds the image gone.
    """

    image_id: pulumi.Output[str]
    """ID of the image, for use in notebooks; the same as the resource's ID."""

    name: pulumi.Output[str | None]
    """Name, taken from `swrPath`."""

    namespace: pulumi.Output[str | None]
    """Organization, taken from `swrPath`."""

    tag: pulumi.Output[str | None]
    """Tag, taken from `swrPath`."""

    size: pulumi.Output[int | None]
    """Size in bytes."""

    status: pulumi.Output[str]
    """INIT, CREATING, ACTIVE, CREATE_FAILED, ERROR or DELETED."""

    status_message: pulumi.Output[str | None]
    """Why it is in this status."""

    type: pulumi.Output[str | None]
    """`DEDICATED` for registered images, `BUILD_IN` for the vendor's own."""

    create_time: pulumi.Output[str | None]
    """When it was registered (RFC 3339)."""

    update_time: pulumi.Output[str | None]
    """When it was last changed (RFC 3339)."""

    def __init__(
        self,
        resource_name: str,
        *,
        swr_path: pulumi.Input[str],
        arch: pulumi.Input[ArchValue] | None = None,
        description: pulumi.Input[str] | None = None,
        origin: pulumi.Input[OriginValue] | None = None,
        resource_categories: pulumi.Input[list[ResourceCategoryValue]] | None = None,
        service_type: pulumi.Input[ServiceTypeValue] | None = None,
        services: pulumi.Input[list[ImageServiceValue]] | None = None,
        visibility: pulumi.Input[VisibilityValue] | None = None,
        workspace_id: pulumi.Input[str] | None = None,
        flavor_type: pulumi.Input[FlavorTypeValue] | None = None,
        tags: pulumi.Input[list[str]] | None = None,
        swr_instance_id: pulumi.Input[str] | None = None,
        read_me: pulumi.Input[str] | None = None,
        delete_swr_content: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create, update or replace the Image to match these arguments.

        :param swr_path: Path of the image in SWR: `REGISTRY/NAMESPACE/IMAGE:TAG`, 16 to 2048 characters. It can be
            registered once; if the image is replaced and the path stays, the old registration is deleted first.
        :param arch: Processor architecture. The service's default is `X86_64`.
        :param description: Description, up to 512 characters.
        :param origin: Where the image comes from. The service's default is `CUSTOMIZE`.
        :param resource_categories: Kinds of machines that it runs on, in any order. The service's default is `CPU`
            and `GPU`.
        :param service_type: What the image is for. The service's default is `UNKNOWN`.
        :param services: Ways in which it can be used, in any order. The service's default is `NOTEBOOK` and `SSH`.
        :param visibility: Who may see it. The service's default is `PRIVATE`.
        :param workspace_id: ID of the workspace: `0` or 32 lower-case letters and digits. The service's default is
            `0`.
        :param flavor_type: Ascend processor that it is for; Huawei Cloud only.
        :param tags: Up to 20 tags, in any order; Huawei Cloud only. The API takes texts but answers keys and
            values, so they are not compared with the cloud.
        :param swr_instance_id: ID of the enterprise SWR instance that holds the image; Huawei Cloud only.
        :param read_me: Text that introduces the image, up to 3000 characters; Huawei Cloud only. The API never
            returns it.
        :param delete_swr_content: Whether deleting the resource also deletes the image in SWR; off by default. It
            is not done if the same program registers this `swrPath`, as in a replacement, provided that Pulumi has
            come to that resource by then: one that takes over the path of another, which is deleted first, finds
            the image gone.
        """
        inputs: dict[str, Any] = {
            "swr_path": swr_path,
            "arch": arch,
            "description": description,
            "origin": origin,
            "resource_categories": resource_categories,
            "service_type": service_type,
            "services": services,
            "visibility": visibility,
            "workspace_id": workspace_id,
            "flavor_type": flavor_type,
            "tags": tags,
            "swr_instance_id": swr_instance_id,
            "read_me": read_me,
            "delete_swr_content": delete_swr_content,
        }
        super().__init__(resource_name, inputs, opts)

    @classmethod
    def get(cls, resource_name: str, id: str, opts: pulumi.ResourceOptions | None = None) -> Image:
        """Look up an existing Image by its id. Pulumi neither changes nor deletes it."""
        found = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        DynamicResource.__init__(found, resource_name, {}, options)
        return found

class VisualizationJob(DynamicResource, module="mlworkbench/modelarts", name="VisualizationJob"):
    """TensorBoard or MindInsight over training logs, as a job of ModelArts (Huawei Cloud, Open Telekom Cloud).

    A job is billed while it runs: `schedule` and `desiredStatus` keep that in bounds. Creation ends when its status
    is `RUNNING`.
    """

    _token: ClassVar[str] = "modelarts:VisualizationJob"

    desired_status: pulumi.Output[str | None]
    """Whether it shall run. `Running` or `Stopped` make every update start or stop it to match, and a refresh report
    when it does not. If unset, it is created running, and a later stop, by its timer or by hand, is no difference.
    """

    job_name: pulumi.Output[str | None]
    """Name of the job, unique: 1 to 20 letters, digits, `_` and `-`. Named after the Pulumi resource if unset. If the
    job is replaced and the name stays, the old job is deleted first.
    """

    job_desc: pulumi.Output[str | None]
    """Description, up to 256 characters; the only property that can be changed in place."""

    train_url: pulumi.Output[str]
    """OBS directory that holds the logs, such as `/bucket/dir/`. The bucket must be in the same region."""

    job_type: pulumi.Output[str | None]
    """The program that shows the logs; TensorBoard if unset. The API never returns it."""

    flavor: pulumi.Output[dict[str, Any] | None]
    """The machine that the job runs on; the service advises to leave it out. The API never returns it."""

    schedule: pulumi.Output[dict[str, Any] | None]
    """When the job stops by itself; never if unset. The API never returns it."""

    job_id: pulumi.Output[str]
    """ID of the job; the same as the resource's ID."""

    status: pulumi.Output[str]
    """Name of the status, such as `RUNNING`, `KILLED` (stopped) or `FAILED`; the number if it is not documented."""

    status_code: pulumi.Output[int]
    """Number of the status, 0 to 22."""

    create_time: pulumi.Output[str | None]
    """When the job was created (RFC 3339)."""

    duration_ms: pulumi.Output[int | None]
    """Milliseconds that the job has run."""

    remaining_duration: pulumi.Output[float | None]
    """Time that is left until the job stops by itself, if the service tells; it does not document the unit."""

    service_url: pulumi.Output[str | None]
    """Address of the web page."""

    resource_id: pulumi.Output[str | None]
    """ID of the job in the bills."""

    def __init__(
        self,
        resource_name: str,
        *,
        train_url: pulumi.Input[str],
        desired_status: pulumi.Input[DesiredStatusValue] | None = None,
        job_name: pulumi.Input[str] | None = None,
        job_desc: pulumi.Input[str] | None = None,
        job_type: pulumi.Input[JobTypeValue] | None = None,
        flavor: pulumi.Input[FlavorArgs] | None = None,
        schedule: pulumi.Input[ScheduleArgs] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create, update or replace the VisualizationJob to match these arguments.

        :param train_url: OBS directory that holds the logs, such as `/bucket/dir/`. The bucket must be in the same
            region.
        :param desired_status: Whether it shall run. `Running` or `Stopped` make every update start or stop it to
            match, and a refresh report when it does not. If unset, it is created running, and a later stop, by its
            timer or by hand, is no difference.
        :param job_name: Name of the job, unique: 1 to 20 letters, digits, `_` and `-`. Named after the Pulumi
            resource if unset. If the job is replaced and the name stays, the old job is deleted first.
        :param job_desc: Description, up to 256 characters; the only property that can be changed in place.
        :param job_type: The program that shows the logs; TensorBoard if unset. The API never returns it.
        :param flavor: The machine that the job runs on; the service advises to leave it out. The API never returns
            it.
        :param schedule: When the job stops by itself; never if unset. The API never returns it.
        """
        inputs: dict[str, Any] = {
            "desired_status": desired_status,
            "job_name": job_name,
            "job_desc": job_desc,
            "train_url": train_url,
            "job_type": job_type,
            "flavor": flavor,
            "schedule": schedule,
        }
        super().__init__(resource_name, inputs, opts)

    @classmethod
    def get(cls, resource_name: str, id: str, opts: pulumi.ResourceOptions | None = None) -> VisualizationJob:
        """Look up an existing VisualizationJob by its id. Pulumi neither changes nor deletes it."""
        found = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        DynamicResource.__init__(found, resource_name, {}, options)
        return found
