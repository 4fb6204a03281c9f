"""State the parts of ModelArts (Huawei Cloud, Open Telekom Cloud) that the provider uses."""
