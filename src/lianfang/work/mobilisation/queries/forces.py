"""Reads of the pool: who is in it, what is needed, drafts, and who is sent where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, Sum

from lianfang.ground.people import queries as people
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, OrganisationId, PersonId, PlaceId
from lianfang.kernel.ranges import Range
from lianfang.kernel.within import inside
from lianfang.work.mobilisation.models import Assignment, Draft, Force, Line, Need, Shortage
from lianfang.work.mobilisation.rules.forces import FULL_MEMBER, OF_AGE, bits, named
from lianfang.work.mobilisation.types import (
    Came,
    DraftNotFound,
    DraftSeen,
    DraftState,
    ForceNotFound,
    ForceSeen,
    NeedKind,
    NeedNotFound,
    NeedSeen,
    Skill,
    Times,
)

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

MILLION = 1_000_000


def on(day: date) -> Q:
    """Rows that hold on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def forces(
    ranges: Sequence[Range], day: date | None = None, *, able: int = 0, after: UUID | None = None, limit: int = 200
) -> list[ForceSeen]:
    """Who is in the pool in the ranges on a day; `able`: only those who have all of these bits. By id, which is the order of coming."""
    rows = Force.objects.filter(inside(ranges), on(day or clock.today())).order_by("id")
    if able:
        rows = rows.extra(where=["able & %s = %s"], params=[able, able])
    if after:
        rows = rows.filter(id__gt=after)
    found = list(rows[:limit])
    names = people.names_masked(PersonId(row.person) for row in found)
    return [seen(row, names) for row in found]


def force(force_id: UUID) -> ForceSeen:
    """One of the pool; raises ForceNotFound."""
    row = Force.objects.filter(pk=force_id).first()
    if row is None:
        raise ForceNotFound
    return seen(row, people.names_masked([PersonId(row.person)]))


def organisations_in_pool(ranges: Sequence[Range]) -> list[OrganisationId]:
    """Which organisations the people in the pool there were released by, or reported for."""
    rows = Force.objects.filter(inside(ranges), on(clock.today()), organisation__isnull=False)
    return [OrganisationId(one) for one in rows.values_list("organisation", flat=True).distinct() if one]


def kept_of(person_ids: Iterable[PersonId]) -> dict[PersonId, ForceSeen]:
    """What the pool keeps today of some people, within the scope."""
    rows = list(Force.objects.filter(on(clock.today()), person__in=set(person_ids)))
    names = people.names_masked(PersonId(row.person) for row in rows)
    return {PersonId(row.person): seen(row, names) for row in rows}


def seen(row: Force, names: dict[PersonId, str]) -> ForceSeen:
    """A row as lists show it."""
    return ForceSeen(
        row.id, PersonId(row.person), names.get(PersonId(row.person), ""), Came(row.came), PlaceId(row.place), row.position, named(row.able),
        bool(row.able & FULL_MEMBER), bool(row.able & OF_AGE), row.valid_from, row.valid_to,
    )  # fmt: skip


def asked(able: Iterable[Skill | Times]) -> int:
    """Skills and times as the bits that `forces` filters by."""
    return bits(able, full_member=False, of_age=False)


def counts(ranges: Sequence[Range]) -> dict[Came, int]:
    """How many are in the pool today, by how they came (人)."""
    rows = Force.objects.filter(inside(ranges), on(clock.today())).values("came").annotate(many=Count("id")).order_by()
    return {Came(row["came"]): row["many"] for row in rows}


def need(need_id: UUID) -> NeedSeen:
    """One need, with how many it has today; raises NeedNotFound."""
    row = Need.objects.filter(pk=need_id).first()
    if row is None:
        raise NeedNotFound
    return _need(row, Assignment.objects.filter(on(clock.today()), need=row).count())


def needs(
    ranges: Sequence[Range], draft_id: UUID | None = None, *, short_only: bool = False, after: int = 0, limit: int = 100
) -> list[NeedSeen]:
    """Needs in the ranges today, by position; with a draft what it would give each; `after` skips so many."""
    today = clock.today()
    rows = Need.objects.filter(inside(ranges), on(today))
    if short_only:
        rows = rows.filter(pk__in=Shortage.objects.filter(draft=draft_id).values("need"))
    found = list(rows.order_by("position", "grouped", "id")[after : after + limit])
    ids = [row.id for row in found]
    has = _counted(Assignment.objects.filter(on(today), need__in=ids).values_list("need").annotate(many=Count("id")).order_by())
    gets = _counted(Line.objects.filter(draft=draft_id, need__in=ids).values_list("need").annotate(many=Count("id")).order_by())
    short = {row.need_id: row for row in Shortage.objects.filter(draft=draft_id, need__in=ids)}
    return [_need(row, has.get(row.id, 0), gets.get(row.id, 0), short.get(row.id)) for row in found]


def _counted(rows: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    return dict(rows)


def _need(row: Need, has: int, gets: int = 0, short: Shortage | None = None) -> NeedSeen:
    lack = (short.missing, short.why, short.fitting, short.free, short.nearest) if short else (0, "", 0, 0, None)
    return NeedSeen(
        row.id, row.name, NeedKind(row.kind), PlaceId(row.place), row.position, row.floor, row.cap, named(row.require),
        bool(row.require & OF_AGE), bool(row.require & FULL_MEMBER), has, gets, *lack,
    )  # fmt: skip


def draft(draft_id: UUID) -> DraftSeen:
    """One draft; raises DraftNotFound."""
    row = Draft.objects.filter(pk=draft_id).first()
    if row is None:
        raise DraftNotFound
    return _draft(row)


def latest_draft(place_id: PlaceId) -> DraftSeen | None:
    """The draft of a place that was asked for last."""
    row = Draft.objects.filter(place=place_id).order_by("-asked_at").first()
    return _draft(row) if row else None


def _draft(row: Draft) -> DraftSeen:
    missing = Shortage.objects.filter(draft=row).aggregate(all=Sum("missing"))["all"] or 0
    return DraftSeen(
        row.id, PlaceId(row.place), DraftState(row.state), row.asked_at, row.turns, None if row.gap is None else row.gap / MILLION,
        row.cost, Line.objects.filter(draft=row).count(), missing, row.without_point,
    )  # fmt: skip


def people_at(need_ids: Sequence[UUID], draft_id: UUID | None = None) -> dict[UUID, list[ForceSeen]]:
    """Who is sent to each need today, or by a draft; masked, in the order of coming. Those who left the pool are no longer named."""
    if draft_id:
        pairs = list(Line.objects.filter(draft=draft_id, need__in=need_ids).values_list("need", "force"))
    else:
        pairs = list(Assignment.objects.filter(on(clock.today()), need__in=need_ids).values_list("need", "force"))
    rows = {row.id: row for row in Force.objects.filter(pk__in=[force_id for _, force_id in pairs])}
    names = people.names_masked(PersonId(row.person) for row in rows.values())
    found: dict[UUID, list[ForceSeen]] = {}
    for need_id, force_id in sorted(pairs, key=lambda pair: str(pair[1])):
        if force_id in rows:
            found.setdefault(need_id, []).append(seen(rows[force_id], names))
    return found


def sent_to(force_id: UUID, day: date | None = None) -> UUID | None:
    """The need that somebody is sent to on a day."""
    return Assignment.objects.filter(on(day or clock.today()), force=force_id).values_list("need", flat=True).first()


def asked_words(able: Iterable[str]) -> int:
    """The same of skills and times by their words, as plans keep them."""
    return asked(Skill(one) if one in {*Skill} else Times(one) for one in able)


def callable_at(place: Place, able: int = 0) -> int:
    """How many of the pool a call to a place would go to today (人)."""
    rows = Force.objects.filter(inside([place.range]), on(clock.today()), near_lo__lte=place.lo, near_hi__gt=place.lo)
    return (rows.extra(where=["able & %s = %s"], params=[able, able]) if able else rows).count()


def needs_of(incident: IncidentId) -> list[NeedSeen]:
    """What an incident still needs, by position."""
    rows = Need.objects.filter(incident=incident, valid_to=None).order_by("position", "id")
    return [_need(row, 0) for row in rows]
