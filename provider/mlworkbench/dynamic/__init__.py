"""Offer the resources to Python programs without any plugin: `from mlworkbench.dynamic.pai import Tensorboard`."""
