"""A list woven into what is known: places begin, are renamed, recoded, moved, end, on the day of the list.

Lists may come in any order of their dates: what a list says holds until the next list that speaks of the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from lianfang.ground.places.rules.listings import Listing, Row
from lianfang.ground.places.rules.matching import Board, Matcher, Pairing, named_whole
from lianfang.ground.places.rules.timelines import Life, Stretch, earliest
from lianfang.ground.places.types import DIVISIONS, Level, ListWithoutParent, LoadReport, NoRoom


@dataclass(slots=True)
class Names:
    """What a list names, by level: codes of places all of whose children it names, and codes of children where it names only some."""

    whole: dict[Level, frozenset[str]] = field(default_factory=dict)
    some: dict[Level, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Calendar:
    """The lists loaded before: their days and what they name."""

    lists: list[tuple[date, Names]] = field(default_factory=list)

    def naming(self, level: Level, parent: Life | None, *, since: date) -> list[date]:
        """The days, from one on, of the lists that name all children of a place, under the code it had then."""
        return sorted(
            on for on, names in self.lists
            if on >= since and ((parent.nearest(on).code or "-") if parent else "") in names.whole.get(level, ())
        )  # fmt: skip

    def sightings(self, life: Life, lives: Mapping[UUID, Life], *, since: date) -> list[date]:
        """The days, from one on, of the lists in which a place stood."""
        days: set[date] = set()
        for parent_id in {stretch.parent for stretch in life.stretches}:
            parent = lives[parent_id] if parent_id else None
            days |= {
                day for day in self.naming(life.level, parent, since=since)
                if (stretch := life.at(day)) and stretch.code and stretch.parent == parent_id
            }  # fmt: skip
        for day, names in self.lists:
            if day >= since and (stretch := life.at(day)) and stretch.code in names.some.get(life.level, ()):
                days.add(day)
        return sorted(days)


@dataclass(slots=True)
class Woven:
    """What changed: places by id as they were before (None for new ones), the report, and what the list names whole."""

    report: LoadReport
    before: dict[UUID, list[Stretch] | None] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


class Weaver:
    """Weaves one list into a board."""

    def __init__(self, board: Board, listing: Listing, calendar: Calendar, new_id: Callable[[], UUID]) -> None:
        self.board, self.listing, self.calendar, self.new_id = board, listing, calendar, new_id
        self.day = listing.on
        self.woven = Woven(LoadReport(listing.on, listing.files, rows=listing.named))
        self.placed: dict[Level, dict[str, UUID]] = {level: {} for level in DIVISIONS}
        self.holders: dict[Level, dict[str, list[tuple[Life, Stretch]]]] = {}

    def run(self) -> Woven:
        """Weave level by level from the top, then give positions from the top."""
        report = self.woven.report
        partial: set[str] = set()
        above: dict[str, UUID] = {}
        for level in DIVISIONS:
            self._note_holders(level)
            whole, parts = named_whole(self.board, self.listing, level, above)
            partial |= parts if level in self.listing.explicit else set()
            pairing = Matcher(self.board, self.listing, level, above, whole, self._next_naming).run()
            self._apply(level, pairing, above)
            self._cascade(level)
            self.woven.names.whole[level] = frozenset(
                code or "" for code in self.listing.children(level) if (above[code] if code else None) in whole
            )
            self.woven.names.some[level] = frozenset(row.code for row in self.listing.rows[level].values() if (row.parent or "") in parts)
            above = self.placed[level]
            report.reused += len(pairing.reused)
            report.doubts += pairing.doubts
        report.partial = tuple(sorted(partial))
        self._settle()
        return self.woven

    def _note_holders(self, level: Level) -> None:
        """Who is known to have which code from a later day on."""
        holders: dict[str, list[tuple[Life, Stretch]]] = {}
        for life in self.board.level(level):
            for stretch in life.stretches:
                if stretch.code and stretch.start > self.day:
                    holders.setdefault(stretch.code, []).append((life, stretch))
        self.holders[level] = holders

    def _touch(self, life: Life, *, new: bool = False) -> None:
        self.woven.before.setdefault(life.id, None if new else list(life.stretches))

    def _apply(self, level: Level, pairing: Pairing, above: dict[str, UUID]) -> None:
        for code, row in self.listing.rows[level].items():
            parent = above[row.parent] if row.parent else None
            if code in pairing.matched:
                self._continue(pairing.matched[code], row, parent)
            elif code in pairing.earlier and not self._had_by_another(pairing.earlier[code], code):
                self._extend_back(pairing.earlier[code], row, parent)
            else:
                self._begin(level, row, parent)
        for life in pairing.gone:
            if (
                life.first.start < self.day
                and life.at(self.day) is not None
                and not self.calendar.sightings(life, self.board.lives, since=self.day)
            ):
                self._end(life)

    def _continue(self, life: Life, row: Row, parent: UUID | None) -> None:
        """A place in force stands in the list."""
        report = self.woven.report
        was = life.nearest(self.day)  # in force, or ended this very day: the matcher pairs no others
        name = row.name or was.name
        seen = self.calendar.sightings(life, self.board.lives, since=self.day + timedelta(days=1))
        lost = earliest(self._next_naming(life.level, parent), self._next_holder(life, row.code))
        until = earliest(life.next_change(self.day), lost, *seen)
        before = list(life.stretches)
        revived = was.end == self.day
        changed = life.state(self.day, until, name=name, code=row.code, parent=parent)
        if until is not None and until == lost and not seen:
            life.end(until)  # a later list names all that stands there, and not this place, or gives its code to another
            changed = before != life.stretches
        if changed:
            self.woven.before.setdefault(life.id, before)
            report.renamed += name != was.name
            report.recoded += row.code != was.code
            report.moved += parent != was.parent
            report.added += revived
        else:
            report.unchanged += 1
        if row.kind is not life.kind:
            self.woven.before.setdefault(life.id, before)
            life.kind = row.kind
        self._place(life, row)

    def _extend_back(self, life: Life, row: Row, parent: UUID | None) -> None:
        """A place known so far from a later day stood already."""
        self._touch(life)
        life.state(self.day, life.first.start, name=row.name or life.first.name, code=row.code, parent=parent)
        self.woven.report.earlier += 1
        self._place(life, row)

    def _begin(self, level: Level, row: Row, parent: UUID | None) -> None:
        """A place not known before."""
        if row.name is None:
            raise ListWithoutParent(code=row.code, name="")
        life = Life(self.new_id(), level, row.kind, [Stretch(self.day, None, row.name, row.code, parent)])
        if (until := earliest(self._next_naming(level, parent), self._next_holder(life, row.code))) is not None:
            life.end(until)
        self._touch(life, new=True)
        self.board.lives[life.id] = life
        self.woven.report.added += 1
        self._place(life, row)

    def _next_naming(self, level: Level, parent: UUID | None) -> date | None:
        """The day of the next list after this one that names all that stands in a place."""
        holder = self.board.lives[parent] if parent else None
        return earliest(*self.calendar.naming(level, holder, since=self.day + timedelta(days=1)))

    def _next_holder(self, life: Life, code: str) -> date | None:
        """The first day after the list's on which another place is known to have a code."""
        return earliest(
            *(
                stretch.start
                for holder, stretch in self.holders[life.level].get(code, ())
                if holder is not life and stretch.start > self.day
            )
        )

    def _had_by_another(self, life: Life, code: str) -> bool:
        """Whether another place had a code between the day of the list and the first known day of a place."""
        held = self._next_holder(life, code)
        return held is not None and held < life.first.start

    def _place(self, life: Life, row: Row) -> None:
        self.placed[life.level][row.code] = life.id

    def _end(self, life: Life) -> None:
        self._touch(life)
        life.end(self.day)
        self.woven.report.ended += 1

    def _cascade(self, level: Level) -> None:
        """Nothing outlasts the place it stands in."""
        for life in self.board.level(level):
            parent = self.board.lives[life.last.parent] if life.last.parent else None
            if parent is None or parent.last.end is None or not {parent.id, life.id} & self.woven.before.keys():
                continue
            outlasts = life.last.end is None or life.last.end > parent.last.end
            if outlasts and life.first.start < parent.last.end:
                self._touch(life)
                life.end(parent.last.end)
                self.woven.report.ended += parent.last.end == self.day

    def _settle(self) -> None:
        """Positions from the top: of what changed, and of what stands in a place that moved."""
        moved: set[UUID] = set()
        for level in DIVISIONS:
            lives = self.board.level(level)
            taken = {lo for life in lives for lo in life.given}
            for life in self._in_order(lives):
                carried = any(stretch.parent in moved for stretch in life.stretches)
                if life.id not in self.woven.before and not carried:
                    continue
                self._touch(life)
                before = self.woven.before[life.id] or []
                if not life.settle(self.board.lives, taken, before):
                    parent = self.board.lives[life.last.parent] if life.last.parent else life
                    raise NoRoom(name=parent.last.name)
                if [(s.start, s.end, s.lo) for s in before] != [(s.start, s.end, s.lo) for s in life.stretches]:
                    moved.add(life.id)
        self.woven.report.carried = sum(self._was_carried(life_id) for life_id in self.woven.before)

    def _was_carried(self, life_id: UUID) -> bool:
        """Whether a place has another position on the day of the list only because the one above it moved."""
        before, life = self.woven.before[life_id], self.board.lives[life_id]
        now = life.at(self.day)
        old = next((s for s in before or () if s.start < self.day and (s.end is None or s.end >= self.day)), None)
        return now is not None and old is not None and now.lo != old.lo and now.parent == old.parent

    @staticmethod
    def _in_order(lives: Iterable[Life]) -> list[Life]:
        """Places with a position first, so that none of theirs is taken; then by code."""
        return sorted(lives, key=lambda life: (not life.given, life.last.code or "999", life.last.name))
