"""Pictures for tests: the segments of a JPEG one behind the other, without anything to be seen."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from lianfang.ledger.intake.photos import fingerprint

JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"
PLACE = b"Exif\0\0MM\0*\0\0\0\10GPS"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def jpeg(width: int = 640, height: int = 480, *, heads: bytes = b"", fill: int = 20, behind: bytes = b"") -> bytes:
    """A picture of a size, with further segments at its head, drawn with so many bytes, and something hanging behind it."""
    frame = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\0"
    tables = segment(0xDB, bytes(65)) + segment(0xC0, frame) + segment(0xC4, bytes(20))
    drawn = b"\x12\xff\0\xff\xd0" + b"\x55" * fill
    return b"\xff\xd8" + segment(0xE0, JFIF) + heads + tables + segment(0xDA, b"\x01\x01\0\0?\0") + drawn + b"\xff\xd9" + behind


def answered(picture: bytes, question: str = "valve") -> dict[str, Any]:
    """The payload and the envelope of a visit that answers with a photo."""
    return {
        "payload": {"outcome": "seen", "people_seen": 1, "form": "gas/2", "answers": {question: fingerprint(picture)}},
        "envelope": {"photos": {question: b64encode(picture).decode()}},
    }
