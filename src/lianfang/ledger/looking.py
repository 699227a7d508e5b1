"""Looking at a photo that came with a record: with a reason, and never without a line in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lianfang.ground.people.rules.looking import settled_reason
from lianfang.kernel import clock, filed
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, RecordId, new_id
from lianfang.ledger.intake.photos import file_of
from lianfang.ledger.kinds.questions import photos_asked
from lianfang.ledger.models import PhotoLook
from lianfang.ledger.types import PhotoGone, PhotoSeen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from lianfang.ledger.kinds.questions import Question
    from lianfang.ledger.types import StandingRecord


def photos_of(facts: Mapping[str, Any]) -> dict[str, Question]:
    """The questions that a record answers with a photo, by their keys."""
    asked, answers = photos_asked(facts.get("form")), facts.get("answers") or {}
    return {key: question for key, question in asked.items() if key in answers}


def look(root: StandingRecord, question: str, reason: str, *, by: AccountId) -> bytes:
    """A photo of a record, logged. Ask `access.require(actor, "people.reveal", place)` first; `root` was read in the actor's scope.

    Raises ReasonMissing, PhotoGone.
    """
    why = settled_reason(reason)
    picture = filed.read(root.book, file_of(root.id, question)) if question in photos_of(root.payload) else None
    if picture is None:
        raise PhotoGone
    with acting(by):
        PhotoLook.objects.create(
            id=new_id(), at=clock.now(), account_id=by, record_id=root.id, question=question, reason=why, position=root.position
        )
    return picture


def looks_at(record_id: RecordId, question: str) -> list[PhotoSeen]:
    """Who saw a photo, when and why, the latest first."""
    rows = PhotoLook.objects.filter(record_id=record_id, question=question).order_by("-at")
    return [PhotoSeen(row.at, AccountId(row.account_id), row.reason) for row in rows]
