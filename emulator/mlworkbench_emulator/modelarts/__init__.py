"""Be ModelArts of Huawei Cloud and OTC: its gateway, visualization jobs, images. Knows nothing of the other vendor."""
