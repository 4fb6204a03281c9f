"""Declare the resources of PAI, Alibaba Cloud's machine-learning platform."""
