"""Know the programs whose states released versions have recorded, and where these are. Runs no engine.

`pytest tests/upgrade/record.py` adds the states of the present version; what is there is never recorded again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.e2e.programs import Program, Ref, Sealed, image, job, tensorboard

__all__ = ["PROGRAMS", "STATES"]

STATES = Path(__file__).parent / "states"

_SPEC = {"ecsType": "ecs.g6.large", "vpcId": "vpc-1", "switchId": "vsw-1", "securityGroupId": "sg-1"}
_SOURCES = [{"dataSourceType": "OSS", "uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/b/", "summaryPath": "/b/"}]

PROGRAMS: Mapping[str, Program] = {
    "0.1.0": {
        "named": tensorboard(
            displayName="curves",
            dataSourceType="OSS",
            uri="oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
            options='{"mountPath": "/root/data/"}',
            summaryRelativePath="/",
            maxRunningTimeMinutes=240,
            accessibility="PUBLIC",
            priority=3,
            desiredStatus="Stopped",
        ),
        "unnamed": tensorboard(summaryPath="/a/", cpu=2, memory=8, tensorboardSpec=_SPEC),
        "several": tensorboard(tensorboardDataSources=_SOURCES),
        "job": job(
            jobDesc=Sealed("a description that nobody shall see"),
            jobType="tensorboard",
            schedule={"type": "stop", "timeUnit": "HOURS", "duration": 4},
        ),
        "stopped": job(jobName="stopped", desiredStatus="Stopped"),
        "torch": image(
            description=Ref("unnamed", "tensorboardId"),
            resourceCategories=["GPU", "CPU"],
            services=["SSH", "NOTEBOOK"],
            tags=["one", "two"],
            readMe="# Torch",
            deleteSwrContent=True,
        ),
    },
}
