"""Drawing areas over neighbours: buildings put into grids, doors into ten-household groups, many in one step that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lianfang.ground.places.commands.ground import held
from lianfang.ground.places.commands.spellings import respell_area
from lianfang.ground.places.models import Area, AreaMember, Place
from lianfang.ground.places.queries.reach import area_ranges_each
from lianfang.ground.places.types import AreaKind, AreaNameWrong, Level, PlaceNotFound
from lianfang.kernel import clock, db
from lianfang.kernel.ids import AccountId, AreaId, PlaceId
from lianfang.kernel.ranges import Range, contains, intersect

LONGEST_NAME = 80
Targets = Mapping[PlaceId, Sequence[AreaId | str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drawing changed: how many places, areas founded and ended, and what takes it back."""

    changed: int
    founded: int
    ended: int
    undo: dict[PlaceId, tuple[AreaId | str, ...]]


def draw_areas(kind: AreaKind, community_id: PlaceId, targets: Targets, *, by: AccountId | None) -> Drawn:
    """Put each place into exactly these areas of a kind of its community (none, one, several) and out of all others of that kind.

    An area is given by its id, or by a name: the one of that name, founded if there is none. An area that nothing is left in ends.
    Of a building that lay in an area only in part, the part is given up. Raises AreaNameWrong, and PlaceNotFound for
    what does not lie in the community.
    """
    with db.acting(by, "areas draw"):
        community = held(community_id, Level.COMMUNITY)
        db.lock(f"places.draw.{community_id}")
        rows = _rows(community, targets)
        areas = {area.area_id: area for area in Area.objects.filter(home=community, kind=kind, valid_to=None)}
        before = _before(rows, areas)
        wanted, founded = _wanted(kind, community, targets, areas)
        changed = {row.place_id for row in rows if set(wanted[row.place_id]) != set(before[row.place_id])}
        ended = sum(_redraw(area, [row for row in rows if row.place_id in changed], wanted) for area in areas.values())
        gone = {area_id for area_id, area in areas.items() if area.valid_to is not None}
        undo = {
            place: tuple(areas[area].name if area in gone else area for area in before[place]) for place in changed
        }  # fmt: skip
        return Drawn(len(changed), founded, ended, undo)


def _rows(community: Place, targets: Targets) -> list[Place]:
    rows = list(Place.objects.filter(pk__in=list(targets), lo__gt=community.lo, lo__lt=community.hi, valid_to=None).order_by("lo"))
    missing = set(targets) - {row.place_id for row in rows}
    if missing:
        raise PlaceNotFound(text=min(missing))
    return rows


def _before(rows: Sequence[Place], areas: Mapping[AreaId, Area]) -> dict[PlaceId, list[AreaId]]:
    """The areas that hold each place, wholly or in part."""
    ranges = area_ranges_each(list(areas))
    return {row.place_id: [area for area in areas if intersect(ranges[area], [row.range])] for row in rows}


def _wanted(kind: AreaKind, community: Place, targets: Targets, areas: dict[AreaId, Area]) -> tuple[dict[PlaceId, list[AreaId]], int]:
    """The targets with names made areas; how many were founded."""
    named: dict[str, AreaId] = {area.name: area_id for area_id, area in areas.items()}
    founded = 0
    wanted: dict[PlaceId, list[AreaId]] = {}
    for place, each in targets.items():
        wanted[place] = []
        for target in each:
            if isinstance(target, UUID):
                if target not in areas:
                    raise PlaceNotFound(text=target)
                wanted[place].append(AreaId(target))
                continue
            name = target.strip()
            if not name or len(name) > LONGEST_NAME:
                raise AreaNameWrong(name=name[:LONGEST_NAME], longest=LONGEST_NAME)
            if name not in named:
                area = Area.objects.create(kind=kind.value, name=name, home=community, valid_from=clock.today())
                respell_area(area)
                areas[area.area_id] = area
                named[name] = area.area_id
                founded += 1
            wanted[place].append(named[name])
    return wanted, founded


def _redraw(area: Area, rows: Sequence[Place], wanted: Mapping[PlaceId, Sequence[AreaId]]) -> bool:
    """Bring the members of one area to what is wanted of some places; whether it ended, with nothing left in it."""
    if not rows:
        return False
    today = clock.today()
    members = list(AreaMember.objects.filter(area=area, valid_to=None).select_related("place"))
    ranges = [row.range for row in rows]
    inside = [member for member in members if any(piece.holds(member.place.range) for piece in ranges)]
    kept = [member for member in members if member not in inside]
    wide = [member.place.range for member in kept if not member.excluded]
    AreaMember.objects.filter(pk__in=[member.pk for member in inside]).update(valid_to=today)
    fresh: list[AreaMember] = []
    for row in rows:
        takes_in, is_held = area.area_id in wanted[row.place_id], contains(wide, row.range)
        if takes_in != is_held:
            fresh.append(AreaMember(area=area, place=row, excluded=is_held, valid_from=today))
    AreaMember.objects.bulk_create(fresh)
    if (not inside and not fresh) or _takes_in_something(area):
        return False
    area.valid_to = today
    area.save(update_fields=["valid_to"])
    AreaMember.objects.filter(area=area, valid_to=None).update(valid_to=today)
    return True


def _takes_in_something(area: Area) -> bool:
    pieces: list[Range] = area_ranges_each([area.area_id])[area.area_id]
    return bool(pieces)
