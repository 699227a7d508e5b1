"""Drafts: asked for, solved by the process of jobs, confirmed into dated rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.columns import columns_of
from lianfang.kernel.db import acting, columns_cursor, holding_alone
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, PlaceId, new_id
from lianfang.work.mobilisation import queries
from lianfang.work.mobilisation.commands.surveying import Survey, survey
from lianfang.work.mobilisation.models import Assignment, Draft, Force, Line, Shortage
from lianfang.work.mobilisation.queries.forces import MILLION, on
from lianfang.work.mobilisation.types import DraftNotReady, DraftSeen, DraftStale, DraftState

if TYPE_CHECKING:
    from lianfang.work.mobilisation.assigning.solving import Solution

AT_ONCE = 5_000
_DONE = (DraftState.READY.value, DraftState.CONFIRMED.value, DraftState.EMPTY.value)


def ask_for_draft(place_id: PlaceId, *, by: Actor, drill: bool = False) -> DraftSeen:
    """Ask for a proposal for all of a place; the process of jobs makes it. One that waits already is not asked for twice.

    `drill`: for what is needed in practice only.
    """
    place = places.place(place_id)
    access.require(by, "orders.send", place)
    waiting = Draft.objects.filter(place=place.id, state=DraftState.ASKED, drill=drill).first()
    if waiting:
        return queries.draft(waiting.id)
    now = clock.now()
    row = Draft.objects.create(
        id=new_id(now),
        place=place.id,
        position=place.lo,
        state=DraftState.ASKED,
        asked_by=by.account_id,
        asked_at=now,
        changed_at=now,
        drill=drill,
    )
    return queries.draft(row.id)


def work_off() -> int:
    """Make the drafts that wait, each in the scope of whoever asked; how many were made. For the process of jobs."""
    with connection.cursor() as cursor:
        cursor.execute("select id, asked_by from mobilisation_waiting(%s)", [clock.now()])
        waiting = cursor.fetchall()
    done = 0
    for draft_id, asked_by in waiting:
        actor = access.actor_of_id(AccountId(asked_by)) if asked_by else access.local_administrator()
        try:
            done += make(draft_id, by=actor).state in _DONE
        except Refused:  # whoever asked may no longer: the draft stays empty
            with access.scoped(access.local_administrator()):
                Draft.objects.filter(pk=draft_id).update(state=DraftState.EMPTY, changed_at=clock.now())
            done += 1
    return done


def make(draft_id: UUID, *, by: Actor) -> DraftSeen:
    """Solve a draft now: read in one transaction, solve in none, write in short ones. Once only, whoever else tries.

    The draft is held by the connection: of a process that died it is free at once, however far it had come.
    """
    with holding_alone(f"draft {draft_id}") as held:
        if held:
            return _made(draft_id, by)
    with access.scoped(by):
        return queries.draft(draft_id)


def _made(draft_id: UUID, by: Actor) -> DraftSeen:
    from lianfang.work.mobilisation.assigning import solving  # lazily: the solver is for this process alone

    with access.scoped(by):
        row = Draft.objects.filter(pk=draft_id).exclude(state__in=_DONE).first()
        if row is None:
            return queries.draft(draft_id)
        access.require(by, "orders.send", places.place(PlaceId(row.place)))
        _say(draft_id, state=DraftState.SOLVING.value)
        Line.objects.filter(draft=row).delete()
        Shortage.objects.filter(draft=row).delete()
        told = survey(places.ranges_of(places.place(PlaceId(row.place))), drill=row.drill)
    if not (len(told.task.people) or told.pinned) or not len(told.task.needs):
        with access.scoped(by):
            _say(draft_id, state=DraftState.EMPTY.value)
            return queries.draft(draft_id)

    def turned(turn: int, gap: float) -> None:
        with access.scoped(by):
            _say(draft_id, turns=turn, gap=int(gap * MILLION))

    solution = solving.solve(told.task, told=turned)
    _write(draft_id, told, solution, by)
    with access.scoped(by):
        _say(
            draft_id, state=DraftState.READY.value, gap=int(solution.gap * MILLION), cost=asdict(solution.cost) | {"total": solution.cost.total},
            weights=asdict(told.task.weights), without_point=told.without_point,
        )  # fmt: skip
        return queries.draft(draft_id)


def _say(draft_id: UUID, **said: object) -> None:
    Draft.objects.filter(pk=draft_id).update(changed_at=clock.now(), **said)


def _write(draft_id: UUID, told: Survey, solution: Solution, by: Actor) -> None:
    from lianfang.work.mobilisation.assigning import why  # as above

    rows = [(draft_id, force, need, told.position_of[need]) for force, need in told.pinned]
    rows += [
        (draft_id, told.forces[person], told.needs[need], told.position_of[told.needs[need]])
        for person, need in enumerate(solution.given.tolist())
        if need >= 0
    ]
    for start in range(0, len(rows), AT_ONCE):
        with access.scoped(by):
            _insert(rows[start : start + AT_ONCE])
    short = [
        Shortage(
            draft_id=draft_id, need_id=told.needs[one.need], position=told.position_of[told.needs[one.need]], missing=one.missing,
            why=one.why.value, fitting=one.fitting, wanted=one.wanted, free=one.free, nearest=one.nearest,
        )
        for one in why.shortages(told.task, solution.given)
    ]  # fmt: skip
    for start in range(0, len(short), AT_ONCE):
        with access.scoped(by):
            Shortage.objects.bulk_create(short[start : start + AT_ONCE])


def _insert(rows: list[tuple[UUID, UUID, UUID, int]]) -> None:
    with columns_cursor() as cursor:
        cursor.execute(
            "insert into mobilisation_line (draft_id, force_id, need_id, position) "
            "select * from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::bigint[])",
            columns_of(rows, 4),
        )


_END = """
update mobilisation_assignment a set valid_to = greatest(%(day)s, a.valid_from)
from mobilisation_force f
where a.force = f.id and a.valid_to is null and f.position >= %(lo)s and f.position < %(hi)s
  and not exists (select from mobilisation_line l where l.draft_id = %(draft)s and l.force_id = a.force and l.need_id = a.need_id)
"""
_BEGIN = """
insert into mobilisation_assignment (id, force, person, need_id, position, draft, valid_from, valid_to)
select gen_random_uuid(), f.id, f.person, l.need_id, l.position, %(draft)s, %(day)s, null
from mobilisation_line l join mobilisation_force f on f.id = l.force_id join mobilisation_need n on n.id = l.need_id
where l.draft_id = %(draft)s and f.valid_from <= %(day)s and (f.valid_to is null or f.valid_to > %(day)s) and n.valid_to is null
  and not exists (select from mobilisation_assignment a where a.force = f.id and a.valid_to is null)
"""


def confirm(draft_id: UUID, *, by: Actor) -> DraftSeen:
    """Make a draft hold from today: who goes elsewhere or nowhere ends what they did. Confirming twice is confirming once.

    Raises DraftNotReady, and DraftStale where another draft was confirmed or anybody of it withdrew since it was asked for.
    """
    told = queries.draft(draft_id)
    place = places.place(told.place_id)
    access.require(by, "orders.send", place)
    with acting(by.account_id):
        row = Draft.objects.select_for_update().get(pk=draft_id)
        if row.state == DraftState.CONFIRMED:
            return told
        if row.state != DraftState.READY or row.drill:
            raise DraftNotReady
        if _stale(row):
            raise DraftStale
        facts: dict[str, str | int | date] = {"draft": str(draft_id), "day": clock.today(), "lo": place.lo, "hi": place.hi}
        # What begins and ends on one day was never: an empty period keeps the exclusion sound.
        with connection.cursor() as cursor:
            cursor.execute(_END, facts)
            cursor.execute(_BEGIN, facts)
        row.state, row.confirmed_by, row.changed_at = DraftState.CONFIRMED.value, by.account_id, clock.now()
        row.save(update_fields=["state", "confirmed_by", "changed_at"])
    return queries.draft(draft_id)


def call_off(draft_id: UUID, *, by: Actor) -> int:
    """Whoever a confirmed draft sent somewhere is free from today; how many. What they did before is not brought back."""
    place = places.place(queries.draft(draft_id).place_id)
    access.require(by, "orders.send", place)
    with acting(by.account_id):
        return Assignment.objects.filter(draft=draft_id, valid_to=None).update(valid_to=clock.today())


def _stale(row: Draft) -> bool:
    later = Draft.objects.filter(place=row.place, state=DraftState.CONFIRMED, changed_at__gt=row.asked_at).exists()
    gone = Line.objects.filter(draft=row).exclude(force__in=Force.objects.filter(on(clock.today()))).exists()
    return later or gone
