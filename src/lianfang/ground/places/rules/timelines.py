"""The life of a division: what it was called, coded, and under what, from day to day, without gaps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from lianfang.ground.places.rules import positions
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel.ranges import Range

UNSET = -1  # a stretch whose position is not yet chosen


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period in which nothing about a division changed: [start, end), end None while it lasts."""

    start: date
    end: date | None
    name: str
    code: str | None
    parent: UUID | None
    lo: int = UNSET

    def covers(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day and (self.end is None or day < self.end)

    def says(self, other: Stretch) -> bool:
        """Whether both say the same of name, code and parent."""
        return (self.name, self.code, self.parent) == (other.name, other.code, other.parent)


def earliest(*days: date | None) -> date | None:
    """The first of some days, None meaning never."""
    given = [day for day in days if day is not None]
    return min(given) if given else None


@dataclass(slots=True)
class Life:
    """One division and all its stretches, in order and touching each other. `given` are all starts it ever had."""

    id: UUID
    level: Level
    kind: Kind
    stretches: list[Stretch]
    given: set[int] = field(default_factory=set)

    @property
    def first(self) -> Stretch:
        """The earliest stretch known."""
        return self.stretches[0]

    @property
    def last(self) -> Stretch:
        """The present stretch, or the last before the end."""
        return self.stretches[-1]

    def at(self, day: date) -> Stretch | None:
        """The stretch in force on a day."""
        for stretch in reversed(self.stretches):
            if stretch.start <= day:
                return stretch if stretch.covers(day) else None
        return None

    def prior(self, day: date) -> Stretch | None:
        """The stretch in force on a day or, if the place ended that very day, its last."""
        found = self.at(day)
        if found is None and self.last.end == day:
            return self.last
        return found

    def nearest(self, day: date) -> Stretch:
        """The stretch in force on a day, else the last before it, else the first."""
        before = [stretch for stretch in self.stretches if stretch.start <= day]
        return before[-1] if before else self.first

    def next_change(self, day: date) -> date | None:
        """The first day after this one on which name, code or parent change or the place ends."""
        for stretch, after in zip(self.stretches, [*self.stretches[1:], None], strict=True):
            if stretch.end is not None and stretch.end > day and (after is None or not stretch.says(after)):
                return stretch.end
        return None

    def state(self, start: date, until: date | None, *, name: str, code: str | None, parent: UUID | None) -> bool:
        """Say what held in [start, until); whether that changed anything. The period must touch or lie in the life."""
        told = Stretch(start, until, name, code, parent)
        kept: list[Stretch] = []
        for stretch in self.stretches:
            if stretch.start < start:
                kept.append(replace(stretch, end=earliest(stretch.end, start)))
            if until is not None and (stretch.end is None or stretch.end > until):
                kept.append(replace(stretch, start=max(stretch.start, until)))
        after = sorted([*kept, told], key=lambda stretch: stretch.start)
        if _facts(after) == _facts(self.stretches):
            return False
        self.stretches = _joined(after)
        return True

    def end(self, day: date) -> None:
        """The place is no more from this day on."""
        self.stretches = [replace(s, end=earliest(s.end, day)) for s in self.stretches if s.start < day]

    def settle(self, lives: Mapping[UUID, Life], taken: set[int], before: Sequence[Stretch]) -> bool:
        """Choose the position of every stretch under the positions its parents had; False when there is no number left.

        `before` are the stretches as they were: a position once held on a day stays. A place that comes back to where it stood
        gets a new one all the same, as what stood in it meanwhile cannot take the old numbers again.
        """
        if not before and len(self.stretches) == 1:
            return self._settle_first(lives, taken)
        given = frozenset(self.given)
        pieces = self._pieces(lives)
        spaces = [positions.range_at(lives[p.parent].nearest(p.start).lo, lives[p.parent].level) if p.parent else None for p in pieces]
        los = [_held_then(piece, space, before) for piece, space in zip(pieces, spaces, strict=True)]
        _spread(pieces, spaces, los)
        for at, (piece, space) in enumerate(zip(pieces, spaces, strict=True)):
            if los[at] == UNSET:
                was = self._distance(lives[piece.parent]) if piece.parent else None
                lo = positions.choose(self.level, space, code=piece.code, taken=taken, was=was)
                if lo is None:
                    return False
                taken.add(lo)
                self.given.add(lo)
                los[at] = lo
                _spread(pieces, spaces, los)
        self.stretches = _joined([replace(piece, lo=lo) for piece, lo in zip(pieces, los, strict=True)])
        return self._go_on(before, spaces[-1], given, taken)

    def _go_on(self, before: Sequence[Stretch], space: Range | None, given: Collection[int], taken: set[int]) -> bool:
        """Keep the place from ending up on a number that it left: whatever stands in it today would be moved back.

        A place that is no more stays where it stood last, which on no day is told apart from where it ended. One that goes on
        stays there too, if it may, or gets a new number from the day on which it had left the old one.
        """
        stood, last = before[-1] if before else self.last, self.last
        if stood.lo in {UNSET, last.lo} or last.lo not in given:
            return True
        if last.end is not None:
            self.stretches.append(replace(last, start=last.end, lo=stood.lo))
            return True
        lo: int | None = stood.lo
        if space is not None and not space.has(stood.lo):
            lo = positions.choose(self.level, space, code=None, taken=taken)
        if lo is None:
            return False
        taken.add(lo)
        self.given.add(lo)
        day = max(last.start, stood.start)
        self.stretches = [*self.stretches[:-1], *([replace(last, end=day)] if last.start < day else []), replace(last, start=day, lo=lo)]
        return True

    def _settle_first(self, lives: Mapping[UUID, Life], taken: set[int]) -> bool:
        """The same for a place just found, of which there are many: one position, unless its parent moved in its time."""
        [only] = self.stretches
        parent = lives[only.parent] if only.parent else None
        if parent is not None and len(parent.stretches) > 1:
            return self.settle(lives, taken, [only])
        space = positions.range_at(parent.first.lo, parent.level) if parent else None
        lo = positions.choose(self.level, space, code=only.code, taken=taken)
        if lo is None:
            return False
        taken.add(lo)
        self.given.add(lo)
        self.stretches = [Stretch(only.start, only.end, only.name, only.code, only.parent, lo)]
        return True

    def _pieces(self, lives: Mapping[UUID, Life]) -> list[Stretch]:
        """The stretches cut where the position of the place above changed."""
        pieces: list[Stretch] = []
        for stretch in _facts(self.stretches):
            days = lives[stretch.parent].days_of_new_position() if stretch.parent else []
            inner = [day for day in days if stretch.start < day and (stretch.end is None or day < stretch.end)]
            for start, end in zip([stretch.start, *inner], [*inner, stretch.end], strict=True):
                pieces.append(replace(stretch, start=start, end=end))
        return pieces

    def days_of_new_position(self) -> list[date]:
        """The days on which the place moved."""
        return [after.start for before, after in pairwise(self.stretches) if before.lo != after.lo]

    def _distance(self, parent: Life) -> int | None:
        """How far behind the start of this parent the place already stood, before the parent moved."""
        pairs = ((lo, above) for above in sorted(parent.given) for lo in sorted(self.given))
        return next((lo - above for lo, above in pairs if positions.range_at(above, parent.level).has(lo)), None)


def _facts(stretches: Sequence[Stretch]) -> list[Stretch]:
    """What the stretches say, without positions."""
    return _joined([replace(stretch, lo=UNSET) for stretch in stretches])


def _held_then(piece: Stretch, space: Range | None, before: Sequence[Stretch]) -> int:
    """The position held in the days of a piece, if it lies where the piece stands."""
    held = (s.lo for s in before if (piece.end is None or s.start < piece.end) and (s.end is None or s.end > piece.start))
    return next((lo for lo in held if lo != UNSET and (space is None or space.has(lo))), UNSET)


def _spread(pieces: Sequence[Stretch], spaces: Sequence[Range | None], los: list[int]) -> None:
    """Neighbouring pieces that stand in the same place, which did not move between them, have one position."""
    forward = range(1, len(pieces))
    for at, beside in [*((n, n - 1) for n in forward), *((n - 1, n) for n in reversed(forward))]:
        same = pieces[at].parent == pieces[beside].parent and spaces[at] == spaces[beside]
        if same and los[at] == UNSET:
            los[at] = los[beside]


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours that say the same become one, unless they have different positions."""
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last and last.end == stretch.start and last.says(stretch) and (UNSET in {last.lo, stretch.lo} or last.lo == stretch.lo):
            joined[-1] = replace(last, end=stretch.end, lo=max(last.lo, stretch.lo))
        else:
            joined.append(stretch)
    return joined
