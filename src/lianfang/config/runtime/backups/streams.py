"""Sealed streams: AES-256-GCM in pieces, so that a file of any size is sealed and opened in little memory, and none of it unproved.

A file is `LFB1`, 32 random bytes, and pieces, each with its length before it. Each file has a key of its own, derived from the backup's key,
the random bytes and the label; the nonce of a piece is its number and whether it is the last. So a piece that is changed, moved, left out or
taken from another file does not open, and neither does a file that was cut short.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lianfang.kernel.errors import Refused

_FORM = b"LFB1"
_SALT, _PIECE = 32, 2**20
_LENGTH = struct.Struct(">I")
_NONCE = struct.Struct(">3xQ?")


class BackupDamaged(Refused):
    """The file {file} of the backup does not open: it was damaged or cut short, or the key belongs to another backup."""


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""
        ...


def seal(source: Source, target: BinaryIO, key: bytes, label: str) -> int:
    """Pack and seal everything that the source gives; how many bytes were read. The label must be given again to open."""
    salt = os.urandom(_SALT)
    target.write(_FORM + salt)
    cipher, number, read = _cipher(key, salt, label), 0, 0
    packer = zlib.compressobj(level=1)
    held = bytearray()
    while plain := source.read(_PIECE):
        read += len(plain)
        held += packer.compress(plain)
        while len(held) > _PIECE:
            _put(target, cipher.encrypt(_nonce(number), bytes(held[:_PIECE]), None))
            del held[:_PIECE]
            number += 1
    held += packer.flush()
    for start in range(0, len(held), _PIECE):
        piece, last = bytes(held[start : start + _PIECE]), start + _PIECE >= len(held)
        _put(target, cipher.encrypt(_nonce(number, last=last), piece, None))
        number += 1
    return read


def unseal(source: BinaryIO, key: bytes, label: str) -> Iterator[bytes]:
    """The bytes that were sealed under this label, piece by piece; only proved ones. Raises BackupDamaged, at the end too where it was cut short."""
    head = source.read(len(_FORM) + _SALT)
    if head[: len(_FORM)] != _FORM or len(head) < len(_FORM) + _SALT:
        raise BackupDamaged(file=label)
    unpacker = zlib.decompressobj()
    for piece in _opened(source, _cipher(key, head[len(_FORM) :], label), label):
        left = piece
        while left:  # a little may unpack to very much
            yield unpacker.decompress(left, _PIECE)
            left = unpacker.unconsumed_tail
    if rest := unpacker.flush():
        yield rest


def _opened(source: BinaryIO, cipher: AESGCM, label: str) -> Iterator[bytes]:
    piece, number = _take(source), 0
    while piece is not None:
        following = _take(source)
        try:
            yield cipher.decrypt(_nonce(number, last=following is None), piece, None)
        except InvalidTag:
            raise BackupDamaged(file=label) from None
        piece, number = following, number + 1
    if not number:
        raise BackupDamaged(file=label)


def _nonce(number: int, *, last: bool = False) -> bytes:
    return _NONCE.pack(number, last)


def _cipher(key: bytes, salt: bytes, label: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, label.encode()).derive(key))


def _put(target: BinaryIO, piece: bytes) -> None:
    target.write(_LENGTH.pack(len(piece)) + piece)


def _take(source: BinaryIO) -> bytes | None:
    head = source.read(_LENGTH.size)
    return source.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


class Pieces:
    """Pieces read like a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        """The next bytes; fewer only at the end."""
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken
