"""The folder of backups: for each one a directory of sealed files, and `about.json`, which says what it is and nothing of what is in it.

    2026-11-22T030000-4f1c/  about.json   base.sealed   wal/000000010000000000000007.sealed …

`about.json` is written last: a directory without one is a backup that was broken off.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from lianfang.config.runtime.backups import keys
from lianfang.config.runtime.home import Home, read_form, write_form

SEALED = ".sealed"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as the folder and the keys tell of it."""

    name: str
    began_at: datetime
    ended_at: datetime | None
    bytes: int
    reaches: datetime | None
    readable: bool
    destroyed_at: datetime | None


def place(home: Home) -> Path:
    """Where backups are kept: where the first one was told to go, else HOME/backups."""
    return Path(read_form(home.path / "backups.json").get("folder") or home.path / "backups")


def choose(home: Home, path: Path) -> None:
    """Keep backups there from now on."""
    write_form(home.path / "backups.json", {"folder": str(path.absolute())})


def about(path: Path) -> dict[str, Any]:
    """What a backup says of itself; empty where it was broken off."""
    return read_form(path / "about.json")


def held(home: Home) -> list[Backup]:
    """All backups there are or were, the oldest first."""
    root, known = place(home), keys.known(home)
    here = {path.name for path in root.iterdir() if about(path)} if root.is_dir() else set()
    found = []
    for name in sorted({*here, *(name for name, key in known.items() if key.destroyed_at)}):
        key, told = known.get(name), about(root / name)
        began = datetime.fromisoformat(told["began_at"]) if told else known[name].made_at
        files = [path.stat() for path in (root / name).rglob(f"*{SEALED}")]
        last = max((file.st_mtime for file in files), default=None)
        found.append(
            Backup(
                name=name,
                began_at=began,
                ended_at=datetime.fromisoformat(told["ended_at"]) if told else None,
                bytes=sum(file.st_size for file in files),
                reaches=datetime.fromtimestamp(last, began.tzinfo) if last else None,
                readable=bool(told and key and not key.destroyed_at),
                destroyed_at=key.destroyed_at if key else None,
            )
        )
    return found


def current(home: Home) -> str | None:
    """The newest one that can be read: to it the log goes."""
    return next((backup.name for backup in reversed(held(home)) if backup.readable), None)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Write a file of a backup, whole and on disk or not at all."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def forget(home: Home, names: set[str]) -> list[str]:
    """Destroy the keys of backups, then remove what they had sealed; whose keys went."""
    gone = keys.destroy(home, names)
    for name in names:
        shutil.rmtree(place(home) / name, ignore_errors=True)
    return gone
