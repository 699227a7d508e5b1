"""A file comes in: it is kept sealed, with who brought it; and is given back as long as it is kept."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang.ground.places.types import Level
from lianfang.ground.rosters.commands.erasing import KEPT
from lianfang.ground.rosters.loading_types import ContentGone, NotACommunity, State
from lianfang.ground.rosters.models import Content, Roster
from lianfang.ground.rosters.models.files import CONTENT_PURPOSES
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, new_id
from lianfang.kernel.sealing import keyring
from lianfang.kernel.sheets import MEGABYTES_AT_MOST
from lianfang.kernel.sheets.types import FileEmpty, FileTooLarge

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_PIECE = 48 * 1024  # bytes of a file in one row: what is sealed anew at a time stays small
_PURPOSE = CONTENT_PURPOSES["sealed"]


def receive(
    community: Place, content: bytes, name: str, *, by: AccountId | None, book: int | None = None, roster_id: UUID | None = None
) -> UUID:
    """Keep a file for a community; it will be read. Raises NotACommunity, FileEmpty, FileTooLarge."""
    if community.at_level is not Level.COMMUNITY:
        raise NotACommunity(name=community.name)
    if not content:
        raise FileEmpty
    if len(content) > MEGABYTES_AT_MOST << 20:
        raise FileTooLarge(megabytes=MEGABYTES_AT_MOST)
    now, ring, identifier = clock.now(), keyring(), roster_id or new_id()
    Roster(
        id=identifier, community_id=community.id, position=community.lo, book=book, name=name[:200], form="", size=len(content),
        digest=ring.blind(base64.b64encode(content).decode(), "rosters_roster.digest"), state=State.RECEIVED, brought_by=by,
        brought_at=now, changed_at=now,
    ).save(force_insert=True)  # fmt: skip
    pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
    Content.objects.bulk_create(
        [
            Content(roster_id=identifier, position=community.lo, part=part, sealed=ring.seal(base64.b64encode(piece).decode(), _PURPOSE))
            for part, piece in enumerate(pieces)
        ],
        batch_size=50,
    )
    return identifier


def content_of(roster_id: UUID) -> bytes:
    """The file as it came in. Raises ContentGone."""
    found = b"".join(_pieces(roster_id))
    if not found:
        raise ContentGone(days=KEPT.days)
    return found


def _pieces(roster_id: UUID) -> Iterator[bytes]:
    ring = keyring()
    for sealed in Content.objects.filter(roster_id=roster_id).order_by("part").values_list("sealed", flat=True).iterator(chunk_size=50):
        yield base64.b64decode(ring.open(bytes(sealed), _PURPOSE))
