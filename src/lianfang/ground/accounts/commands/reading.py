"""Understanding the rows of a list of accounts: who, which role, over which place. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lianfang.ground.accounts.access import Actor, all_ranges
from lianfang.ground.accounts.access.giving import check_giving
from lianfang.ground.accounts.commands.grants import scope_in_sight
from lianfang.ground.accounts.commands.sheets import Line
from lianfang.ground.accounts.rules.headings import Column, bare, place_text, read_day, role_of
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import (
    LongerThanYours,
    NotForYou,
    OverArea,
    OverPlace,
    PeriodWrong,
    RowDayUnreadable,
    RowNameMissing,
    RowPhoneMissing,
    RowPlaceMissing,
    RowPlaceOutside,
    RowPlaceWrongLevel,
    RowRoleMissing,
    RowRoleUnknown,
    ScopeEnded,
)
from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AddressMatch, Certainty, Level
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import AreaId, PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Area, Place

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


_NOT_UNDERSTOOD = (Certainty.UNSURE, Certainty.NONE)


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


class Reader:
    """Reads the rows of one list. The same words of a place are looked up once."""

    def __init__(self, by: Actor, *, role: Role | None, within: Place | None, accept_doubtful: bool) -> None:
        self.by = by
        self.role = role
        self.within = within
        self.accept_doubtful = accept_doubtful
        self._matches: dict[str, AddressMatch] = {}
        self._readings: dict[tuple[str, Role], _Reading] = {}
        self._allowed: dict[tuple[Role, OverPlace | OverArea, date | None], Refused | None] = {}
        self._areas: dict[str, list[Area]] | None = None

    def read(self, lines: Sequence[Line]) -> list[Row | Left]:
        """All rows, in the order of the sheet."""
        self._look_up({place_text(line.cells) for line in lines})
        return [self._row(line) for line in lines]

    def _look_up(self, texts: set[str]) -> None:
        """What the words of places mean, all at once: in the reader's own place first, and what is nothing there anywhere."""
        words = sorted(text for text in texts if text)
        within = self.within or self._own_place()
        self._matches = dict(zip(words, places.parse_addresses(words, within), strict=True))
        if within is None or self.within is not None:
            return
        elsewhere = [text for text, match in self._matches.items() if match.certainty in _NOT_UNDERSTOOD]
        for text, match in zip(elsewhere, places.parse_addresses(elsewhere, None), strict=True):
            # Only to say that it lies outside: what is half understood elsewhere must not stand in for a place of one's own.
            if match.certainty is Certainty.EXACT:
                self._matches[text] = match

    def _own_place(self) -> Place | None:
        """The one place the actor gives grants over, if there is one."""
        own = {held.scope for held in self.by.holding(Ability.GRANTS_GIVE) if isinstance(held.scope, OverPlace)}
        return places.place(own.pop().place_id) if len(own) == 1 else None

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
            self._check(role, reading.scope, ends)
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
        area = self._area(text) if role not in NEEDED else None
        if area is not None:
            return _Reading(OverArea(AreaId(area.id)), area.name, None)
        match = self._matches[text]
        if match.place is None or match.certainty in _NOT_UNDERSTOOD:
            return _Reading(None, "", match.why)
        read_as = _path(match.place)
        needed = NEEDED.get(role)
        if needed is not None and match.place.level != needed:
            return _Reading(None, read_as, RowPlaceWrongLevel(role=role, needed=needed, place=match.place.name, level=match.place.level))
        doubtful = match.certainty is not Certainty.EXACT
        return _Reading(OverPlace(PlaceId(match.place.id)), read_as, match.why if doubtful else None, doubtful)

    def _area(self, text: str) -> Area | None:
        """The one area in sight that is named so, or whose name stands at the end behind the name of its home."""
        if self._areas is None:
            self._areas = {}
            reach = places.ranges_of(self.within) if self.within is not None else all_ranges(self.by)
            for area in places.areas_within(reach):
                self._areas.setdefault(bare(area.name), []).append(area)
        word = bare(text)
        named = self._areas.get(word) or [
            area for name, areas in self._areas.items() if word.endswith(name) for area in areas if _is_home(area, word.removesuffix(name))
        ]
        return named[0] if len(named) == 1 else None

    def _check(self, role: Role, scope: OverPlace | OverArea, ends: date | None) -> None:
        """Whether the actor may give this role there; each combination is asked once."""
        key = (role, scope, ends)
        if key not in self._allowed:
            self._allowed[key] = self._refusal(role, scope, ends)
        refusal = self._allowed[key]
        if refusal is not None:
            raise refusal

    def _refusal(self, role: Role, scope: OverPlace | OverArea, ends: date | None) -> Refused | None:
        try:
            check_giving(self.by, role, scope, scope_in_sight(scope, self.by), ends)
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


def _is_home(area: Area, words: str) -> bool:
    """Whether the words before an area's name are the name of the division it is administered at."""
    return bool(words) and words.endswith(bare(area.home.name))


def _path(place: Place) -> str:
    """Where a place lies, from its community down, as a reader checks it."""
    above = [ancestor.name for ancestor in places.ancestors(place) if ancestor.at_level.depth >= Level.COMMUNITY.depth]
    return " ".join([*above, place.name])
