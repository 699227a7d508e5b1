"""A disk that can be filled in an instant and emptied again: a small one in memory, whose size is set. Root only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOM = 3 * 2**30  # bytes; what is not used takes no memory
_LEFT = 2**16  # bytes
_TRIES = 50


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Where it is mounted."""

    place: Path

    @contextmanager
    def full(self) -> Iterator[None]:
        """Have next to nothing free meanwhile. What is written while we look makes the size too small: then it is looked again."""
        for _try in range(_TRIES):
            found = os.statvfs(self.place)
            if self._resize((found.f_blocks - found.f_bfree) * found.f_frsize + _LEFT):
                break
        else:
            raise RuntimeError("the disk could not be filled")
        try:
            yield
        finally:
            self._resize(_ROOM)

    def give_up(self) -> None:
        """Unmount it, also while somebody still stands in it; what it held goes."""
        subprocess.run(["umount", "-l", self.place], check=True, timeout=30)

    def _resize(self, size: int) -> bool:
        done = subprocess.run(["mount", "-o", f"remount,size={size}", self.place], capture_output=True, check=False, timeout=30)
        return done.returncode == 0


def moved(place: Path) -> SmallDisk | None:
    """Move a directory onto such a disk, mounted in its stead; none where nothing may be mounted."""
    aside = place.with_name(f"{place.name}.aside")
    place.rename(aside)
    place.mkdir()
    kind = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM},mode=0700", "tmpfs", place]
    if subprocess.run(kind, capture_output=True, check=False, timeout=30).returncode:
        place.rmdir()
        aside.rename(place)
        return None
    subprocess.run(["cp", "-a", f"{aside}/.", place], check=True, timeout=120)
    subprocess.run(["rm", "-rf", aside], check=True, timeout=60)
    return SmallDisk(place)
