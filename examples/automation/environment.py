"""Say what an environment of a team consists of. Knows the resources; knows nothing of stacks and commands."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pulumi

# By name: the SDK loads `pai` and `modelarts` when they are first used, which several threads must not do at a time.
from pulumi_mlworkbench.modelarts import Image, ScheduleType, TimeUnit, VisualizationJob
from pulumi_mlworkbench.pai import DataSourceType, Tensorboard

__all__ = ["Team", "program", "teams"]


@dataclass(frozen=True)
class Team:
    """What tells one team's environment from another's. `hours` are those after which its boards stop by themselves."""

    name: str
    bucket: str
    image: str
    hours: int


def teams(file: Path) -> dict[str, Team]:
    """Read the teams by their names."""
    return {name: Team(name, **facts) for name, facts in tomllib.loads(file.read_text("utf-8")).items()}


def program(team: Team) -> Callable[[], None]:
    """Return the Pulumi program of a team."""

    def declare() -> None:
        curves = Tensorboard(
            "curves",
            display_name=f"{team.name}-curves",
            data_source_type=DataSourceType.OSS,
            uri=f"oss://{team.bucket}.oss-cn-hangzhou.aliyuncs.com/runs/",
            summary_relative_path="/",
            max_running_time_minutes=60 * team.hours,
        )
        board = VisualizationJob(
            "board",
            job_desc=f"Curves of the {team.name} team",
            train_url=f"/{team.bucket}/runs/",
            schedule={
                "type": ScheduleType.STOP,
                "time_unit": TimeUnit.HOURS,
                "duration": team.hours,
            },
        )
        Image("image", swr_path=team.image, description=f"Image of the {team.name} team")
        pulumi.export("tensorboardUrl", curves.tensorboard_url)
        pulumi.export("jobUrl", board.service_url)

    return declare
