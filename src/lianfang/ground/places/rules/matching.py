"""Which place of a list is which place we know: the same code first, then the same name nearby.

The lists cannot tell a code given to another place from a place renamed. A small table kept by hand names the first;
all others are renamings. A code that vanished is looked for by its name: in the same parent, then, if the name is alone on both
sides, in the place above it. Top down, so that a moved county takes its streets along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lianfang.ground.places.rules.listings import Listing, Row
from lianfang.ground.places.rules.names import plain, share_nothing, stem
from lianfang.ground.places.rules.timelines import Life, Stretch
from lianfang.ground.places.types import Kind, Level

HALF = 2  # a list that names at least every second child we know names them all


@dataclass(frozen=True, slots=True)
class Reuse:
    """A code that went from one place to another (kept by hand, see divisions/README.md)."""

    code: str
    old_name: str
    new_name: str


@dataclass(slots=True)
class Board:
    """All divisions we know, and the reuses."""

    lives: dict[UUID, Life]
    reuses: frozenset[Reuse] = frozenset()

    def level(self, level: Level) -> list[Life]:
        """The lives of a level."""
        return [life for life in self.lives.values() if life.level is level]

    def reused(self, code: str, old_name: str, new_name: str) -> bool:
        """Whether a code is known to have gone from one name to another place of the other name."""
        return Reuse(code, old_name, new_name) in self.reuses

    def above(self, stretch: Stretch, day: date) -> Stretch | None:
        """What the parent of a stretch was on a day."""
        return self.lives[stretch.parent].nearest(day) if stretch.parent else None


@dataclass(slots=True)
class Pairing:
    """What matching one level found."""

    matched: dict[str, Life] = field(default_factory=dict)  # code of the list → place in force
    earlier: dict[str, Life] = field(default_factory=dict)  # code of the list → place known so far only from a later day
    unmatched: list[Row] = field(default_factory=list)  # places new to us
    gone: list[Life] = field(default_factory=list)  # in force, the list would name them, and does not
    reused: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)


class Matcher:
    """Matches the rows of one level of a list with the places known on its day."""

    def __init__(
        self,
        board: Board,
        listing: Listing,
        level: Level,
        placed: dict[str, UUID],
        whole: Collection[UUID | None],
        next_naming: Callable[[Level, UUID | None], date | None],
    ) -> None:
        self.board, self.level, self.day = board, level, listing.on
        self.rows = listing.rows[level]
        self.placed = placed  # ids of the parents by their codes in the list
        self.whole = whole  # parents whose children the list names all of
        self.next_naming = next_naming  # the day of the next list that names all children of a parent
        self.listing = listing
        self.pairing = Pairing()
        self.now: dict[UUID, Stretch] = {}
        self.later: dict[UUID, Stretch] = {}
        for life in board.level(level):
            if (stretch := life.prior(self.day)) is not None:
                self.now[life.id] = stretch
            elif life.first.start > self.day:
                self.later[life.id] = life.first

    def run(self) -> Pairing:
        """Match everything."""
        found = self.pairing
        found.matched = self._same_codes(self.now, {})
        self._note_doubts()
        self._by_names(found.matched, self.now, self._may_have_left)
        if self.later:
            found.earlier = self._same_codes(self.later, found.matched)
            self._by_names(found.earlier, self.later, lambda life_id: self.later[life_id].code not in self.rows, besides=found.matched)
        taken = {life.id for life in (*found.matched.values(), *found.earlier.values())}
        found.unmatched = [row for code, row in self.rows.items() if code not in found.matched and code not in found.earlier]
        found.gone = [self.board.lives[life_id] for life_id in self.now if life_id not in taken and self._would_be_named(life_id)]
        return found

    def parent_of(self, row: Row) -> UUID | None:
        """The place a row lies in."""
        return self.placed[row.parent] if row.parent else None

    def _same_codes(self, states: dict[UUID, Stretch], besides: dict[str, Life]) -> dict[str, Life]:
        by_code: dict[str, UUID] = {}
        # A code of which one place ended today and another holds on belongs to the other.
        for life_id, stretch in sorted(states.items(), key=lambda item: item[1].covers(self.day)):
            if stretch.code:
                by_code[stretch.code] = life_id
        matched: dict[str, Life] = {}
        for code, row in self.rows.items():
            if code not in by_code or code in besides:
                continue
            life_id = by_code[code]
            if self._is_reuse(code, states[life_id], row):
                self.pairing.reused.append(code)
            elif states is self.now or not self._was_absent(row, life_id):
                matched[code] = self.board.lives[life_id]
        return matched

    def _is_reuse(self, code: str, stretch: Stretch, row: Row) -> bool:
        """Whether code and row speak of another place than the stretch, whichever of the two is older."""
        if row.name is None or row.name == stretch.name:
            return False
        return self.board.reused(code, stretch.name, row.name) or self.board.reused(code, row.name, stretch.name)

    def _was_absent(self, row: Row, life_id: UUID) -> bool:
        """Whether a list between this one and the first that has a place names all that stood where the row stands, but not it."""
        named = self.next_naming(self.level, self.parent_of(row))
        return named is not None and named < self.later[life_id].start

    def _note_doubts(self) -> None:
        """Renamings that share nothing, or whose old name now stands under a new code beside them."""
        fresh = {(row.parent, row.name) for code, row in self.rows.items() if code not in self.pairing.matched}
        for code, life in self.pairing.matched.items():
            old, row = self.now[life.id].name, self.rows[code]
            if row.name and row.name != old and (share_nothing(old, row.name, self.level) or (row.parent, old) in fresh):
                self.pairing.doubts.append((code, old, row.name))

    def _by_names(
        self,
        matched: dict[str, Life],
        states: dict[UUID, Stretch],
        eligible: Callable[[UUID], bool],
        besides: Collection[str] = (),
    ) -> None:
        """Pair what is left by name, nearest first; a pair counts only when the name is alone on both sides."""
        used = {life.id for life in matched.values()}
        free = {life_id for life_id in states if life_id not in used and eligible(life_id)}
        rows = {code: row for code, row in self.rows.items() if code not in matched and code not in besides and row.name}
        for key_of_row, key_of_place in self._keys(states):
            if not free or not rows:
                return
            for code, life_id in _alone(
                ((code, key_of_row(row)) for code, row in rows.items()),
                ((life_id, key_of_place(life_id)) for life_id in free),
            ):
                if self._credible(life_id, rows[code], states):
                    matched[code] = self.board.lives[life_id]
                    free.discard(life_id)
                    del rows[code]

    def _keys(self, states: dict[UUID, Stretch]) -> list[tuple[Callable[[Row], Hashable], Callable[[UUID], Hashable]]]:
        """The keys by which rows and places are compared, nearest first."""

        def over(row: Row) -> UUID | None:
            """The place above the parent of a row."""
            parent = self.parent_of(row)
            return self.board.lives[parent].nearest(self.day).parent if parent else None

        def place_over(life_id: UUID) -> UUID | None:
            above = self.board.above(states[life_id], states[life_id].start if states is self.later else self.day)
            return above.parent if above else None

        by_parent = (
            lambda row: (self.parent_of(row), plain(row.name or "")),
            lambda life_id: (states[life_id].parent, plain(states[life_id].name)),
        )
        by_parent_and_stem = (
            lambda row: (self.parent_of(row), stem(row.name or "", self.level), row.kind is Kind.VILLAGE),
            lambda life_id: (
                states[life_id].parent,
                stem(states[life_id].name, self.level),
                self.board.lives[life_id].kind is Kind.VILLAGE,
            ),
        )
        by_stem_only = (
            lambda row: (self.parent_of(row), stem(row.name or "", self.level)),
            lambda life_id: (states[life_id].parent, stem(states[life_id].name, self.level)),
        )
        by_place_over = (
            lambda row: (over(row), plain(row.name or "")),
            lambda life_id: (place_over(life_id), plain(states[life_id].name)),
        )
        keys: list[tuple[Callable[[Row], Hashable], Callable[[UUID], Hashable]]] = [by_parent]
        if self.level in {Level.COMMUNITY, Level.COUNTY}:
            keys += [by_parent_and_stem, by_stem_only]
        if self.level not in {Level.PROVINCE, Level.CITY}:
            keys.append(by_place_over)
        return keys

    def _may_have_left(self, life_id: UUID) -> bool:
        """Whether a place in force lost its code by this list, so that it may stand elsewhere in it under another."""
        code = self.now[life_id].code
        if code in self.rows and code not in self.pairing.reused:
            return False
        # Counties and streets may leave for a place whose old neighbours the list does not name: their children then prove it.
        return self._would_be_named(life_id) or self.level in {Level.COUNTY, Level.STREET} or code is None

    def _would_be_named(self, life_id: UUID) -> bool:
        """Whether the list would name a place if it still stood where it stood."""
        stretch = self.now[life_id]
        if stretch.code is None:  # a place of our own stands in no list
            return False
        parent = self.board.lives[stretch.parent] if stretch.parent else None
        return stretch.parent in self.whole or (parent is not None and parent.at(self.day) is None)

    def _credible(self, life_id: UUID, row: Row, states: dict[UUID, Stretch]) -> bool:
        """Of a place that need not have left, half of the children we know must come along."""
        if states is self.later:
            return not self._was_absent(row, life_id)
        if self._would_be_named(life_id) or self.parent_of(row) == states[life_id].parent:
            return True
        below = Level(list(Level)[self.level.depth + 1])
        ours = {s.name for life in self.board.level(below) if (s := life.prior(self.day)) and s.parent == life_id}
        theirs = {child.name for child in self.listing.rows.get(below, {}).values() if child.parent == row.code}
        return bool(ours) and len(ours & theirs) * HALF >= len(ours)


def _alone(rows: Iterable[tuple[str, Hashable]], places: Iterable[tuple[UUID, Hashable]]) -> list[tuple[str, UUID]]:
    """Pairs whose key stands once among the rows and once among the places."""
    row_list, by_key = list(rows), defaultdict(list)
    for place, key in places:
        by_key[key].append(place)
    times = Counter(key for _, key in row_list)
    return [(code, by_key[key][0]) for code, key in row_list if times[key] == 1 and len(by_key[key]) == 1]


def named_whole(board: Board, listing: Listing, level: Level, placed: dict[str, UUID]) -> tuple[set[UUID | None], set[str]]:
    """The parents whose children at a level the list names all of, and the codes of those it names only some of.

    The communities of a street come all together. Above, a list may name a few streets of a county only: it counts as whole
    when it names at least half of those we know. Of places that a list only implies it never names all.
    """
    known: defaultdict[UUID | None, list[Stretch]] = defaultdict(list)
    for life in board.level(level):
        if (stretch := life.at(listing.on)) is not None and stretch.code:
            known[stretch.parent].append(stretch)
    whole: set[UUID | None] = set()
    partial: set[str] = set()
    for parent_code, rows in listing.children(level).items():
        parent = placed[parent_code] if parent_code else None
        codes, names = {row.code for row in rows}, {row.name for row in rows}
        ours = known[parent]
        hits = sum(stretch.code in codes or stretch.name in names for stretch in ours)
        if level in listing.explicit and (level is Level.COMMUNITY or hits * HALF >= len(ours)):
            whole.add(parent)
        else:
            partial.add(parent_code or "")
    return whole, partial
