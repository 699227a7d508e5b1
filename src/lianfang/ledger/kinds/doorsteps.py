"""What is recorded at a doorstep: a visit (入户走访)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.registry import Body, Retention, Subject, kind
from lianfang.ledger.kinds.words import Choice, Moment, words


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


class WentNowhere(Refused):
    """A place somebody went to is named, yet the outcome is neither away nor moved out."""


class TryOfAClosedDoor(Refused):
    """A next try is planned, yet the outcome closes the door."""


class OneOfHowMany(Refused):
    """A visit to one of several households says how many households the door has."""


_MET = frozenset({Outcome.SEEN, Outcome.REFUSED, Outcome.CHECK})
_REACHED = frozenset({Outcome.SEEN, Outcome.PHONE, Outcome.AWAY, Outcome.CHECK})
_GONE = frozenset({Outcome.AWAY, Outcome.MOVED})
_TRIED = frozenset({Outcome.LIT, Outcome.DARK, Outcome.REFUSED, Outcome.CHECK})
_ONLY_WITH = {"people_seen": _MET, "wants_help": _REACHED, "away_to": _GONE, "next_try_at": _TRIED}
FIGURES = ("visits", "doors_visited", "doors_settled", "doors_open")


def met_and_reached(outcome: Outcome, people_seen: int, *, wants_help: bool) -> Refused | None:
    """People are seen only where somebody was met; help is asked for only where somebody was reached."""
    if people_seen and outcome not in _MET:
        return NobodyWasSeen()
    if wants_help and outcome not in _REACHED:
        return NobodyAsked()
    return None


def still_true(facts: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The facts of a visit under another outcome: all that was said, but for what that outcome rules out."""
    held = {name: value for name, value in facts.items() if outcome in _ONLY_WITH.get(name, Outcome)}
    return {**held, "outcome": outcome.value}


_Word = Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")]


@kind(
    "visit",
    version=2,
    retention=Retention.RESIDENT,
    english="Visit at a door",
    term="入户走访",
    levels=("door",),
    subject=Subject.PERSON,
    figures=(*FIGURES, "round_settled", "round_open", "round_people", "round_people_times", "doors_due_today"),
    sample={
        "outcome": "seen", "people_seen": 3, "wants_help": False, "round": None, "household": None, "households": None, "away_to": None,
        "next_try_at": None, "unlisted": 0, "unseen": 0, "form": "headcount/1", "answers": {"living": 3},
    },
)  # fmt: skip
class Visit(Body, frozen=True):
    """One try at one door. It counts as a visit whether or not anyone answered (户次, not 户).

    With `round` it belongs to that round; without, to every round open at that door at its time. With `household` it speaks for one of
    the `households` of the door, else for the whole door.
    """

    outcome: Annotated[Outcome, words("Outcome", "结果", "what was found at the door")]
    people_seen: Annotated[int, words("People seen", "见到人数", "people met at the door", ge=0, le=99)] = 0
    wants_help: Annotated[bool, words("Wants help", "需要帮助", "the household asks for help: a matter is raised for the secretary")] = (
        False
    )
    round: Annotated[UUID | UnsetType | None, words("Round", "轮次", "the round it belongs to, where known")] = UNSET
    household: Annotated[UUID | UnsetType | None, words("Household", "住户", "the one household of the door that it speaks for")] = UNSET
    households: Annotated[
        Annotated[int, Meta(ge=1, le=99)] | UnsetType | None,
        words("Households", "该门户数", "how many households the door has, as known there"),
    ] = UNSET
    away_to: Annotated[
        Annotated[str, Meta(pattern="^([0-9]{12}|[A-Z]{2})$")] | UnsetType | None,
        words("Away to", "去向", "where they are: the code of a division, or of a country (ISO 3166-1)"),
    ] = UNSET
    next_try_at: Annotated[
        Moment | UnsetType | None, words("Next try", "下次上门", "when the next try is planned; by rule unless said")
    ] = UNSET
    unlisted: Annotated[
        Annotated[int, Meta(ge=0, le=99)] | UnsetType,
        words("Seen, not listed", "见到未登记", "people seen here who are not on the list (数电灯)"),
    ] = UNSET
    unseen: Annotated[
        Annotated[int, Meta(ge=0, le=99)] | UnsetType,
        words("Listed, not seen", "登记未见到", "people on the list whom nobody here knows of"),
    ] = UNSET
    form: Annotated[
        Annotated[str, Meta(pattern="^[a-z_]{1,30}/[0-9]{1,3}$")] | UnsetType | None,
        words("Form", "排查表", "the form answered, name and version"),
    ] = UNSET
    answers: Annotated[
        dict[_Word, bool | int | float | _Word] | UnsetType, words("Answers", "答案", "answers by question, as the form says")
    ] = UNSET

    def breach(self) -> Refused | None:
        """What the outcome rules out, households that do not fit, and answers that the form does not take."""
        if broken := met_and_reached(self.outcome, self.people_seen, wants_help=self.wants_help):
            return broken
        if self.away_to and self.outcome not in _GONE:
            return WentNowhere()
        if self.next_try_at and self.outcome not in _TRIED:
            return TryOfAClosedDoor()
        if self.household and not self.households:
            return OneOfHowMany()
        return questions.breach(self.form or None, self.answers or {})
