"""Declare the resources of ModelArts, the machine-learning platform of Huawei Cloud and Open Telekom Cloud."""
