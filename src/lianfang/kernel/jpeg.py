"""A JPEG as an app re-encodes it: picture and nothing else. What tells where, when or with what it was taken is found by its segments."""

from __future__ import annotations

from dataclasses import dataclass

from lianfang.kernel.errors import Refused


class NotAPicture(Refused):
    """This is no JPEG picture."""


class TellsMore(Refused):
    """The picture carries more than can be seen in it, such as where it was taken: it must be taken out first."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture, in pixels."""

    width: int
    height: int


_START, _END, _SCAN = b"\xff\xd8", 0xD9, 0xDA
_FRAMES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF, _JFIF_LENGTH = 0xE0, 14  # without a small picture
# What says how to draw it: JFIF without a small picture of its own, a colour profile, Adobe's colour transform.
_HARMLESS = {_JFIF: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def size_of(content: bytes) -> Size:
    """The size of a picture that carries nothing beside. Raises NotAPicture, TellsMore."""
    if not content.startswith(_START):
        raise NotAPicture
    at, size = len(_START), None
    marker, at = _marker(content, at)
    while marker != _END:
        body, at = _body(content, marker, at)
        if marker in _FRAMES:
            size = Size(int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
        elif marker == _SCAN:
            at = _after_scan(content, at)
        elif not _harmless(marker, body):
            raise TellsMore
        marker, at = _marker(content, at)
    if size is None:
        raise NotAPicture
    if at != len(content):
        raise TellsMore  # something hangs behind the picture
    return size


def _body(content: bytes, marker: int, at: int) -> tuple[bytes, int]:
    """What a segment holds, and the place behind it. Its length counts its own two bytes."""
    if marker in _ALONE:
        return b"", at
    length = int.from_bytes(content[at : at + 2])
    body = content[at + 2 : at + length]
    if length < 2 or len(body) != length - 2:  # noqa: PLR2004 - the two bytes of the length
        raise NotAPicture
    return body, at + length


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and the place behind it; bytes that fill up stand before it."""
    if content[at : at + 1] != b"\xff":
        raise NotAPicture
    while content[at : at + 1] == b"\xff":
        at += 1
    if at >= len(content):
        raise NotAPicture
    return content[at], at + 1


def _after_scan(content: bytes, at: int) -> int:
    """Where the drawn lines end: at the next marker that is neither a stuffed byte nor a restart."""
    while (found := content.find(b"\xff", at)) >= 0:
        follows = content[found + 1 : found + 2]
        if follows and follows != b"\0" and not 0xD0 <= follows[0] <= 0xD7:  # noqa: PLR2004 - restarts
            return found
        at = found + 1 + len(follows)
    raise NotAPicture


def _harmless(marker: int, body: bytes) -> bool:
    if marker in _TABLES or marker in _ALONE:
        return True
    wanted = _HARMLESS.get(marker)
    return wanted is not None and body.startswith(wanted) and (marker != _JFIF or len(body) == _JFIF_LENGTH)
