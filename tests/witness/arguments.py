"""Give the arguments that both sides are called with, in the vendors' own words. Knows no client.

Every field that a reference page lets a caller give is in one of them; texts hold what encodings fall over.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "CREATE_JOB",
    "CREATE_TENSORBOARD",
    "CREATE_TENSORBOARD_OF_SOURCES",
    "ODD_TEXT",
    "REGISTER_IMAGE",
    "camel",
]

Tree = dict[str, Any]

ODD_TEXT = "Größe 学习 a+b*c~d/e%20f & g=h?"

CREATE_TENSORBOARD: Tree = {
    "WorkspaceId": "20002",
    "DisplayName": ODD_TEXT,
    "JobId": "dlc-1",
    "SourceType": "job",
    "SourceId": "dlc-2",
    "DataSourceId": "d-1",
    "DataSourceType": "OSS",
    "Uri": "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    "Options": '{"mountpath": "/root/data/"}',
    "SummaryRelativePath": "/run 1/",
    "MaxRunningTimeMinutes": 240,
    "Cpu": 3,
    "Memory": 5,
    "QuotaId": "quota-1",
    "Priority": "4",
    "Accessibility": "PUBLIC",
    "TensorboardSpec": {
        "EcsType": "ecs.g6.large",
        "VpcId": "vpc-1",
        "SwitchId": "vsw-1",
        "SecurityGroupId": "sg-1",
    },
    "DataSources": [
        {
            "DataSourceId": "d-2",
            "DataSourceType": "NAS",
            "DisplayName": "older",
            "Description": "of the older form",
            "FileSystemId": "fs-1",
            "Path": "/p",
            "Endpoint": "nas.example.com",
            "Options": "{}",
            "MountPath": "/mnt",
            "UserId": "7",
        }
    ],
}

CREATE_TENSORBOARD_OF_SOURCES: Tree = {
    "DisplayName": "of sources",
    "SummaryPath": "/summaries",
    "TensorboardDataSources": [
        {
            "Id": "d-3",
            "Name": "first",
            "DirectoryName": "one",
            "SourceType": "datasource",
            "DataSourceType": "OSS",
            "Uri": "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/a/",
            "SummaryPath": "/a",
            "FullSummaryPath": "/root/a",
        },
        {"Id": "dlc-3", "SourceType": "dlcjob"},
    ],
}

CREATE_JOB: Tree = {
    "job_name": "curves_1-2",
    "job_desc": ODD_TEXT,
    "train_url": "/my-bucket/run 1/",
    "job_type": "mindinsight",
    "flavor": {"code": "modelarts.vm.cpu.2u"},
    "schedule": {"type": "stop", "time_unit": "HOURS", "duration": 4},
}

REGISTER_IMAGE: Tree = {
    "swr_path": "swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4",
    "arch": "AARCH64",
    "description": ODD_TEXT,
    "origin": "CUSTOMIZE",
    "resource_category": ["CPU", "ASCEND"],
    "service_type": "TRAIN",
    "services": ["SSH"],
    "visibility": "PUBLIC",
    "workspace_id": "0",
    "flavor_type": "ASCEND_SNT9B",
    "tags": ["team=vision"],
    "swr_instance_id": "instance-1",
    "read_me": "# PyTorch",
}


def camel(value: Any) -> Any:
    """Write a vendor's names, in PascalCase or snake_case, as properties of a resource."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {_camel_name(name): camel(item) for name, item in value.items()}


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first[0].lower() + first[1:] + "".join(word.capitalize() for word in rest)
