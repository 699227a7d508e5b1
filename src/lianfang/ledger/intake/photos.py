"""Photos that come with a record: only where its form asks, small, without a word beside the picture; kept sealed in the folder of its book."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from lianfang.kernel import filed, jpeg
from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.form import Incoming
from lianfang.ledger.types import PhotoMissing, PhotoNotAsked, PhotoTooLarge

MOST_BYTES, MOST_PIXELS = 400_000, 1280


def fingerprint(picture: bytes) -> str:
    """What an answer says of its photo."""
    return sha256(picture).digest()[:20].hex()


def file_of(record_id: UUID, question: str) -> str:
    """The name of the file a photo lies in."""
    return f"{record_id}.{question}"


def breach(record: Incoming) -> Refused | None:
    """The rule that the photos of a record break: one that nobody asked for, one that is missing, one that is large or tells more."""
    sent = record.envelope.photos if record.envelope else {}
    # What a correction says again of the form is said of the root's own photos.
    asked = () if record.corrects else questions.photos_asked(record.payload.get("form")).keys()
    answers = record.payload.get("answers") or {}
    if unasked := sent.keys() - set(asked):
        return PhotoNotAsked(question=min(unasked))
    for question in sorted((answers.keys() | sent.keys()).intersection(asked)):
        picture = sent.get(question)
        if picture is None or answers.get(question) != fingerprint(picture):
            return PhotoMissing(question=question)
        if broken := _flaw(picture):
            return broken
    return None


def _flaw(picture: bytes) -> Refused | None:
    if len(picture) > MOST_BYTES:
        return PhotoTooLarge(bytes=MOST_BYTES, pixels=MOST_PIXELS)
    try:
        size = jpeg.size_of(picture)
    except Refused as why:
        return why
    return None if max(size.width, size.height) <= MOST_PIXELS else PhotoTooLarge(bytes=MOST_BYTES, pixels=MOST_PIXELS)


def keep(record: Incoming, book: int) -> None:
    """Write the photos of a record that is being kept; before its transaction ends, so that no kept record lacks one."""
    for question, picture in (record.envelope.photos if record.envelope else {}).items():
        filed.put(book, file_of(record.id, question), picture)
