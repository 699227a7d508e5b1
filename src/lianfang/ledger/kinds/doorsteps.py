"""What is recorded at a doorstep: a visit (入户走访)."""

from __future__ import annotations

from typing import Annotated

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, words


class Outcome(Choice):
    """What a try at a door found. Which of them settle the door is a rule of the rounds (`work.rounds.rules`)."""

    SEEN = "seen", "seen in person", "见面"
    PHONE = "phone", "reached by phone", "电话"
    AWAY = "away", "away", "外出"
    VACANT = "vacant", "vacant", "空置"
    MOVED = "moved", "moved out", "迁出"
    SHUT = "shut", "place of work, shut", "歇业"
    LIT = "lit", "nobody home, light on", "无人·亮灯"
    DARK = "dark", "nobody home, dark", "无人·熄灯"
    REFUSED = "refused", "refused", "拒访"
    CHECK = "check", "to be verified", "待核"


class NobodyWasSeen(Refused):
    """People were counted at the door, yet the outcome says that nobody was met."""


class NobodyAsked(Refused):
    """Help was asked for, yet the outcome says that nobody was reached."""


@kind(
    "visit",
    version=1,
    retention=Retention.RESIDENT,
    english="Visit at a door",
    term="入户走访",
    levels=("door",),
    subject=Subject.PERSON,
    figures=("visits", "doors_visited", "doors_settled", "doors_open"),
    sample={"outcome": "seen", "people_seen": 3, "wants_help": False},
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
        if self.people_seen and self.outcome not in {Outcome.SEEN, Outcome.REFUSED, Outcome.CHECK}:
            return NobodyWasSeen()
        if self.wants_help and self.outcome not in {Outcome.SEEN, Outcome.PHONE, Outcome.AWAY, Outcome.CHECK}:
            return NobodyAsked()
        return None
