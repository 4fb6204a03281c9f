"""Run the plugin as `python -m mlworkbench`: so Pulumi starts one from a folder of sources. Know no resource."""

from __future__ import annotations

from .hosts.plugin import main

main()
