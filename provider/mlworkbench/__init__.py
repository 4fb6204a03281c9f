"""Manage machine-learning workbench resources of Alibaba Cloud, Huawei Cloud and Open Telekom Cloud with Pulumi.

The distribution's version is kept here and nowhere else. Import `mlworkbench.dynamic` in a Pulumi program.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
