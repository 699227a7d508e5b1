"""Signs of life of processes without a port: a file in HOME/run whose time says when the process was last well."""

from __future__ import annotations

import os
import time

from lianfang.config import environment


def beat(name: str) -> None:
    """Say that the named process is well now."""
    path = environment.home() / "run" / f"{name}.beat"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch()
    os.utime(path)


def forget(name: str) -> None:
    """Forget the last sign of life, before the process is started anew."""
    (environment.home() / "run" / f"{name}.beat").unlink(missing_ok=True)


def last_beat(name: str) -> float | None:
    """Seconds since the named process was well; none if it never was."""
    try:
        changed = (environment.home() / "run" / f"{name}.beat").stat().st_mtime
    except FileNotFoundError:
        return None
    return max(0.0, round(time.time() - changed, 1))
