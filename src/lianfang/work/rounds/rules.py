"""Rules of rounds: which outcomes settle a door, when an open one is tried again, how long arrivals are followed up.

Zero omission means that every door is closed with an outcome; what was not verified stays open (敲门行动清零; 数电灯).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lianfang.kernel.errors import Refused
from lianfang.ledger.kinds.doorsteps import Outcome

SETTLING = frozenset({Outcome.SEEN, Outcome.PHONE, Outcome.AWAY, Outcome.VACANT, Outcome.MOVED, Outcome.SHUT})

EMPTY = frozenset({Outcome.VACANT, Outcome.MOVED, Outcome.SHUT})
"""Outcomes that say nobody lives there: whoever comes to the list of such a door afterwards is somebody whom nobody has seen.

Where people were met before the door had a list, its first list names them and the door stays closed; a further household opens it again.
"""

# The empty-home protocol (defaults, not law): where a light was seen somebody is near, so soon again; what is to be verified within half a
# day; a refusal is left a day and then taken up with the secretary; all others in the evening, when people come home. Nobody knocks at night.
NEXT_TRY: dict[str, timedelta] = {
    Outcome.LIT.value: timedelta(hours=2),
    Outcome.CHECK.value: timedelta(hours=4),
    Outcome.REFUSED.value: timedelta(hours=24),
}
EVENING = "19:30:00"
TRIES_BEFORE_OTHER_WAYS = 3
"""After so many vain tries at a door the roster is asked by phone and the neighbours by word: it is listed first."""

MATTER_WITHIN = timedelta(hours=24)
"""By when somebody settles what counting the lights has shown (数电灯), from its receipt."""

TWO_PEOPLE_WITHIN = timedelta(hours=4)
"""Two people at one door within this time may not have known of each other: both are told."""

LINES_SHOWN_FOR = timedelta(days=14)


def settles(outcome: Outcome) -> bool:
    """Whether a door is closed by this outcome; all others leave it open, with another try to come."""
    return outcome in SETTLING


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A rule set for people who arrived: for how many days after the day of arrival they are followed up, by which document, when."""

    key: str
    days: int
    english: str
    term: str
    document: str
    valid_from: date
    valid_to: date | None = None


# Dated rule sets, none of them in force by itself: whoever records an arrival names the one that the authority has ordered.
FOLLOW_UPS: tuple[FollowUp, ...] = (
    FollowUp("v8_home_14", 14, "14 days at home", "居家14天", "第八版防控方案", date(2021, 5, 14), date(2022, 6, 27)),
    FollowUp("v9_high_7", 7, "7 days (high risk)", "高风险7天", "第九版防控方案", date(2022, 6, 27), date(2022, 11, 11)),
    FollowUp("v9_medium_7", 7, "7 days at home (medium risk)", "中风险居家7天", "第九版防控方案", date(2022, 6, 27), date(2022, 11, 11)),
    FollowUp("v9_low_3", 3, "two tests in 3 days (low risk)", "低风险三天两检", "第九版防控方案", date(2022, 6, 27), date(2022, 11, 11)),
    FollowUp("health_watch_3", 3, "3 days of watching one's health", "三天健康监测", "地方通告（示例）", date(2020, 1, 1)),
    FollowUp("health_watch_7", 7, "7 days of watching one's health", "七天健康监测", "地方通告（示例）", date(2020, 1, 1)),
)


class UnknownRuleSet(Refused):
    """There is no rule set for follow-up of this name on that day."""


def rules_on(day: date) -> list[FollowUp]:
    """The rule sets in force on a day."""
    return [rule for rule in FOLLOW_UPS if rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)]


def follow_up(key: str, on: date) -> FollowUp:
    """A rule set in force on a day. Raises UnknownRuleSet."""
    for rule in rules_on(on):
        if rule.key == key:
            return rule
    raise UnknownRuleSet
