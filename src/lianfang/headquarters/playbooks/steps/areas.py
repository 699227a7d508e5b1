"""Responsibility areas (责任区) with who answers for them. Undone: nobody answers any more, and the area is no more."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.ground.organisations import commands, queries
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.playbooks.models import Item
from lianfang.headquarters.playbooks.steps.frame import Doing, Step, people_of
from lianfang.kernel.ids import AreaId, PlaceId


def _found(doing: Doing, items: Sequence[Item]) -> None:
    pairs = []
    for item in items:
        home = _home(PlaceId(item.place))
        taken = [PlaceId(one.place_id) for one in places.members_of(AreaId(item.area)) if not one.excluded] if item.area else [item.place]
        area = laying.found_area(AreaKind.RESPONSIBILITY, item.name, home, [PlaceId(one) for one in taken], by=doing.by.account_id)
        pairs += [(area, person) for person in people_of(item)]
        item.made = area
    commands.answer_for(pairs, by=doing.by.account_id, incident=doing.incident)


def _home(place_id: PlaceId) -> PlaceId:
    """The division that an area of a place is administered at."""
    place = places.place(place_id)
    community = places.community_of(place)
    return community.place_id if community else place_id


def _give_up(doing: Doing, items: Sequence[Item]) -> None:
    areas = {item.made for item in items}
    answering = [one.responsibility_id for one in queries.responsibilities(incident=doing.incident, limit=100_000) if one.area_id in areas]
    commands.answer_no_more(answering, by=doing.by.account_id)
    for item in items:
        if item.made:
            laying.end_area(AreaId(item.made), by=doing.by.account_id)


STEP = Step(_found, _give_up, at_once=10)
