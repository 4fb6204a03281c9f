"""The three resources of mlworkbench in a Python program, with the SDK generated from the provider's schema."""

import pulumi
import pulumi_mlworkbench as mlworkbench
from pulumi_mlworkbench.modelarts import ImageService, ResourceCategory, ScheduleType, TimeUnit
from pulumi_mlworkbench.pai import Accessibility, DataSourceType

curves = mlworkbench.pai.Tensorboard(
    "curves",
    display_name="training-curves",
    data_source_type=DataSourceType.OSS,
    uri="oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    summary_relative_path="/",
    max_running_time_minutes=240,
    accessibility=Accessibility.PRIVATE,
)

board = mlworkbench.modelarts.VisualizationJob(
    "board",
    job_desc="Curves of the nightly training",
    train_url="/my-bucket/runs/",
    schedule={"type": ScheduleType.STOP, "time_unit": TimeUnit.HOURS, "duration": 4},
)

pytorch = mlworkbench.modelarts.Image(
    "pytorch",
    swr_path="swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4",
    description="PyTorch for the vision team",
    resource_categories=[ResourceCategory.CPU, ResourceCategory.GPU],
    services=[ImageService.NOTEBOOK, ImageService.SSH],
)

pulumi.export("tensorboardUrl", curves.tensorboard_url)
pulumi.export("jobName", board.job_name)
pulumi.export("jobUrl", board.service_url)
pulumi.export("imageId", pytorch.image_id)
