"""The same programs in each language: one that is right, and others that are wrong in one place. Knows the SDKs; runs
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["GO", "PYTHON", "TYPESCRIPT", "Language"]


@dataclass(frozen=True)
class Language:
    """A right program, and what to change in it for a wrong one: text, its replacement, what the checker must say."""

    suffix: str
    right: str
    wrong: Mapping[str, tuple[str, str, str]]

    @property
    def programs(self) -> dict[str, str]:
        """Return all programs by name."""
        return {"right": self.right} | {name: self._changed(name) for name in self.wrong}

    def _changed(self, name: str) -> str:
        old, new, _ = self.wrong[name]
        assert self.right.count(old) == 1, f"{old!r} must be there once"
        return self.right.replace(old, new)


PYTHON = Language(
    suffix=".py",
    right="""
import pulumi
import pulumi_mlworkbench as mlworkbench

board = mlworkbench.pai.Tensorboard(
    "board",
    data_source_type=mlworkbench.pai.DataSourceType.OSS,
    uri="oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    summary_relative_path="/",
    max_running_time_minutes=60,
    tensorboard_spec={"ecs_type": "ecs.g6.large"},
)
machine = mlworkbench.pai.TensorboardSpecArgs(ecs_type="ecs.g6.large")
other = mlworkbench.pai.Tensorboard("other", tensorboard_spec=machine)
job = mlworkbench.modelarts.VisualizationJob(
    "job", train_url="/bucket/runs/", job_type=mlworkbench.modelarts.JobType.TENSORBOARD
)
image = mlworkbench.modelarts.Image("image", swr_path="swr.cn-north-4.myhuaweicloud.com/team/torch:1")
keys = mlworkbench.Provider("keys", pai_region="cn-hangzhou", max_retries=2)
pulumi.export("url", board.tensorboard_url)
""",
    wrong={
        "name": ("max_running_time_minutes", "max_running_minutes", "No overload"),
        "value": ("DataSourceType.OSS", "DataSourceType.S3", "S3"),
        "kind": ("=60", '="60"', "max_running_time_minutes"),
        "nested": ('{"ecs_type"', '{"ecs_kind"', "tensorboard_spec"),
        "output": ("board.tensorboard_url", "board.tensorboard_link", "tensorboard_link"),
        "setting": ("pai_region", "pai_regoin", "No overload"),
    },
)

TYPESCRIPT = Language(
    suffix=".ts",
    right="""
import * as mlworkbench from "@mlworkbench/pulumi-mlworkbench";

const board = new mlworkbench.pai.Tensorboard("board", {
    dataSourceType: "OSS",
    uri: "oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    summaryRelativePath: "/",
    maxRunningTimeMinutes: 60,
    tensorboardSpec: { ecsType: "ecs.g6.large" },
});
const other = new mlworkbench.pai.Tensorboard("other", {
    dataSourceType: mlworkbench.types.enums.pai.DataSourceType.Nas,
});
const job = new mlworkbench.modelarts.VisualizationJob("job", { trainUrl: "/bucket/runs/", jobType: "tensorboard" });
const image = new mlworkbench.modelarts.Image("image", { swrPath: "swr.cn-north-4.myhuaweicloud.com/team/torch:1" });
const keys = new mlworkbench.Provider("keys", { paiRegion: "cn-hangzhou", maxRetries: 2 });
export const url = board.tensorboardUrl;
""",
    wrong={
        "name": ("maxRunningTimeMinutes", "maxRunningTimeMinuts", "maxRunningTimeMinutes"),
        "value": ('"OSS"', '"S3"', '"S3"'),
        "member": ("DataSourceType.Nas", "DataSourceType.Hdfs", "Hdfs"),
        "kind": ("Minutes: 60", 'Minutes: "60"', "number"),
        "nested": ("ecsType", "ecsKind", "ecsKind"),
        "missing": ('trainUrl: "/bucket/runs/", ', "", "trainUrl"),
        "output": ("board.tensorboardUrl", "board.tensorboardLink", "tensorboardLink"),
        "setting": ("paiRegion", "paiRegoin", "paiRegion"),
    },
)

GO = Language(
    suffix=".go",
    right="""package main

import (
	mlworkbench "github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench"
	"github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench/modelarts"
	"github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench/pai"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		board, err := pai.NewTensorboard(ctx, "board", &pai.TensorboardArgs{
			DataSourceType:        pai.DataSourceTypeOss,
			Uri:                   pulumi.String("oss://bucket.oss-cn-hangzhou.aliyuncs.com/runs/"),
			MaxRunningTimeMinutes: pulumi.Int(60),
			TensorboardSpec:       &pai.TensorboardSpecArgs{EcsType: pulumi.String("ecs.g6.large")},
		})
		if err != nil {
			return err
		}
		if _, err := modelarts.NewVisualizationJob(ctx, "job", &modelarts.VisualizationJobArgs{
			TrainUrl: pulumi.String("/bucket/runs/"),
		}); err != nil {
			return err
		}
		if _, err := mlworkbench.NewProvider(ctx, "keys", &mlworkbench.ProviderArgs{
			PaiRegion: pulumi.String("cn-hangzhou"),
		}); err != nil {
			return err
		}
		ctx.Export("url", board.TensorboardUrl)
		return nil
	})
}
""",
    wrong={
        "name": ("MaxRunningTimeMinutes", "MaxRunningMinutes", "unknown field MaxRunningMinutes"),
        "member": ("pai.DataSourceTypeOss", "pai.DataSourceTypeS3", "undefined: pai.DataSourceTypeS3"),
        "value": ("pai.DataSourceTypeOss", 'pulumi.String("S3")', "DataSourceTypePtrInput"),
        "kind": ("pulumi.Int(60)", 'pulumi.String("60")', "IntPtrInput"),
        "nested": ("EcsType:", "EcsKind:", "unknown field EcsKind"),
        "output": ("board.TensorboardUrl", "board.TensorboardLink", "board.TensorboardLink undefined"),
        "setting": ("PaiRegion", "PaiRegoin", "unknown field PaiRegoin"),
    },
)
