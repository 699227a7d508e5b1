"""Figures over the machine interface: which there are, a value, and the rows that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.within import ranges_ever
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.figures import Period, declared
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range

router = Router(tags=["figures"])
PAGE = 200


class DeclarationOut(Schema):
    """A figure: what it counts, in which unit, out of what. `events` tells 户次 and 人次 from 户 and 人."""

    key: str
    name: str
    unit: str
    events: bool
    denominator: str | None


class FigureOut(Schema):
    """A value with everything needed to read it: unit, what it is out of, and as of when it stands."""

    key: str
    value: int
    unit: str
    denominator: int | None
    as_of: datetime


class ProofOut(Schema):
    """One row behind a figure. `says` holds codes and counts, never names."""

    what: str
    id: UUID
    place_id: UUID
    at: datetime | None
    says: Mapping[str, Any]


class ProofsOut(Schema):
    """A page of rows; `next` goes into `after` for the page after."""

    rows: list[ProofOut]
    next: str | None


def _asked(place_id: UUID, first: date | None, last: date | None) -> tuple[list[Range], Period]:
    """The ranges and the period: today unless said otherwise."""
    until = last or max(first or clock.today(), clock.today())
    return ranges_ever(places.place(PlaceId(place_id)), min(until, clock.today())), Period(first or until, until)


@router.get("", response=list[DeclarationOut], summary="The figures there are")
@at("")
def list_figures(request: HttpRequest) -> list[DeclarationOut]:
    """All figures, by key."""
    return [
        DeclarationOut(key=one.key, name=gettext(one.name), unit=one.unit, events=one.events, denominator=one.denominator)
        for one in declared().values()
    ]


@router.get("/{key}/{place_id}", response=FigureOut, summary="A figure of a place in a period")
@at(Ability.FIGURES_SEE, place="place_id")
def show_figure(
    request: HttpRequest,
    key: str,
    place_id: UUID,
    first: date | None = None,
    last: date | None = None,
) -> FigureOut:
    """The value for local days from `first` to `last`, both included."""
    found = reading.value(key, *_asked(place_id, first, last))
    return FigureOut(key=found.key, value=found.value, unit=found.unit, denominator=found.denominator, as_of=found.as_of)


@router.get("/{key}/{place_id}/trace", response=ProofsOut, summary="The rows behind a figure")
@at(Ability.FIGURES_SEE, place="place_id")
def trace_figure(
    request: HttpRequest,
    key: str,
    place_id: UUID,
    first: date | None = None,
    last: date | None = None,
    after: Annotated[str, Field(max_length=100)] = "",
) -> ProofsOut:
    """The records or rows that the value counts, a page at a time."""
    rows = reading.trace(key, *_asked(place_id, first, last), after=after, limit=PAGE)
    return ProofsOut(
        rows=[ProofOut(what=row.what, id=row.id, place_id=row.place_id, at=row.at, says=row.says) for row in rows],
        next=rows[-1].after if len(rows) == PAGE else None,
    )
