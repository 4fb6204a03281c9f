// PAI TensorBoards (Alibaba Cloud), ModelArts visualization jobs and custom images (Huawei Cloud, Open Telekom Cloud).
package mlworkbench
