"""State the parts of PAI (Alibaba Cloud) that the provider uses."""
