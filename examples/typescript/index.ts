// The three resources of mlworkbench in a TypeScript program, with the SDK generated from the provider's schema.

import * as mlworkbench from "@mlworkbench/pulumi-mlworkbench";

const curves = new mlworkbench.pai.Tensorboard("curves", {
    displayName: "training-curves",
    dataSourceType: "OSS",
    uri: "oss://my-bucket.oss-cn-hangzhou.aliyuncs.com/runs/",
    summaryRelativePath: "/",
    maxRunningTimeMinutes: 240,
    accessibility: "PRIVATE",
});

const board = new mlworkbench.modelarts.VisualizationJob("board", {
    jobDesc: "Curves of the nightly training",
    trainUrl: "/my-bucket/runs/",
    schedule: { type: "stop", timeUnit: "HOURS", duration: 4 },
});

const pytorch = new mlworkbench.modelarts.Image("pytorch", {
    swrPath: "swr.cn-north-4.myhuaweicloud.com/my-team/pytorch:2.4",
    description: "PyTorch for the vision team",
    resourceCategories: ["CPU", "GPU"],
    services: ["NOTEBOOK", "SSH"],
});

export const tensorboardUrl = curves.tensorboardUrl;
export const jobName = board.jobName;
export const jobUrl = board.serviceUrl;
export const imageId = pytorch.imageId;
