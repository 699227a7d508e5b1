"""What a node tells the one above it of a day: every figure of every division from the community up, counted once and as of one moment.

Figures higher up are counted, not added up: somebody on duty in two communities is one person of the street.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.past_doors import ranges_ever_each
from lianfang.ground.places.types import Level
from lianfang.headquarters.bulletins import reading
from lianfang.headquarters.bulletins.composing import mark
from lianfang.headquarters.bulletins.figures import moments
from lianfang.headquarters.upward.types import OrganisationUp, Report, RoundUp
from lianfang.kernel.figures import Period, declared
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range
from lianfang.ledger.queries import folded_until
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_TRIES = 3
_MANY = 100_000
_NAMED_FOR_PEOPLE = frozenset({OrganisationKind.MEMBER_HOUSEHOLD})
"""Kinds that are called after a person: they stay at home."""


def report(node: Place, day: date) -> Report:
    """All of it for one day. Read again where records were folded meanwhile, so that all of it is of one mark."""
    period = Period(day, day)
    divisions = places.divisions_within(node.range)
    keys = sorted(declared())
    for _ in range(_TRIES):
        before = mark()
        as_of = folded_until()
        found = reading.values(keys, ranges_ever_each(divisions), period)
        if mark() == before:
            break
    return Report(
        node=str(node.code),
        name=node.name,
        range=node.range,
        day=day,
        as_of=as_of,
        keys=keys,
        figures=[
            (division.range, key, figure.value)
            for division, figures in zip(divisions, found, strict=True)
            for key, figure in figures.items()
            if figure.value
        ],
        rounds=_rounds(node, period),
        organisations=_organisations(node),
    )


def _rounds(node: Place, period: Period) -> list[RoundUp]:
    """The rounds of the last days, at the division that they are run from."""
    found = rounds.rounds_between([node.range], *moments(period))
    homes = places.with_what_is_above({one.home_id for one in found})
    return [RoundUp(one.id, one.name, _division(homes[one.home_id], homes), one.opens_at, one.ends_at) for one in found]


def _organisations(node: Place) -> list[OrganisationUp]:
    kinds = [kind for kind in OrganisationKind if kind not in _NAMED_FOR_PEOPLE]
    found = organisations.organisations_seated([node.range], kinds=kinds, limit=_MANY)
    seats = places.with_what_is_above({one.place_id for one in found if one.place_id})
    return [
        OrganisationUp(
            one.organisation_id,
            one.parent_id,
            one.name,
            one.kind.value,
            _division(seats[one.place_id], seats),
            one.valid_from,
            one.valid_to,
        )
        for one in found
        if one.place_id in seats
    ]


def _division(place: Place, known: Mapping[PlaceId, Place]) -> Range:
    """The range of a place, cut no finer than its community."""
    here = place
    while here.at_level.depth > Level.COMMUNITY.depth and here.parent_id:
        here = known[PlaceId(here.parent_id)]
    return here.range
