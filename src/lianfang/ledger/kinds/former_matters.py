"""The second version of matters raised, as it was: see `former`."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, Moment, words


class About(Choice):
    """What a matter is about."""

    HELP_WANTED = "help_wanted", "help wanted", "居民求助"
    DOOR_UNSETTLED = "door_unsettled", "door not settled", "门户未核清"
    DUTY_GAP = "duty_gap", "nobody on duty", "在岗空缺"
    PEOPLE_UNLISTED = "people_unlisted", "people seen, not listed", "见到未登记"
    PEOPLE_UNSEEN = "people_unseen", "people listed, not seen", "登记未见到"
    OTHER = "other", "other", "其他"


@kind(
    "matter_raised",
    version=2,
    retention=Retention.RESIDENT,
    english="Matter raised",
    term="事项提出",
    subject=Subject.PERSON,
    figures=("matters_open", "matters_late"),
    sample={"about": "people_unlisted", "due_at": "2026-03-13T06:05:00Z", "owner": None, "cause": None, "urgent": False},
    superseded_on=date(2026, 11, 22),
)
class MatterRaised(Body, frozen=True):
    """A named person must settle something at this place by a time. The id of this record is the id of the matter."""

    about: Annotated[About, words("About", "事由", "what it is about")]
    due_at: Annotated[Moment, words("Due", "办理时限", "by when")]
    owner: Annotated[UUID | None, words("Owner", "责任人", "account that must settle it; empty where nobody answers there: a gap")] = None
    cause: Annotated[UUID | None, words("Cause", "起因记录", "record that set it off")] = None
    urgent: Annotated[bool, words("Urgent", "紧急", "before all others")] = False
