"""Recording at the door: visits, and people who came from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Unpack, cast

from msgspec import UNSET

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import HouseholdId, PlaceId, RoundId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.doorsteps import Outcome, Visit
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.kinds.questions import Answer
from lianfang.ledger.kinds.returns import Arrival, Means
from lianfang.ledger.types import Saved
from lianfang.work.rounds.rules import follow_up


class Found(Beside, total=False):
    """What a try at a door found besides its outcome; see `ledger.kinds.doorsteps.Visit`, and `ledger.append` for what travels beside."""

    people_seen: int
    wants_help: bool
    round_id: RoundId | None
    household: HouseholdId | None
    away_to: str | None
    next_try_at: datetime | None
    unlisted: int
    unseen: int
    form: str | None
    answers: Mapping[str, Answer]


def record_visit(door: PlaceId, outcome: Outcome, *, by: Actor, **found: Unpack[Found]) -> Saved:
    """Record one try at a door.

    With `round_id` it belongs to that round, else to every round open there at its time. With `household` it speaks for that one only.
    Raises NotFound or Denied by access, and what intake refuses for (people seen where nobody was met, a place that is no door).
    """
    access.require(by, "records.write", places.place(door))
    household = found.pop("household", None)
    body = Visit(
        outcome=outcome,
        people_seen=found.pop("people_seen", 0),
        wants_help=found.pop("wants_help", False),
        round=found.pop("round_id", None) or UNSET,
        household=household or UNSET,
        households=max(1, len(people.households_of_door(door))) if household else UNSET,
        away_to=found.pop("away_to", None) or UNSET,
        next_try_at=found.pop("next_try_at", None) or UNSET,
        unlisted=found.pop("unlisted", 0) or UNSET,
        unseen=found.pop("unseen", 0) or UNSET,
        form=found.pop("form", None) or UNSET,
        answers=dict(answers) if (answers := found.pop("answers", {})) else UNSET,
    )
    beside = cast("Beside", found)  # what is left of it
    beside.setdefault("channel", Channel.SEEN)
    return append(body, place=door, by=by, **beside)


class Came(Beside, total=False):
    """How somebody came: from where (one of the two), by what means, and by which rule set they are followed up."""

    from_code: str | None
    from_country: str | None
    means: Means
    rule: str | None


def record_arrival(door: PlaceId, arrived_on: date, *, by: Actor, **came: Unpack[Came]) -> Saved:
    """Record that somebody came to live at a door from elsewhere; `subject` names the person where they are on the list.

    `rule` is the rule set for follow-up that the authority has ordered, by its key: the days come from it. Raises NotFound or Denied by
    access, UnknownRuleSet, and what intake refuses for.
    """
    access.require(by, "records.write", places.place(door))
    rule = came.pop("rule", None)
    body = Arrival(
        arrived_on=arrived_on,
        from_code=came.pop("from_code", None),
        from_country=came.pop("from_country", None),
        means=came.pop("means", Means.OTHER),
        days=0 if rule is None else follow_up(rule, arrived_on).days,
        rule=rule,
    )
    beside = cast("Beside", came)  # what is left of it
    beside.setdefault("channel", Channel.SEEN)
    return append(body, place=door, by=by, **beside)
