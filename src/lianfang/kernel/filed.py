"""Files that belong to a book: one folder a book, each file sealed and bound to its place, so that they go with the book and open nowhere else."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lianfang.kernel.sealing import Keyring, keyring

_NAME = re.compile(r"[0-9a-f-]{36}\.[a-z0-9_]{1,40}")
_HEAD = 64  # bytes of a file that surely hold the name of its key


def folder() -> Path:
    """Where the files of all books lie (settings.LIANFANG_FILES)."""
    from django.conf import settings  # the kernel is importable without Django's settings

    return Path(settings.LIANFANG_FILES)


def put(book: int, name: str, content: bytes) -> None:
    """Seal and keep a file; it is on the disk when this returns. The same name again replaces it whole."""
    path = _path(book, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, keyring().seal_bytes(content, _purpose(book, name)))


def read(book: int, name: str) -> bytes | None:
    """The content of a file; None where there is none (any more). Raises KeyMissing, SealBroken."""
    try:
        held = _path(book, name).read_bytes()
    except FileNotFoundError:
        return None
    return keyring().open_bytes(held, _purpose(book, name))


def erase_book(book: int) -> int:
    """Remove the files of a book; how many there were."""
    gone = len(_names(book))
    shutil.rmtree(folder() / str(book), ignore_errors=True)
    return gone


def keys_in_use() -> dict[str, int]:
    """How many files each key holds."""
    held: Counter[str] = Counter()
    for book, name in _all():
        with _path(book, name).open("rb") as file:
            held[Keyring.key_of(file.read(_HEAD))] += 1
    return held


def reseal(ring: Keyring) -> Iterator[int]:
    """Seal all files under the ring's current key, yielding how many are done; what is under it already is passed over."""
    done = 0
    for book, name in _all():
        held = _path(book, name).read_bytes()
        if Keyring.key_of(held[:_HEAD]) != ring.current:
            purpose = _purpose(book, name)
            _write(_path(book, name), ring.seal_bytes(ring.open_bytes(held, purpose), purpose))
            done += 1
            yield done


def _path(book: int, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a file of a book")
    return folder() / str(int(book)) / name


def _purpose(book: int, name: str) -> str:
    return f"file {book}/{name}"


def _names(book: int) -> list[str]:
    there = folder() / str(book)
    return sorted(one.name for one in there.iterdir() if _NAME.fullmatch(one.name)) if there.is_dir() else []


def _all() -> Iterator[tuple[int, str]]:
    books = sorted(int(one.name) for one in folder().iterdir() if one.name.isdigit()) if folder().is_dir() else []
    for book in books:
        for name in _names(book):
            yield book, name


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
