"""Signs of life of processes without a port: a file in HOME/run whose time says when the process was last well.

Its time is the machine's count since it was started, not its clock: a clock that is set back would make the dead look alive, one that is
set forward the living dead.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from lianfang.config import environment


def _file(name: str) -> Path:
    return environment.home() / "run" / f"{name}.beat"


def beat(name: str) -> None:
    """Say that the named process is well now."""
    path, moment = _file(name), time.monotonic_ns()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch()
    os.utime(path, ns=(moment, moment))


def forget(name: str) -> None:
    """Forget the last sign of life, before the process is started anew."""
    _file(name).unlink(missing_ok=True)


def last_beat(name: str) -> float | None:
    """Seconds since the named process was well; none if it never was since the machine was started."""
    try:
        since = time.monotonic_ns() - _file(name).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return round(since / 1e9, 1) if since >= 0 else None
