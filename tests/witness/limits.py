"""Hold what the vendors' pages let a create say: values that fit and values that do not, in the vendors' words.

Each is a change of the least that has to be said; None takes a field out. Knows no client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["LIMITS", "Limits"]

Tree = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """What one create takes: the least that it needs, changes that it takes, and changes that it refuses."""

    token: str
    least: Tree
    fit: tuple[Tree, ...]
    unfit: tuple[Tree, ...]

    def with_change(self, change: Tree) -> Tree:
        return {name: value for name, value in {**self.least, **change}.items() if value is not None}


def _each(name: str, words: str, *, listed: bool = False) -> tuple[Tree, ...]:
    return tuple({name: [word] if listed else word} for word in words.split())


_STOP = {"type": "stop", "time_unit": "HOURS", "duration": 1}


def _stop(**change: Any) -> Tree:
    return {"schedule": [{name: value for name, value in {**_STOP, **change}.items() if value is not None}]}


def _path(length: int) -> Tree:
    start, end = "r.io/team/", ":1"
    name = "i" * min(500, length - len(start) - len(end))
    # What is beyond the longest name is a longer registry.
    registry = "r" * (length - len(start) - len(name) - len(end))
    return {"swr_path": f"{registry}{start}{name}{end}"}


_JOBS = Limits(
    "modelarts:VisualizationJob",
    {"job_name": "a", "train_url": "/b/d/"},
    fit=(
        {"job_name": "a" * 20},
        {"job_name": "Az_09-"},
        {"job_desc": ""},
        {"job_desc": "d" * 256},
        *_each("job_type", "tensorboard mindinsight"),
        {"flavor": {"code": "modelarts.vm.cpu.2u"}},
        _stop(),
        _stop(duration=0),
        _stop(duration=24),
    ),
    unfit=(
        {"job_name": "a" * 21},
        {"job_name": "a b"},
        {"job_name": "ä"},
        {"job_name": ""},
        {"train_url": None},
        {"train_url": ""},
        {"job_desc": "d" * 257},
        {"job_type": "tensorflow"},
        {"flavor": {}},
        _stop(duration=-1),
        _stop(duration=25),
        _stop(duration=None),
        _stop(type=None),
        _stop(type="start"),
        _stop(time_unit=None),
        _stop(time_unit="DAYS"),
    ),
)
_IMAGES = Limits(
    "modelarts:Image",
    {"swr_path": "swr.example.com/team/image:1"},
    fit=(
        _path(16),
        _path(2048),
        {"swr_path": "swr.example.com:5000/my-team/py.torch_2-x:A.b_c-1"},
        *_each("arch", "X86_64 AARCH64"),
        {"description": ""},
        {"description": "d" * 512},
        *_each("origin", "CUSTOMIZE IMAGE_SAVE"),
        *_each("resource_category", "CPU GPU ASCEND", listed=True),
        *_each("service_type", "COMMON INFERENCE TRAIN DEV UNKNOWN"),
        *_each("services", "NOTEBOOK SSH AI_FLOW MA_STUDIO TENSOR_BOARD WEB_IDE", listed=True),
        *_each("visibility", "PRIVATE PUBLIC HIDDEN"),
        *_each("flavor_type", "ASCEND_SNT9 ASCEND_SNT9B ASCEND_SNT3"),
        {"workspace_id": "0"},
        {"workspace_id": "0123456789abcdefghijklmnopqrstuv"},
        {"tags": [f"t{number}" for number in range(20)]},
        {"read_me": "r" * 3000},
    ),
    unfit=(
        {"swr_path": None},
        {"swr_path": "r.io/team/ima:1"},
        _path(2049),
        {"swr_path": "swr.example.com/team/image"},
        {"swr_path": "swr.example.com.image:1"},
        {"arch": "RISCV"},
        {"description": "d" * 513},
        {"origin": "FOUND"},
        {"resource_category": ["TPU"]},
        {"service_type": "ANY"},
        {"services": ["NOTEBOOK", "TELNET"]},
        {"visibility": "SECRET"},
        {"flavor_type": "ASCEND_SNT1"},
        {"workspace_id": "1"},
        {"workspace_id": "0" * 31},
        {"workspace_id": "0" * 33},
        {"workspace_id": "A" * 32},
        {"tags": [f"t{number}" for number in range(21)]},
        {"read_me": "r" * 3001},
    ),
)
_OSS = "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/"
_BOARDS = Limits(
    "pai:Tensorboard",
    {"DisplayName": "a"},
    fit=(
        *({"Priority": str(digit)} for digit in range(1, 10)),
        *_each("Accessibility", "PUBLIC PRIVATE"),
        {"DataSourceType": "OSS", "Uri": _OSS},
        {"DataSourceType": "NAS", "Uri": "nas://06ba748xxx.cn-hangzhou/training/data/"},
        {"SummaryPath": "/root/data/"},
        {"SummaryRelativePath": "/"},
        {"MaxRunningTimeMinutes": 1},
        {"Cpu": 1},
        {"Memory": 1000},
        *({"TensorboardDataSources": [{"Id": "d-1", "SourceType": kind}]} for kind in ("datasource", "dlcjob", "dlc")),
        *({"TensorboardDataSources": [{"Id": "d-1", "DataSourceType": kind}]} for kind in ("OSS", "NAS")),
    ),
    unfit=(
        {"Priority": "0"},
        {"Priority": "10"},
        {"Accessibility": "SECRET"},
        {"DataSourceType": "FTP"},
        {"SummaryPath": "/root/data/", "SummaryRelativePath": "/"},
        {"MaxRunningTimeMinutes": -1},
        {"Cpu": -1},
        {"Memory": -1},
        {"TensorboardDataSources": [{"Id": "d-1", "SourceType": "ftp"}]},
        {"TensorboardDataSources": [{"Id": "d-1", "DataSourceType": "FTP"}]},
    ),
)

LIMITS = (_JOBS, _IMAGES, _BOARDS)
