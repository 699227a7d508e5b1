"""One person listed in two places: a matter for the secretary of each, and none sees a row of the other.

The pairs are found by the database across all scopes and taken up here by the system. A matter names the person as they are listed on its
own side, and the other community; what is listed there stays there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import new_id
from lianfang.ledger import kinds
from lianfang.ledger.intake import take
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.types import Author
from lianfang.work.matters.offices import owner_at
from lianfang.work.matters.rules import PAIR_WITHIN

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.people.types import PersonAt
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import AccountId

AT_ONCE = 100
"""Pairs in one transaction: well under a second."""


class MatterNotTaken(Refused):
    """A matter about somebody listed twice was not taken: {code}."""


def take_up_pairs() -> int:
    """Raise matters for the next pairs of people who may be one and stand in two places; how many pairs were taken up."""
    with transaction.atomic():
        pairs = people.pairs_to_take_up(AT_ONCE)
        if not pairs:
            return 0
        records = _Records({one.door_id for pair in pairs if pair.homes for one in pair.homes})
        raised = [record for pair in pairs if pair.homes for record in records.of(*pair.homes)]
        for verdict in take(raised, Author(None, trusted=True)) if raised else ():
            if verdict.why is not None:
                raise MatterNotTaken(code=verdict.code)
        people_commands.take_up_pairs(pair.number for pair in pairs)
    return len(pairs)


class _Records:
    """Matters to be raised at some doors; communities and their secretaries are asked for once each."""

    def __init__(self, doors: set[Any]) -> None:
        self._doors = places.places_by_id(list(doors))
        self._community: dict[UUID, Place | None] = {}
        self._owner: dict[UUID, AccountId | None] = {}
        self._now = clock.now()

    def of(self, one: PersonAt, other: PersonAt) -> list[Mapping[str, Any]]:
        """A matter on each side; within one community a single one, at the door that was listed last."""
        here, there = self._where(one), self._where(other)
        if here is None or there is None:
            return []
        if here.id == there.id:
            return [self._record(max(one, other, key=lambda each: each.person_id.int), here, None)]
        return [self._record(one, here, there), self._record(other, there, here)]

    def _where(self, one: PersonAt) -> Place | None:
        door = self._doors.get(one.door_id)
        if door is None:
            return None
        if door.id not in self._community:
            self._community[door.id] = places.community_of(door)
        return self._community[door.id]

    def _record(self, one: PersonAt, here: Place, there: Place | None) -> Mapping[str, Any]:
        if here.id not in self._owner:
            self._owner[here.id] = owner_at(here.place_id)
        payload = {"about": About.LISTED_TWICE, "due_at": self._now + PAIR_WITHIN, "owner": self._owner[here.id]}
        return {
            "id": new_id(),
            "kind": "matter_raised",
            "version": kinds.current("matter_raised").version,
            "place": one.door_id,
            "occurred_at": self._now,
            "channel": Channel.IMPORT,
            "subject": one.person_id,
            "payload": {**payload, "elsewhere": there.place_id if there is not None else None},
        }
