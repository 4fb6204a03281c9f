"""Import Huawei Cloud's core in a home of its own: it writes a file into the home as soon as it is imported.

Knows this one habit; to be imported before everything else of the core.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from unittest import mock

__all__: list[str] = []

with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"HOME": home}):
    importlib.import_module("huaweicloudsdkcore.http.user_agent")
