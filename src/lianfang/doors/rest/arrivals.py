"""Arrivals from elsewhere over the machine interface: who is followed up on a day, and the running total.

An arrival is sent as a record of kind `arrival`, word of somebody who is followed up as one of kind `visit` (POST /intake/records).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId
from lianfang.ledger.queries import folded_until
from lianfang.work.rounds import queries as rounds

router = Router(tags=["arrivals"])
PAGE = 200
DAYS = 14


class ArrivalOut(Schema):
    """One arrival. `origin` is a twelve-digit code or a country; `day` of `days` counts from the day of arrival, which is day 0.

    `reached_at` is when somebody had word of the person on the day asked about, `outcome` how (none where the arrival was written down that
    day), `symptoms` what was said of their health.
    """

    record: UUID
    place_id: UUID
    position: str
    subject: UUID | None
    arrived_on: date
    origin: str
    means: str
    rule: str | None
    follow_until: date | None
    day: int
    days: int
    reached_at: datetime | None
    outcome: str | None
    symptoms: bool | None


class ArrivalDayOut(Schema):
    """People (人) who came on a day, who had come by its end, and who of them was followed up on it."""

    day: date
    came: int
    total: int
    following: int


class ArrivalsOut(Schema):
    """A page of arrivals; `next` goes into `after` for the page after. `due`: followed up, and nobody has had word of them that day."""

    total: int
    following: int
    due: int
    days: list[ArrivalDayOut]
    arrivals: list[ArrivalOut]
    next: int | None
    as_of: datetime


@router.get("/{place_id}", response=ArrivalsOut, summary="Who came to a place from elsewhere, and who is due for follow-up")
@at(Ability.PEOPLE_SEE, place="place_id")
def list_arrivals(
    request: HttpRequest,
    place_id: UUID,
    which: Literal["due", "following", "all"] = "due",
    day: date | None = None,
    after: Annotated[int, Field(ge=0, le=100_000)] = 0,
) -> ArrivalsOut:
    """Those due on a day (default today), all followed up on it, or all who had come by its end; the last fourteen days as figures."""
    ranges, on = places.ranges_of(places.place(PlaceId(place_id))), day or clock.today()
    if which == "all":
        found = rounds.arrivals_came(ranges, on, after=after, limit=PAGE)
    else:
        found = rounds.arrivals_followed(ranges, on, due_only=which == "due", after=after, limit=PAGE)
    counted = rounds.arrival_count(ranges, on)
    return ArrivalsOut(
        total=counted.total, following=counted.following, due=rounds.arrivals_due(ranges, on),
        days=[
            ArrivalDayOut(day=one.day, came=one.came, total=one.total, following=one.following)
            for one in rounds.arrivals_daily(ranges, on - timedelta(days=DAYS - 1), on)
        ],
        arrivals=[
            ArrivalOut(
                record=one.arrival.record_id, place_id=one.arrival.place_id, position=str(one.arrival.position), subject=one.arrival.subject,
                arrived_on=one.arrival.arrived_on, origin=one.arrival.origin, means=one.arrival.means, rule=one.arrival.rule,
                follow_until=one.arrival.follow_until, day=one.day, days=one.days, reached_at=one.reached_at, outcome=one.outcome,
                symptoms=one.symptoms,
            )
            for one in found
        ],
        next=after + PAGE if len(found) == PAGE else None, as_of=folded_until(),
    )  # fmt: skip
