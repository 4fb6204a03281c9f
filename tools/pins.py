"""Write constraints.txt: the newest versions that fit pyproject.toml, found in an environment made for it alone.
Knows pip; knows no package by name.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ".[emulator,dev]"
OURS = "mlworkbench"


def newest(root: Path) -> str:
    """Return one `name==version` a line for everything that an installation with all extras brings."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", EXTRAS]
        subprocess.run(install, cwd=root, check=True)
        # Without --all it leaves out what builds packages, setuptools among them.
        freeze = [python, "-m", "pip", "freeze", "--all", "--exclude", "pip", "--exclude", OURS]
        frozen = subprocess.run(freeze, check=True, stdout=subprocess.PIPE, text=True)
        return frozen.stdout


def main() -> int:
    try:
        pins = newest(ROOT)
    except subprocess.CalledProcessError as error:
        print(f"constraints.txt is unchanged: {error}", file=sys.stderr)
        return 1
    (ROOT / "constraints.txt").write_text(pins)
    print(f"constraints.txt pins {len(pins.splitlines())} packages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
