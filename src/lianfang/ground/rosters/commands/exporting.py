"""A community's people in the layout of a roster that came in: the same headings, what is known today, marked with who took it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.people.rules.masking import age_on
from lianfang.ground.people.types import PaperKind, Relation, RevealField, Sex
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.ground.rosters.commands.receiving import content_of
from lianfang.ground.rosters.loading_types import ContentGone
from lianfang.ground.rosters.queries.files import roster_row
from lianfang.ground.rosters.types import Column
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId
from lianfang.kernel.sheets import Cell, Page, Style, read, write

if TYPE_CHECKING:
    from lianfang.ground.people.roster_types import Told
    from lianfang.ground.places.models import Place

FIELDS = (RevealField.NAME, RevealField.BIRTH, RevealField.PAPER, RevealField.PHONE)
_AT_ONCE = 500
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}
_RELATIONS = {
    Relation.HEAD: "户主", Relation.SPOUSE: "配偶", Relation.CHILD: "子女", Relation.PARENT: "父母", Relation.GRANDCHILD: "孙子女",
    Relation.RELATIVE: "其他亲属", Relation.TENANT: "租户", Relation.CARER: "照护人员", Relation.OTHER: "其他",
}  # fmt: skip
_PAPERS = {
    PaperKind.RESIDENT_ID: "居民身份证", PaperKind.HK_MACAU_TAIWAN: "港澳台居民居住证", PaperKind.FOREIGNER: "外国人永久居留身份证",
    PaperKind.HKM_TRAVEL: "港澳居民来往内地通行证", PaperKind.TAIWAN_TRAVEL: "台湾居民来往大陆通行证", PaperKind.PASSPORT: "护照",
    PaperKind.OTHER: "其他", PaperKind.NONE: "",
}  # fmt: skip


def export_roster(roster_id: UUID, mark: str, reason: str, *, by: AccountId) -> tuple[bytes, int]:
    """The people of the roster's community in its layout, and how many; logged for each of them.

    `mark` stands in the first and the last row of every sheet: who took it out, when, and that it is not to be passed on. Ask for
    "exports.make" and "people.reveal" first. Raises RosterNotFound, ReasonMissing.
    """
    roster = roster_row(roster_id)
    doors = [door for building in places.buildings_of(roster.community) for door in places.doors_of(building)]
    lines = _lines(doors, reason, by)
    layouts = [layout for layout in roster.layouts if "name" in layout["columns"] or "head" in layout["columns"]]
    titles = _titles(roster_id, roster.name)
    pages, taken = [], 0
    for number, layout in enumerate(layouts):
        mine = [line for line in lines if _belongs(line, layouts, number)]
        taken += len(mine)
        pages.append(_page(layout, titles.get(layout["sheet"], []), mine, mark))
    return write(pages), taken


class _Line:
    """One person at one door."""

    __slots__ = ("building", "compound", "door", "head", "household", "path", "relation", "told", "unit")

    def __init__(self, told: Told, door: Place, path: Sequence[str], household: int, relation: str) -> None:
        self.told, self.door, self.path, self.household, self.relation = told, door, path, household, relation
        self.building, self.unit, self.head = path[0] if path else "", path[1] if len(path) > 1 else "", ""


def _lines(doors: Sequence[Place], reason: str, by: AccountId) -> list[_Line]:
    lines: list[_Line] = []
    numbers: dict[HouseholdId, int] = {}
    heads: dict[int, str] = {}
    paths = _paths(doors)
    for start in range(0, len(doors), _AT_ONCE):
        some = {door.place_id: door for door in doors[start : start + _AT_ONCE]}
        living = people.of_doors(some)
        people_commands.log_export([person for person, *_ in living], FIELDS, reason, by=by)
        told = people_commands.told_of_all({person for person, *_ in living})
        seen: set[tuple[PersonId, PlaceId]] = set()
        for person, door, household, _kind, relation in living:
            if (person, door) in seen or person not in told:
                continue
            seen.add((person, door))
            number = numbers.setdefault(household, len(numbers) + 1)
            if relation == Relation.HEAD:
                heads[number] = told[person].name
            lines.append(_Line(told[person], some[door], paths[door], number, relation))
    for line in lines:
        line.head = heads.get(line.household, "")
    return lines


def _paths(doors: Sequence[Place]) -> dict[PlaceId, list[str]]:
    """Building and unit of each door, by name."""
    above = places.places_by_id([PlaceId(door.parent_id) for door in doors if door.parent_id])
    upper = places.places_by_id([PlaceId(one.parent_id) for one in above.values() if one.parent_id and one.at_level is Level.UNIT])
    found: dict[PlaceId, list[str]] = {}
    for door in doors:
        parent = above[PlaceId(door.parent_id)] if door.parent_id else door
        if parent.at_level is Level.UNIT and parent.parent_id:
            found[door.place_id] = [upper[PlaceId(parent.parent_id)].name, parent.name]
        else:
            found[door.place_id] = [parent.name]
    return found


def _belongs(line: _Line, layouts: Sequence[dict[str, object]], number: int) -> bool:
    """On which sheet a person stands: that of the building where there is one a building, else the first."""
    of_buildings = {str(each["building"]): at for at, each in enumerate(layouts) if each["building"]}
    return of_buildings.get(line.building, 0) == number


def _titles(roster_id: UUID, name: str) -> dict[str, Sequence[list[Cell]]]:
    """The rows above the persons, sheet by sheet, as they came in; without the file none."""
    try:
        book = read(content_of(roster_id), name)
    except ContentGone:
        return {}
    return {sheet.name: sheet.rows for sheet in book.sheets}


def _page(layout: dict[str, object], rows: Sequence[list[Cell]], lines: Sequence[_Line], mark: str) -> Page:
    columns = [Column(column) for column in _listed(layout["columns"])]
    headings = [int(str(row)) for row in _listed(layout["heading_rows"])]
    first = int(str(layout["first_row"]))
    above = rows[: first - 1] if rows else [_listed(layout["headings"])]
    at = max(headings, default=len(above)) + 1 if rows else len(above) + 1
    styles = {1: Style.NOTE, **dict.fromkeys((row + 1 for row in headings), Style.HEADING)}
    last = len(above) + len(lines) + 2
    return Page(
        str(layout["sheet"]),
        _rows(above, columns, lines, mark),
        widths=[_WIDTHS.get(column, 12.0) for column in columns],
        styles={**styles, last: Style.NOTE},
        merged=(1, last),
        text_columns=[at for at, column in enumerate(columns) if column in (Column.PAPER, Column.PHONE)],
        frozen=at,
    )


_WIDTHS = {Column.NUMBER: 6.0, Column.SEX: 6.0, Column.AGE: 6.0, Column.PAPER: 22.0, Column.PHONE: 14.0, Column.ADDRESS: 28.0}


def _listed(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else []


def _rows(above: Sequence[Sequence[Cell]], columns: Sequence[Column], lines: Sequence[_Line], mark: str) -> Iterator[Sequence[Cell]]:
    yield [mark]
    yield from above
    for number, line in enumerate(lines, start=1):
        told: defaultdict[Column, Cell] = defaultdict(lambda: None, _values(line, number))
        seen: set[Column] = set()
        cells: list[Cell] = []
        for column in columns:
            cells.append(told[column] if column not in seen else None)
            seen.add(column)
        yield cells
    yield [mark]


def _values(line: _Line, number: int) -> dict[Column, Cell]:
    told = line.told
    paper = told.paper
    return {
        Column.NUMBER: number,
        Column.NAME: told.name,
        Column.SEX: _SEXES[told.sex or Sex.UNKNOWN],
        Column.BIRTH: told.birth.isoformat() if told.birth else None,
        Column.AGE: age_on(told.birth, clock.today()) if told.birth else None,
        Column.PAPER: paper.number if paper else None,
        Column.PAPER_KIND: _PAPERS[paper.kind] if paper else None,
        Column.PHONE: "、".join(filter(None, (told.phone, *told.more_phones))) or None,
        Column.RELATION: _RELATIONS[Relation(line.relation)] if line.relation else None,
        Column.HEAD: line.head or None,
        Column.HOUSEHOLD: line.household,
        Column.BUILDING: line.building,
        Column.UNIT: line.unit or None,
        Column.FLOOR: line.door.floor,
        Column.ROOM: line.door.name,
        Column.ADDRESS: "".join([*line.path, line.door.name]),
    }
