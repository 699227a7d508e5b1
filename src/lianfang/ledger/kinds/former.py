"""Versions of kinds that a newer one replaced, as they were: stored records of them are read for ever, new ones taken for thirty days.

Classes keep the names they had, since the schema says them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds.attendance import Duty
from lianfang.ledger.kinds.doorsteps import FIGURES, Outcome, met_and_reached
from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, Moment, words


class About(Choice):
    """What a matter is about."""

    HELP_WANTED = "help_wanted", "help wanted", "居民求助"
    DOOR_UNSETTLED = "door_unsettled", "door not settled", "门户未核清"
    DUTY_GAP = "duty_gap", "nobody on duty", "在岗空缺"
    OTHER = "other", "other", "其他"


@kind(
    "matter_raised",
    version=1,
    retention=Retention.RESIDENT,
    english="Matter raised",
    term="事项提出",
    subject=Subject.PERSON,
    figures=("matters_open", "matters_late"),
    sample={"about": "help_wanted", "due_at": "2026-03-13T06:05:00Z", "owner": None, "cause": None, "urgent": False},
    superseded_on=date(2026, 11, 22),
)
class MatterRaised(Body, frozen=True):
    """A named person must settle something at this place by a time. The id of this record is the id of the matter."""

    about: Annotated[About, words("About", "事由", "what it is about")]
    due_at: Annotated[Moment, words("Due", "办理时限", "by when")]
    owner: Annotated[UUID | None, words("Owner", "责任人", "account that must settle it; empty where nobody answers there: a gap")] = None
    cause: Annotated[UUID | None, words("Cause", "起因记录", "record that set it off")] = None
    urgent: Annotated[bool, words("Urgent", "紧急", "before all others")] = False


@kind(
    "visit",
    version=1,
    retention=Retention.RESIDENT,
    english="Visit at a door",
    term="入户走访",
    levels=("door",),
    subject=Subject.PERSON,
    figures=FIGURES,
    sample={"outcome": "seen", "people_seen": 3, "wants_help": False},
    superseded_on=date(2026, 11, 22),
)
class Visit(Body, frozen=True):
    """One try at one door. It counts as a visit whether or not anyone answered (户次, not 户)."""

    outcome: Annotated[Outcome, words("Outcome", "结果", "what was found at the door")]
    people_seen: Annotated[int, words("People seen", "见到人数", "people met at the door", ge=0, le=99)] = 0
    wants_help: Annotated[bool, words("Wants help", "需要帮助", "the household asks for help: a matter is raised for the secretary")] = (
        False
    )

    def breach(self) -> Refused | None:
        """People are seen only where somebody was met; help is asked for only where somebody was reached."""
        return met_and_reached(self.outcome, self.people_seen, wants_help=self.wants_help)


@kind(
    "presence",
    version=1,
    retention=Retention.SERVICE,
    english="Presence on duty",
    term="在岗记录",
    ability="duty.record",
    of_actor=True,
    levels=("city", "county", "street", "community", "building", "unit"),
    figures=("on_duty",),
    sample={"duty": "on"},
    superseded_on=date(2026, 11, 22),
)
class Presence(Body, frozen=True):
    """The record's actor comes on duty at the place, or goes off. Coming on elsewhere ends the duty before."""

    duty: Annotated[Duty, words("Duty", "上下岗", "on or off")]
