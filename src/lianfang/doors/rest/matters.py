"""Matters over the machine interface: what must still be settled at a place."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId
from lianfang.work.matters import queries as matters

router = Router(tags=["matters"])
PAGE = 50


class MatterOut(Schema):
    """Something that a named person must settle by a time."""

    id: UUID
    place_id: UUID
    about: str
    urgent: bool
    raised_at: datetime
    owner: UUID | None
    due_at: datetime
    settled_at: datetime | None
    settlement: str | None
    late: bool


class MattersOut(Schema):
    """A page of matters; `next` goes into `after` for the page after."""

    matters: list[MatterOut]
    next: int | None


@router.get("/{place_id}", response=MattersOut, summary="Matters at a place, the most urgent first")
@at(Ability.MATTERS_SEE, place="place_id")
def list_matters(
    request: HttpRequest, place_id: UUID, which: Literal["open", "all"] = "open", after: Annotated[int, Field(ge=0, le=100_000)] = 0
) -> MattersOut:
    """Open matters inside the place, or all of them."""
    ranges = places.reading_ranges(places.place(PlaceId(place_id)))
    found = matters.matters(ranges, open_only=which == "open", after=after, limit=PAGE)
    return MattersOut(
        matters=[
            MatterOut(
                id=one.id,
                place_id=one.place_id,
                about=one.about.value,
                urgent=one.urgent,
                raised_at=one.raised_at,
                owner=one.owner,
                due_at=one.due_at,
                settled_at=one.settled_at,
                settlement=one.settlement.value if one.settlement else None,
                late=one.late,
            )
            for one in found
        ],
        next=after + PAGE if len(found) == PAGE else None,
    )
