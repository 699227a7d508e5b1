"""Backups are sealed in pieces: whatever is changed, moved, cut off or opened with another key does not open."""

from __future__ import annotations

import io
import os
from random import Random

import pytest

from lianfang.config.runtime.backups.streams import BackupDamaged, Pieces, seal, unseal

KEY = os.urandom(32)


def sealed(content: bytes, label: str = "a/base") -> bytes:
    target = io.BytesIO()
    assert seal(io.BytesIO(content), target, KEY, label) == len(content)
    return target.getvalue()


def opened(content: bytes, key: bytes = KEY, label: str = "a/base") -> bytes:
    return b"".join(unseal(io.BytesIO(content), key, label))


@pytest.mark.parametrize("size", [0, 1, 2**20, 3 * 2**20 + 5])
def test_what_is_sealed_opens_and_is_not_seen(size: int) -> None:
    content = Random(size).randbytes(size)
    closed = sealed(content)
    assert opened(closed) == content
    assert size < 100 or content[:50] not in closed
    assert sealed(content) != closed


def test_much_that_packs_to_little_is_opened_in_pieces() -> None:
    zeros = bytes(64 * 2**20)
    pieces = list(unseal(io.BytesIO(sealed(zeros)), KEY, "a/base"))
    assert sum(map(len, pieces)) == len(zeros)
    assert max(map(len, pieces)) <= 2**20


def test_what_was_changed_moved_or_cut_short_does_not_open() -> None:
    content = Random(7).randbytes(3 * 2**20)
    closed = sealed(content)
    head, piece = 36, 4 + 2**20 + 16
    swapped = closed[:head] + closed[head + piece : head + 2 * piece] + closed[head : head + piece] + closed[head + 2 * piece :]
    changed = bytearray(closed)
    changed[len(closed) // 2] ^= 1
    whole_pieces = closed[: head + 2 * piece]
    for broken in (b"", closed[:20], closed[:head], closed[:-1], whole_pieces, swapped, bytes(changed), b"XXXX" + closed[4:]):
        with pytest.raises(BackupDamaged):
            opened(broken)
    for key, label in ((os.urandom(32), "a/base"), (KEY, "a/000000010000000000000001")):
        with pytest.raises(BackupDamaged):
            opened(closed, key, label)


def test_pieces_are_read_like_a_file() -> None:
    pieces = Pieces([b"abc", b"", b"defg"])
    assert [pieces.read(2), pieces.read(4), pieces.read(9), pieces.read(1)] == [b"ab", b"cdef", b"g", b""]
