// Package workbench declares the three resources of mlworkbench. It knows no way of running them.
package workbench

import (
	"github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench/modelarts"
	"github.com/mlworkbench/pulumi-mlworkbench/sdk/go/mlworkbench/pai"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Declare is the whole program: what shall exist, and what the stack tells of it.
func Declare(ctx *pulumi.Context) error {
	curves, err := pai.NewTensorboard(ctx, "curves", &pai.TensorboardArgs{
		DisplayName:           pulumi.String("training-curves"),
		DataSourceType:        pai.DataSourceTypeOss,
		Uri:                   pulumi.String("oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/"),
		SummaryRelativePath:   pulumi.String("/"),
		MaxRunningTimeMinutes: pulumi.Int(240),
		Accessibility:         pai.AccessibilityPrivate,
	})
	if err != nil {
		return err
	}

	board, err := modelarts.NewVisualizationJob(ctx, "board", &modelarts.VisualizationJobArgs{
		JobDesc:  pulumi.String("Curves of the nightly training"),
		TrainUrl: pulumi.String("/my-bucket/runs/"),
		Schedule: &modelarts.ScheduleArgs{
			Type:     modelarts.ScheduleTypeStop,
			TimeUnit: modelarts.TimeUnitHours,
			Duration: pulumi.Int(4),
		},
	})
	if err != nil {
		return err
	}

	pytorch, err := modelarts.NewImage(ctx, "pytorch", &modelarts.ImageArgs{
		SwrPath:            pulumi.String("swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4"),
		Description:        pulumi.String("PyTorch for the vision team"),
		ResourceCategories: modelarts.ResourceCategoryArray{modelarts.ResourceCategoryCpu, modelarts.ResourceCategoryGpu},
		Services:           modelarts.ImageServiceArray{modelarts.ImageServiceNotebook, modelarts.ImageServiceSsh},
	})
	if err != nil {
		return err
	}

	ctx.Export("tensorboardUrl", curves.TensorboardUrl)
	ctx.Export("jobName", board.JobName)
	ctx.Export("jobUrl", board.ServiceUrl)
	ctx.Export("imageId", pytorch.ImageId)
	return nil
}
