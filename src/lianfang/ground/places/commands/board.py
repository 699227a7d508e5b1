"""The board of divisions between database and rules: read before a list is woven in, written after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.places import divisions
from lianfang.ground.places.commands.shifts import Shift
from lianfang.ground.places.commands.spellings import respell, spell
from lianfang.ground.places.models import Listing
from lianfang.ground.places.rules import positions
from lianfang.ground.places.rules.matching import Board
from lianfang.ground.places.rules.timelines import Life, Stretch, earliest
from lianfang.ground.places.rules.weaving import Calendar, Names
from lianfang.ground.places.types import DIVISIONS, Kind, LaterBuildings, Level
from lianfang.kernel import db

_LEVELS = ", ".join(f"'{level.value}'" for level in DIVISIONS)
Before = dict[UUID, list[Stretch] | None]

_PRESENT = f"""
    select p.id, p.level, p.kind, p.since, p.valid_to, p.name, p.code, p.parent_id, p.lo
    from places_place p where p.level in ({_LEVELS}) and ({{within}})"""
_PAST = f"""
    select p.place_id, p.valid_from, p.valid_to, p.name, p.code, p.parent_id, p.lo
    from places_placepast p where p.level in ({_LEVELS}) and ({{within}}) and p.valid_from < p.valid_to order by p.valid_from"""
_GIVEN = f"select p.place_id, p.lo from places_position p where p.level in ({_LEVELS}) and ({{within}})"

# Of places that ever stood in some provinces, all provinces in which they ever stood.
_REACHED = f"""
    select distinct other.lo / {positions.WIDTH[Level.PROVINCE]} from places_position p
    join places_position other on other.place_id = p.place_id where p.level in ({_LEVELS}) and ({{within}})"""


def _rows(sql: str, provinces: Iterable[str]) -> list[tuple[Any, ...]]:
    ranges = [positions.by_code(code, Level.PROVINCE) for code in provinces]
    within = " or ".join(["(p.lo >= %s and p.lo < %s)"] * len(ranges)) or "false"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(within=within), [bound for piece in ranges for bound in piece])
        return list(cursor.fetchall())


def _tied(provinces: Iterable[str]) -> set[str]:
    """Some provinces with those that places went to or came from, and so on: what ever stood in one has its whole life in them."""
    found: set[str] = set()
    reached = set(provinces)
    while reached - found:
        found |= reached
        reached = {str(province) for (province,) in _rows(_REACHED, found)}
    return found


def read_board(listed: Iterable[str]) -> Board:
    """All divisions of some provinces, and of those tied to them by what moved between, with all they ever were."""
    provinces = _tied(listed)
    past: defaultdict[UUID, list[Stretch]] = defaultdict(list)
    for place_id, start, end, name, code, parent, lo in _rows(_PAST, provinces):
        past[place_id].append(Stretch(start, end, name, code, parent, lo))
    lives: dict[UUID, Life] = {}
    for place_id, level, kind, since, ended, name, code, parent, lo in _rows(_PRESENT, provinces):
        stretches = [*past[place_id], Stretch(since, ended, name, code, parent, lo)]
        lives[place_id] = Life(place_id, Level(level), Kind(kind), stretches)
    for place_id, lo in _rows(_GIVEN, provinces):
        if place_id in lives:
            lives[place_id].given.add(lo)
    return Board(lives, divisions.reuses())


def read_calendar() -> Calendar:
    """The lists loaded before."""
    return Calendar([
        (on, Names(*({Level(level): frozenset(codes.split(",")) for level, codes in names[part].items()} for part in ("whole", "some"))))
        for on, names in Listing.objects.values_list("listed_on", "names").distinct()
    ])  # fmt: skip


def given_before(board: Board) -> dict[UUID, frozenset[int]]:
    """The positions each place had, to tell afterwards which are new."""
    return {life.id: frozenset(life.given) for life in board.lives.values()}


def write_board(board: Board, before: Before, given: dict[UUID, frozenset[int]], *, on: date) -> list[Shift]:
    """Write the places that changed; the shifts that whatever stands on them has to follow."""
    lives = [board.lives[place_id] for place_id in before]
    shifts = _shifts(board, before)
    _refuse_in_between(board, before)
    _write_positions(lives, given, on=on)
    _write_places(lives)
    _write_past(lives, before)
    _write_spellings(lives, before)
    return shifts


def _write_spellings(lives: list[Life], before: Before) -> None:
    """Keys of search: of new places from what is at hand, of others anew with their aliases."""

    def names(stretches: Iterable[Stretch]) -> list[str]:
        return [stretch.name for stretch in stretches]

    respell([life.id for life in lives if (old := before[life.id]) is not None and names(life.stretches) != names(old)])
    fresh = [life for life in lives if before[life.id] is None]
    former = ((life, name) for life in fresh for name in dict.fromkeys(names(life.stretches)) if name != life.last.name)
    spell([
        *((life.id, life.level, life.last.name, "name") for life in fresh),
        *((life.id, life.level, name, "former") for life, name in former),
    ])  # fmt: skip


def _write_positions(lives: list[Life], given: dict[UUID, frozenset[int]], *, on: date) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for life in lives:
            for lo in sorted(life.given - given.get(life.id, frozenset())):
                yield life.id, life.level.value, *positions.range_at(lo, life.level), on

    db.copy_rows("places_position", ("place_id", "level", "lo", "hi", "given_on"), rows())


_COLUMNS = ("id", "level", "kind", "name", "code", "parent_id", "lo", "hi", "ordinal", "valid_from", "valid_to", "since")


def _write_places(lives: list[Life]) -> None:
    """One statement for all, so that the database checks the tree when it is whole."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists places_staged (like places_place including defaults) on commit delete rows")
        cursor.execute("truncate places_staged")
    db.copy_rows("places_staged", _COLUMNS, (_columns_of(life) for life in lives))
    columns = ", ".join(_COLUMNS)
    renewed = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(f"insert into places_place ({columns}) select {columns} from places_staged on conflict (id) do update set {renewed}")


def _columns_of(life: Life) -> tuple[Any, ...]:
    last = life.last
    inside = positions.range_at(last.lo, life.level)
    ordinal = int(last.code[-3:]) if last.code and life.level is Level.COMMUNITY else 0
    return (
        life.id,
        life.level.value,
        life.kind.value,
        last.name,
        last.code,
        last.parent,
        *inside,
        ordinal,
        life.first.start,
        last.end,
        last.start,
    )


def _write_past(lives: list[Life], before: Before) -> None:
    changed = [life.id for life in lives if before[life.id] is not None]
    if changed:
        with connection.cursor() as cursor:
            # A position that was given and taken away within a day is no part of a life, and stays written down.
            cursor.execute("delete from places_placepast where place_id = any(%s) and valid_from < valid_to", [changed])

    def rows() -> Iterator[tuple[Any, ...]]:
        for life in lives:
            for stretch, after in zip(life.stretches, life.stretches[1:], strict=False):
                inside = positions.range_at(stretch.lo, life.level)
                moved = after.parent != stretch.parent and after.lo != stretch.lo
                yield life.id, life.level.value, stretch.start, stretch.end, stretch.name, stretch.code, stretch.parent, *inside, moved

    db.copy_rows(
        "places_placepast", ("place_id", "level", "valid_from", "valid_to", "name", "code", "parent_id", "lo", "hi", "moved_itself"), rows()
    )


def count_anew() -> None:
    """Tell the planner how large the tables are: until it knows, it takes them for nearly empty and looks rows up one by one."""
    with connection.cursor() as cursor:
        cursor.execute("analyze places_place, places_placepast, places_position, places_searchkey")


def _shifts(board: Board, before: Before) -> list[Shift]:
    """What stands below a community, or on a division itself, follows where it went."""
    found: list[Shift] = []
    for place_id, old in before.items():
        life = board.lives[place_id]
        if old is None or old[-1].lo == life.last.lo:
            continue
        width = positions.WIDTH[Level.COMMUNITY] if life.level is Level.COMMUNITY else 1
        found.append(Shift(old[-1].lo, old[-1].lo + width, life.last.lo, life.last.start))
    return found


_STOOD_THEN = """
    select n.id, n.start, min(stood.valid_from)
    from unnest(%s::uuid[], %s::bigint[], %s::date[], %s::date[]) n(id, lo, start, until)
    cross join lateral (
        select p.valid_from from places_place p
        where p.level = 'building' and p.lo >= n.lo and p.lo < n.lo + %s and p.since < n.until and coalesce(p.valid_to > n.start, true)
        union all
        select past.valid_from from places_placepast past
        where past.level = 'building' and past.lo >= n.lo and past.lo < n.lo + %s and past.valid_from < n.until and past.valid_to > n.start
          and past.valid_from < past.valid_to
    ) stood
    group by n.id, n.start limit 1"""


def _refuse_in_between(board: Board, before: Before) -> None:
    """A community whose earlier position changes must not have had buildings then: their past is not rewritten."""
    suspects: list[tuple[UUID, int, date, date]] = []
    for place_id, old in before.items():
        life = board.lives[place_id]
        if old is None or life.level is not Level.COMMUNITY:
            continue
        for now in life.stretches:
            for then in old:
                until = earliest(now.end, then.end)
                start = max(now.start, then.start)
                # What holds today is followed by what stands there (`_shifts`).
                if now.lo != then.lo and until is not None and start < until and (now is not life.last or then is not old[-1]):
                    suspects.append((place_id, then.lo, start, until))
    if not suspects:
        return
    width = positions.WIDTH[Level.COMMUNITY]
    with connection.cursor() as cursor:
        cursor.execute(_STOOD_THEN, [*(list(column) for column in zip(*suspects, strict=True)), width, width])
        for place_id, start, since in cursor.fetchall():
            raise LaterBuildings(name=board.lives[place_id].last.name, since=since, on=start)
