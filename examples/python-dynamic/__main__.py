"""The three resources of mlworkbench in a Python program, with nothing installed but the package."""

import pulumi

from mlworkbench.dynamic.modelarts import Image, VisualizationJob
from mlworkbench.dynamic.pai import Tensorboard

curves = Tensorboard(
    "curves",
    display_name="training-curves",
    data_source_type="OSS",
    uri="oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    summary_relative_path="/",
    max_running_time_minutes=240,
    accessibility="PRIVATE",
)

board = VisualizationJob(
    "board",
    job_desc="Curves of the nightly training",
    train_url="/my-bucket/runs/",
    schedule={"type": "stop", "time_unit": "HOURS", "duration": 4},
)

pytorch = Image(
    "pytorch",
    swr_path="swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4",
    description="PyTorch for the vision team",
    resource_categories=["CPU", "GPU"],
    services=["NOTEBOOK", "SSH"],
)

pulumi.export("tensorboardUrl", curves.tensorboard_url)
pulumi.export("jobName", board.job_name)
pulumi.export("jobUrl", board.service_url)
pulumi.export("imageId", pytorch.image_id)
