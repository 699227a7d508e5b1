"""A roster on its way: read, tried, loaded. One path for all: a trial is a load that stops before anything is changed.

Each step runs in short transactions in the scope of whoever brought the roster, so that it may take its time outside a request and is
taken up again where it was broken off. What changes is written set by set; a roster of up to `AT_ONCE` new people is one transaction.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.places import commands as place_commands
from lianfang.ground.places import queries as places
from lianfang.ground.places.commands import LaidOut, ListedDoor
from lianfang.ground.rosters.commands.planning import Plan, plan
from lianfang.ground.rosters.commands.receiving import receive
from lianfang.ground.rosters.commands.staging import Opened, opened
from lianfang.ground.rosters.loading_types import (
    NotTried,
    QuestionKind,
    RosterBusy,
    State,
    Summary,
    Wanted,
)
from lianfang.ground.rosters.models import Question, Roster, Row
from lianfang.ground.rosters.queries.files import roster_row, summary_of
from lianfang.ground.rosters.queries.standing import buildings_named
from lianfang.ground.rosters.rules.staged import as_words
from lianfang.kernel import clock
from lianfang.kernel.ahead import ahead
from lianfang.kernel.db import holding_alone
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, PersonId, PlaceId
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

AT_ONCE = 5_000
"""New people in one transaction: no transaction holds the others back for more than five seconds."""
_QUESTIONS_AT_ONCE = 2_000
_UNREAD = (State.RECEIVED, State.READING)
_LOAD, _DROP = "load", "drop"  # what is to become of a file that is taken in and worked off in one go
_BEFORE = """
select distinct r.person_id from rosters_row r join rosters_roster f on f.id = r.roster_id
where f.community_id = %s and f.signature = %s and f.state = 'loaded' and f.id <> %s and r.person_id is not null
"""


def try_out(roster_id: UUID, actor: Actor) -> Summary:
    """Read a roster and say what it would do. Raises SheetRefused and NothingToLoad: then the roster says so as well."""
    return _alone(roster_id, actor, lambda: _tried(roster_id, actor, _opened(roster_id, actor)))


def _opened(roster_id: UUID, actor: Actor) -> Opened:
    try:
        return opened(roster_id, lambda: access.scoped(actor))
    except Refused as refused:
        with access.scoped(actor):
            _say(roster_id, state=State.REFUSED, refusal=list(as_words(refused)))
        raise


def compare_again(roster_id: UUID, actor: Actor) -> Summary:
    """Compare a roster that was read once more: after doors were laid out, or with other options. Raises NotTried, RosterBusy."""

    def run() -> Summary:
        with access.scoped(actor):
            roster = roster_row(roster_id)
            if roster.state not in (State.TRIED, State.AGAIN):
                raise NotTried
        if roster.options.get("add_doors"):
            _lay_out(roster, _planned(roster, actor), actor)
            with access.scoped(actor):
                _say(roster_id, options={**roster.options, "add_doors": False})
        return _tried(roster_id, actor)

    return _alone(roster_id, actor, run)


def ask_again(roster_id: UUID, *, add_doors: bool = False, accept_likely: bool = False) -> None:
    """Have a roster that was tried compared once more, outside this request: with doors laid out, or other addresses taken. Raises NotTried."""
    row = roster_row(roster_id)
    if row.state != State.TRIED:
        raise NotTried
    _say(
        roster_id,
        state=State.AGAIN,
        options={**row.options, "add_doors": add_doors, "accept_likely": accept_likely or row.options.get("accept_likely")},
    )


def _tried(roster_id: UUID, actor: Actor, file: Opened | None = None) -> Summary:
    with access.scoped(actor):
        roster = file.roster if file else roster_row(roster_id)
    made = _planned(roster, actor, file)
    with access.scoped(actor):
        counts = _sums(roster, made)
        _say(roster_id, state=State.TRIED, counts=counts)
        return summary_of(roster_row(roster_id))


def _planned(roster: Roster, actor: Actor, file: Opened | None = None) -> Plan:
    return plan(roster, lambda: access.scoped(actor), accept_likely=bool(roster.options.get("accept_likely")), file=file)


def order(roster_id: UUID) -> None:
    """Have a roster that was tried loaded. Raises NotTried."""
    if not Roster.objects.filter(pk=roster_id, state=State.TRIED).update(state=State.ORDERED, changed_at=clock.now()):
        raise NotTried


def drop(roster_id: UUID) -> None:
    """Put a roster away that was not loaded: its rows and its content go. Raises NotTried."""
    roster = roster_row(roster_id)
    if roster.state not in (State.TRIED, State.REFUSED, State.RECEIVED) and roster.options.get("then") != _DROP:
        raise NotTried
    roster.delete()


def load_file(community: Place, content: bytes, name: str, actor: Actor, *, wanted: Wanted) -> tuple[UUID, Summary]:
    """Take a file in and load it at once, or only try it; which roster it became.

    What is to become of it is written down with it: broken off, a load is taken up by the process of jobs, and a trial is put away.
    Raises what `receive` and `load` do; then nothing of the file is kept.
    """
    with holding_alone(_lock_of(community.id)) as held:
        if not held:
            raise RosterBusy
        with access.scoped(actor):
            access.require(actor, "people.edit", community)
            roster_id = receive(community, content, name, by=actor.account_id)
            _say(
                roster_id,
                options={"accept_likely": wanted.accept_likely, "lay_out": wanted.add_doors, "then": _DROP if wanted.only_try else _LOAD},
            )
        try:
            return roster_id, try_out(roster_id, actor) if wanted.only_try else load(roster_id, actor, add_doors=wanted.add_doors)
        except Refused:
            with access.scoped(actor):
                roster_row(roster_id).delete()
            raise


def load(roster_id: UUID, actor: Actor, *, add_doors: bool = False) -> Summary:
    """Load a roster that came in, was tried or ordered, or whose load was broken off; doors it misses are laid out when asked for.

    Raises what `try_out` does, NotTried, Denied, RosterBusy.
    """

    def run() -> Summary:
        with access.scoped(actor):
            roster = roster_row(roster_id)
            if roster.state not in (State.RECEIVED, State.READING, State.TRIED, State.ORDERED, State.LOADING):
                raise NotTried
            access.require(actor, "people.edit", roster.community)
            resumed = roster.state == State.LOADING
        file = _opened(roster_id, actor) if roster.state in _UNREAD else None
        roster = file.roster if file else roster
        made = _planned(roster, actor, file)
        del file  # all that was read is let go before what changes is made
        if add_doors and made.missing:
            _lay_out(roster, made, actor)
            made = _planned(roster, actor)
        with access.scoped(actor):
            if not resumed:
                _say(roster_id, state=State.LOADING)
            households = people.households_in(roster.community.range)
        pieces = map(people_commands.ready, made.matching.changes(households, at_once=AT_ONCE))
        for piece in ahead(pieces):
            with access.scoped(actor):
                people_commands.take_roster(piece, by=actor.account_id, reason=f"roster {roster_id}")
        with access.scoped(actor):
            left = _ask(roster, made)
            counts = {**_sums(roster, made), "left_out": left}
            _say(roster_id, state=State.LOADED, counts=counts, loaded_at=clock.now())
            return summary_of(roster_row(roster_id))

    return _alone(roster_id, actor, run)


def _alone(roster_id: UUID, actor: Actor, run: Callable[[], Summary]) -> Summary:
    """One roster of a community at a time. Raises RosterBusy."""
    with access.scoped(actor):
        community = roster_row(roster_id).community_id
    with holding_alone(_lock_of(community)) as held, _without_search_for_circles():
        if not held:
            raise RosterBusy
        return run()


def _lock_of(community_id: UUID) -> str:
    return f"roster {community_id}"


@contextmanager
def _without_search_for_circles() -> Iterator[None]:
    """A large roster makes millions of objects and no circles of them: looking for circles would take a quarter of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _say(roster_id: UUID, **values: object) -> None:
    Roster.objects.filter(pk=roster_id).update(changed_at=clock.now(), **values)


def _sums(roster: Roster, made: Plan) -> dict[str, object]:
    buildings: dict[tuple[str, str], list[ListedDoor]] = {}
    for door in sorted(made.missing):
        buildings.setdefault((door.compound, door.building), []).append(door)
    missing = [
        [
            compound,
            building,
            len({door.unit for door in doors if door.unit}),
            len(doors),
            " ".join(filter(None, (building, doors[0].unit, doors[0].room))),
        ]
        for (compound, building), doors in buildings.items()
    ]
    return {
        "other_rows": roster.counts.get("other_rows", 0),
        "doors": len(made.positions),
        "likely": made.likely,
        "missing": missing,
        "missing_doors": len(made.missing),
    }


def _ask(roster: Roster, made: Plan) -> int:
    """Write down what a person has to settle; how many were left out of the roster."""
    rows = dict(Row.objects.filter(roster_id=roster.id, ordinal__in=[ordinal for ordinal, _ in made.asked]).values_list("ordinal", "id"))
    asked = [
        Question(
            roster_id=roster.id, position=roster.position, row_id=rows[ordinal], kind=question.kind, person_id=question.person_id,
            door_id=question.door, other_door_id=question.other_door,
        )
        for ordinal, question in made.asked
    ]  # fmt: skip
    left = left_out(roster, made.positions, made.persons)
    asked += [
        Question(roster_id=roster.id, position=roster.position, kind=QuestionKind.LEFT_OUT, person_id=person, door_id=door)
        for person, door in left.items()
    ]
    Question.objects.filter(roster_id=roster.id, settlement="").delete()
    Question.objects.bulk_create(asked, batch_size=_QUESTIONS_AT_ONCE)
    return len(left)


def left_out(roster: Roster, positions: Iterable[int], persons: set[PersonId]) -> dict[PersonId, PlaceId]:
    """Who stood in earlier rosters with these headings, still belongs to a building that this one names, and is not in it; with their door."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [roster.community_id, roster.signature, roster.id])
        before = {PersonId(person) for (person,) in cursor.fetchall()} - persons
    if not before:
        return {}
    community: Range = roster.community.range
    here = people.still_here(before, community)
    doors = places.places_by_id(list(set(here.values())))
    positions_here = {door_id: door.lo for door_id, door in doors.items()}
    named = buildings_named(roster.community, positions)
    spans = [(one.lo, one.hi) for one in places.buildings_of(roster.community) if one.lo in named]
    return {
        person: door
        for person, door in sorted(here.items(), key=lambda pair: positions_here.get(pair[1], 0))
        if any(lo <= positions_here.get(door, 0) < hi for lo, hi in spans)
    }


def add_missing_doors(roster_id: UUID, actor: Actor) -> LaidOut:
    """Lay out the doors that a roster names and the tree lacks; it is to be compared again. Raises Denied, NoRoom."""
    with access.scoped(actor):
        roster = roster_row(roster_id)
    return _lay_out(roster, _planned(roster, actor), actor)


def _lay_out(roster: Roster, made: Plan, actor: Actor) -> LaidOut:
    with access.scoped(actor):
        access.require(actor, "places.edit", roster.community)
        access.require(actor, "people.edit", roster.community)
        return place_commands.add_listed(PlaceId(roster.community_id), made.missing, by=actor.account_id)


def waiting() -> list[tuple[UUID, AccountId | None, State]]:
    """Rosters that are to be read or loaded, whosever they are, the longest waiting first; without an account: the local administrator's."""
    with connection.cursor() as cursor:
        cursor.execute("select id, brought_by, state from rosters_waiting()")
        return [(roster, AccountId(by) if by else None, State(state)) for roster, by, state in cursor.fetchall()]


def work_off() -> int:
    """Read and load what waits, each in the scope of whoever brought it; how many were done. For the process of jobs."""
    done = 0
    for roster_id, brought_by, state in waiting():
        try:
            actor = _bringer(brought_by)
            if state in _UNREAD:
                _go_on(roster_id, actor)
            elif state is State.AGAIN:
                compare_again(roster_id, actor)
            else:
                load(roster_id, actor)
        except RosterBusy:
            continue
        except Refused:
            # Whoever looks at the roster is told: try_out wrote it down, and a load that may not be is put back.
            _put_back(roster_id, brought_by, state)
        done += 1
    return done


def _bringer(brought_by: AccountId | None) -> Actor:
    return access.actor_of_id(brought_by) if brought_by else access.local_administrator()


def _go_on(roster_id: UUID, actor: Actor) -> None:
    """Read a roster; where it was being loaded or tried in one go and was broken off, do what was meant."""
    with access.scoped(actor):
        options = roster_row(roster_id).options
    if options.get("then") == _LOAD:
        load(roster_id, actor, add_doors=bool(options.get("lay_out")))
    elif options.get("then") == _DROP:
        _alone(roster_id, actor, lambda: _put_away(roster_id, actor))
    else:
        try_out(roster_id, actor)


def _put_away(roster_id: UUID, actor: Actor) -> Summary:
    with access.scoped(actor):
        drop(roster_id)
    return Summary()


def _put_back(roster_id: UUID, brought_by: AccountId | None, state: State) -> None:
    with access.scoped(_bringer(brought_by)):
        back = State.TRIED if state in (State.ORDERED, State.LOADING, State.AGAIN) else State.REFUSED
        Roster.objects.filter(pk=roster_id, state=state).update(state=back, changed_at=clock.now())
