"""A run in a process of its own, with a home of its own that goes afterwards: nothing of an installation is touched, nothing of its settings is read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def lines_of(module: str, words: Sequence[str], name: str, more: Mapping[str, str] = {}) -> list[bytes]:
    """What the module printed, line by line; `name` is part of the directory's, `more` is added to the environment."""
    place = Path(tempfile.mkdtemp(prefix=f"lianfang-{name}-"))
    place.chmod(0o711)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANFANG_", "DATABASE_URL"))}
    own = {"LIANFANG_HOME": str(place / "home"), "DJANGO_SETTINGS_MODULE": "lianfang.config.settings"}
    path = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        return subprocess.run(
            [sys.executable, "-m", module, *words], env={**kept, **own, **path, **more}, stdout=subprocess.PIPE, check=False
        ).stdout.splitlines()
    finally:
        shutil.rmtree(place, ignore_errors=True)
