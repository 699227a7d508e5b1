"""The log of all changes: the server hands over each piece of it in HOME/postgres/archive, and from there it goes, sealed, to the backup.

The account of the database never holds a key: it only copies. Whoever has the lock "backups" (`up` every few seconds, or a backup) seals
what lies there and removes it. Pieces are handed over when they are full, and once a minute where something changed.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lianfang.config.runtime.backups import folder, keys, streams
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.postgres import Cluster

_SEGMENT = 24  # characters of the name of a piece


@contextmanager
def alone(home: Home, *, wait: bool) -> Iterator[bool]:
    """Be the only one who writes backups of this home; whether that is so."""
    with (home.run / "backups.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def handed_over(cluster: Cluster) -> list[Path]:
    """The pieces that the server has handed over and nobody has taken yet, in order."""
    return sorted(path for path in cluster.archive.glob("[0-9A-F]*")) if cluster.archive.is_dir() else []


def keep(home: Home, cluster: Cluster) -> int:
    """Take what was handed over into the newest backup, unless somebody else is at it; how many pieces."""
    if not handed_over(cluster):
        return 0
    with alone(home, wait=False) as held:
        name = folder.current(home) if held else None
        return take(home, cluster, [(name, "")]) if name else 0


def take(home: Home, cluster: Cluster, into: Sequence[tuple[str, str]]) -> int:
    """Seal each piece into each of these backups that needs it (from its first piece on), then remove it; how many there were."""
    pieces = handed_over(cluster)
    for piece in pieces:
        for name, first in into:
            if _position(piece.name) >= _position(first):
                seal(home, name, piece)
        piece.unlink()
    return len(pieces)


def _position(name: str) -> str:
    """Where in the log a piece lies, whatever its timeline. Histories of timelines belong to every backup."""
    return name[8:_SEGMENT] if len(name) >= _SEGMENT else "~" if name else ""


def seal(home: Home, name: str, piece: Path) -> None:
    """Seal one piece into a backup."""
    target = folder.place(home) / name / "wal" / f"{piece.name}{folder.SEALED}"
    with piece.open("rb") as plain, folder.writing(target) as sealed:
        streams.seal(plain, sealed, keys.of(home, name), f"{name}/{piece.name}")
