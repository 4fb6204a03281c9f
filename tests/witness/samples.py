"""Hold answers as the vendors' pages print them, and the same with every field filled. Knows no client.

Values are those of the pages' samples; where a sample leaves a field out or empty, one of the documented form is added.
"""

from __future__ import annotations

from typing import Any

__all__ = ["FULL"]

Tree = dict[str, Any]

# GetTensorboard and ListTensorboards of PAI-DLC 2020-12-03: times are UTC to the second, seconds of running are text.
_BOARD: Tree = {
    "TensorboardId": "tensorboard-20210114184044",
    "TensorboardUrl": "https://pai-dlc.example.com/tensorboard-20210114184044",
    "Status": "Stopped",
    "ReasonCode": "Delete by user",
    "ReasonMessage": "Tensorboard is deleted",
    "Duration": "1234567",
    "GmtCreateTime": "2021-01-26T17:02:16Z",
    "GmtModifyTime": "2021-01-26T17:03:17Z",
    "GmtFinishTime": "2021-01-26T18:04:18Z",
    "DisplayName": "tensorboard",
    "DataSourceId": "ds-20210126170216",
    "DataSourceType": "OSS",
    "JobId": "dlc-20210126170216",
    "SummaryPath": "/root/data/",
    "SummaryRelativePath": "/summary/",
    "Options": '{"mountpath":"/root/data/"}',
    "MaxRunningTimeMinutes": 240,
    "Cpu": 1,
    "Memory": 1000,
    "TensorboardDataSources": [
        {
            "Id": "d-1",
            "Name": "first",
            "DirectoryName": "one",
            "SourceType": "datasource",
            "DataSourceType": "OSS",
            "Uri": "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/a/",
            "SummaryPath": "/a",
            "FullSummaryPath": "/root/a",
        }
    ],
    "TensorboardSpec": {
        "EcsType": "ecs.g6.large",
        "VpcId": "vpc-1",
        "SwitchId": "vsw-1",
        "SecurityGroupId": "sg-1",
    },
    "QuotaId": "quota12345",
    "QuotaName": "a quota",
    "Priority": "4",
    "Accessibility": "PRIVATE",
    "WorkspaceId": "268",
    "UserId": "1234567890",
    "Username": "somebody",
}

# "Querying the Details of a Visualization Job" of ModelArts v1: numbers are bare, times are milliseconds.
_JOB: Tree = {
    "job_id": 197,
    "job_name": "apiTest-11",
    "job_desc": "ModelArts API Dialtest",
    "train_url": "/wph-test/zl-test/Flowers-Set/ApiTest/",
    "service_url": "https://console.example.com/modelarts2/tensorboard/0123abcd/197/",
    "resource_id": "0c2b3f2e-6d8f-4b0f-9a8d-1f6a5e1f4a11",
    "duration": 33000,
    "create_time": 1565149736000,
    "status": 7,
    "remaining_duration": 1.5,
}

# RegisterImage of ModelArts v1, with what Huawei Cloud's model adds.
_IMAGE: Tree = {
    "arch": "x86_64",
    "create_at": 1671708630448,
    "description": "a description",
    "dev_services": ["NOTEBOOK", "SSH"],
    "flavor_type": "ASCEND_SNT9B",
    "id": "708ca95d-c601-4dc7-86b9-670adfd5e818",
    "name": "pytorch_1_8",
    "namespace": "op_svc_modelarts_container2",
    "origin": "CUSTOMIZE",
    "resource_categories": ["CPU"],
    "service_type": "UNKNOWN",
    "size": 3376133259,
    "status": "ACTIVE",
    "status_message": "all is well",
    "swr_instance_id": "instance-1",
    "swr_path": "swr.example.com/op_svc_modelarts_container2/pytorch_1_8:train-pytorch_1.8.0-cuda_10.2-py_3.7",
    "tag": "train-pytorch_1.8.0-cuda_10.2-py_3.7",
    "type": "DEDICATED",
    "update_at": 1671708631559,
    "visibility": "PRIVATE",
    "workspace_id": "0",
}

_REQUEST_ID = "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E"

# Every operation whose answer the provider reads, with every field that it reads.
FULL: dict[str, Tree] = {
    "CreateTensorboard": {
        "JobId": "dlc-20210126170216-xxxxxxxx",
        "DataSourceId": "ds-20210126170216-xxxxxxxx",
        "TensorboardId": "tbxxxxxxxx",
        "RequestId": _REQUEST_ID,
    },
    "GetTensorboard": {**_BOARD, "RequestId": _REQUEST_ID},
    "ListTensorboards": {"Tensorboards": [_BOARD], "TotalCount": 1, "RequestId": _REQUEST_ID},
    # The create sample alone quotes its numbers.
    "CreateVisualizationJob": {
        "is_success": True,
        "job_id": "10",
        "job_name": "visualization-job",
        "status": "1",
        "create_time": "1524189990635",
    },
    "ShowVisualizationJob": {"is_success": True, **_JOB},
    "ListVisualizationJobs": {
        "is_success": True,
        "job_total_count": 1,
        "job_count_limit": 99,
        "quotas": 100,
        "jobs": [_JOB],
    },
    "RegisterImage": _IMAGE,
    "ShowImage": _IMAGE,
    "ListImage": {"current": 1, "data": [_IMAGE], "pages": 1, "size": 1, "total": 1},
}
