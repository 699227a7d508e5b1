"""The keys of backups: one for each, in HOME/secrets/backups.json, outside the database and outside the folder of backups.

A key that is destroyed leaves its name and the moment behind, so that it can be shown that a backup can no longer be read.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lianfang.config.runtime.home import Home, read_form, write_form
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused

_BYTES = 32


class BackupKeyGone(Refused):
    """The key of the backup {name} is not in {file}: it was destroyed, or that file is of another installation. Without it the backup cannot be read."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a key."""

    name: str
    made_at: datetime
    destroyed_at: datetime | None


def place(home: Home) -> Path:
    """Where the keys lie."""
    return home.secrets / "backups.json"


def make(home: Home, name: str) -> bytes:
    """A new key for a backup, on disk before it is used."""
    key = os.urandom(_BYTES)
    form = read_form(place(home))
    form[name] = {"key": base64.b64encode(key).decode(), "made_at": clock.now().isoformat(), "destroyed_at": None}
    write_form(place(home), form)
    return key


def of(home: Home, name: str) -> bytes:
    """The key of a backup. Raises BackupKeyGone."""
    told = read_form(place(home)).get(name, {})
    if not told.get("key"):
        raise BackupKeyGone(name=name, file=place(home))
    return base64.b64decode(told["key"])


def known(home: Home) -> dict[str, Held]:
    """All keys that were ever made, by the name of their backup, the oldest first."""
    return {name: _read(name, told) for name, told in sorted(read_form(place(home)).items())}


def _read(name: str, told: dict[str, Any]) -> Held:
    gone = told["destroyed_at"]
    return Held(name, datetime.fromisoformat(told["made_at"]), datetime.fromisoformat(gone) if gone else None)


def destroy(home: Home, names: set[str]) -> list[str]:
    """Destroy keys that are still there; which ones. The file is overwritten in place before it is written anew without them."""
    form = read_form(place(home))
    going = sorted(name for name in names if form.get(name, {}).get("key"))
    if not going:
        return []
    with place(home).open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
    for name in going:
        form[name] |= {"key": None, "destroyed_at": clock.now().isoformat()}
    write_form(place(home), form)
    return going
