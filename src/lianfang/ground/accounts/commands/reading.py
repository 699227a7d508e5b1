"""Understanding the rows of a list of accounts: who, which role, over which place. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lianfang.ground.accounts.access import Actor, ranges
from lianfang.ground.accounts.access.giving import Giving, in_sight
from lianfang.ground.accounts.commands.sheets import Line
from lianfang.ground.accounts.commands.spots import NOT_UNDERSTOOD, Spots
from lianfang.ground.accounts.list_types import (
    RowDayUnreadable,
    RowNameMissing,
    RowPhoneMissing,
    RowPlaceMissing,
    RowPlaceOutside,
    RowPlaceWrongLevel,
    RowRoleMissing,
    RowRoleUnknown,
)
from lianfang.ground.accounts.rules.headings import Column, place_text, read_day, role_of
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import LongerThanYours, NotForYou, OverArea, OverPlace, PeriodWrong, ScopeEnded
from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Certainty, Level
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

NEEDED = {
    Role.CITY_COMMAND: Level.CITY,
    Role.DISTRICT_COMMAND: Level.COUNTY,
    Role.STREET_DUTY: Level.STREET,
    Role.COMMUNITY_SECRETARY: Level.COMMUNITY,
    Role.COMMUNITY_WORKER: Level.COMMUNITY,
    Role.BUILDING_LEADER: Level.BUILDING,
    Role.UNIT_LEADER: Level.UNIT,
}
"""What a role in a list answers for; the others take any place or area."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was understood. `note` says how, where that was not as written."""

    line: int
    name: str
    phone: str
    role: Role
    scope: OverPlace | OverArea
    read_as: str
    begins: date | None
    ends: date | None
    note: Refused | None


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is left out, and why; a doubtful one would be taken on demand."""

    line: int
    name: str
    role: str
    read_as: str
    reason: Refused
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the words of a place mean for a role: a scope, or a reason why not."""

    scope: OverPlace | OverArea | None
    read_as: str
    reason: Refused | None
    doubtful: bool = False
    pieces: tuple[Range, ...] = ()


class Reader:
    """Reads the rows of one list. The same words of a place are looked up once, the same grant is asked for once."""

    def __init__(self, by: Actor, *, role: Role | None, within: Place | None, accept_doubtful: bool) -> None:
        self.by = by
        self.role = role
        self.within = within
        self.accept_doubtful = accept_doubtful
        self._giving = Giving(by)
        self._sight = ranges(by, Ability.PLACES_SEE)
        self._readings: dict[tuple[str, Role], _Reading] = {}
        self._allowed: dict[tuple[Role, OverPlace | OverArea, date | None], Refused | None] = {}

    def read(self, lines: Sequence[Line]) -> list[Row | Left]:
        """All rows, in the order of the sheet."""
        self._spots = Spots((place_text(line.cells) for line in lines), by=self.by, within=self.within)
        return [self._row(line) for line in lines]

    def _row(self, line: Line) -> Row | Left:
        written = line.cells.get(Column.NAME, "")
        reading = _Reading(None, "", None)
        role: Role | None = None
        try:
            name, phone = _name(written), _phone(line.cells.get(Column.PHONE, ""))
            role = self._role(line.cells.get(Column.ROLE, ""))
            begins, ends = self._period(line)
            reading = self._reading(place_text(line.cells), role)
            if reading.scope is None or (reading.doubtful and not self.accept_doubtful):
                return Left(line.number, name, role, reading.read_as, reading.reason or RowPlaceMissing(), reading.doubtful)
            self._check(role, reading.scope, reading.pieces, ends)
        except Refused as refused:
            return Left(line.number, written, role or "", reading.read_as, refused)
        return Row(line.number, name, phone, role, reading.scope, reading.read_as, begins, ends, reading.reason)

    def _role(self, text: str) -> Role:
        if not text:
            if self.role is None:
                raise RowRoleMissing
            return self.role
        role = role_of(text)
        if role is None:
            raise RowRoleUnknown(role=text[:20])
        return role

    def _period(self, line: Line) -> tuple[date | None, date | None]:
        """The days of a grant; one that began before today begins today: nothing is given into the past."""
        today = clock.today()
        days: list[date | None] = []
        for column in (Column.BEGINS, Column.ENDS):
            text = line.cells.get(column, "")
            try:
                days.append(read_day(text, today))
            except ValueError:
                raise RowDayUnreadable(day=text[:20]) from None
        begins, ends = days
        begins = None if begins is None or begins < today else begins
        if ends is not None and ends <= (begins or today):
            raise PeriodWrong
        return begins, ends

    def _reading(self, text: str, role: Role) -> _Reading:
        if (text, role) not in self._readings:
            self._readings[text, role] = self._understood(text, role)
        return self._readings[text, role]

    def _understood(self, text: str, role: Role) -> _Reading:
        if not text:
            return _Reading(None, "", RowPlaceMissing())
        area = self._spots.area(text) if role not in NEEDED else None
        if area is not None:
            return _Reading(OverArea(area.area_id), area.name, None, pieces=tuple(places.area_ranges(area.area_id)))
        match = self._spots.match(text)
        place = match.place
        if place is None or match.certainty in NOT_UNDERSTOOD:
            return _Reading(None, "", match.why)
        read_as = self._spots.path(place)
        needed = NEEDED.get(role)
        if needed is not None and place.level != needed:
            return _Reading(None, read_as, RowPlaceWrongLevel(role=role, needed=needed, place=place.name, level=place.at_level))
        doubtful = match.certainty is not Certainty.EXACT
        note = match.why if doubtful else None
        return _Reading(OverPlace(place.place_id), read_as, note, doubtful, tuple(places.ranges_of(place)))

    def _check(self, role: Role, scope: OverPlace | OverArea, pieces: Sequence[Range], ends: date | None) -> None:
        """Whether the actor may give this role there; each combination is asked once."""
        key = (role, scope, ends)
        if key not in self._allowed:
            self._allowed[key] = self._refusal(role, scope, pieces, ends)
        refusal = self._allowed[key]
        if refusal is not None:
            raise refusal

    def _refusal(self, role: Role, scope: OverPlace | OverArea, pieces: Sequence[Range], ends: date | None) -> Refused | None:
        try:
            in_sight(pieces, self._sight)
            self._giving.check(role, scope, pieces, ends)
        except (NotFound, NotForYou):
            return RowPlaceOutside()
        except (LongerThanYours, ScopeEnded) as refused:
            return refused
        return None


def _name(text: str) -> str:
    if not text:
        raise RowNameMissing
    return normal_name(text)


def _phone(text: str) -> str:
    phone = normal_phone(text)
    if not phone:
        raise RowPhoneMissing
    return phone
