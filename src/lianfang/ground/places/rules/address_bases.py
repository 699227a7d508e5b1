"""Where an address stands before its numbers are read: the place its names lead to, and what had to be understood on the way.

Words that no name covers are explained if they can be: a misspelt name above or below what was found, a road. What is left is doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from lianfang.ground.places.rules.address_doors import Words
from lianfang.ground.places.rules.address_names import KIND_WORDS, Chain, Match, Named, says_other_kind
from lianfang.ground.places.rules.address_notes import Note, Weight, is_road, leading_road, weight_of
from lianfang.ground.places.rules.similar import Likeness, bare, likeness_of_cores, other_end
from lianfang.ground.places.types import DIVISIONS, Level

MOST_DESCENTS = 3  # misspelt names one below the other
SHORTEST_PIECE = 2
_ADDED = 1  # a character put before a name
_COMPOUND_WORDS = ("小区", "花园", "家园", "公寓", "大厦", "广场", "新村", "新城", "家属院", "大院", "苑")


@dataclass(frozen=True, slots=True)
class Nearby:
    """A name under which a place or area below another is known, without the word for its kind."""

    core: str
    named: Named


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around the names of a text.

    `below` holds, for a place (None: the nation), the names that are looked through for misspelt ones.
    """

    within: Named | None = None
    above: Mapping[UUID, Named] = field(default_factory=dict)
    below: Mapping[UUID | None, Sequence[Nearby]] = field(default_factory=dict)
    matches: Sequence[Match] = ()

    def path(self, named: Named | None) -> list[Named]:
        """The places above one and itself, the province first."""
        steps: list[Named] = []
        while named is not None:
            steps.append(named)
            named = self.above.get(named.above) if named.above else None
        return steps[::-1]

    def nearby(self, named: Named | None) -> list[Nearby]:
        """The names to look through below a place: its own list, or what lies in it of that of one above."""
        if named is None or named.id in self.below:
            return list(self.below.get(named.id if named else None, ()))
        upper = next((step for step in reversed(self.path(named)) if step.id in self.below), None)
        return [one for one in self.below[upper.id] if named.holds(one.named)] if upper else []


@dataclass(frozen=True, slots=True)
class Base:
    """Where numbers are looked for: a place or area (None: the nation), what had to be understood, and the words that are left."""

    named: Named | None
    notes: tuple[Note, ...]
    words: Words
    trailing: str
    said: bool  # whether the text named it, or anything at all
    bare: bool = False  # whether it did so without the word for its kind

    @property
    def unexplained(self) -> int:
        """Characters that belong to nothing that was found so far; roads are nothing to be found."""
        doubtful = sum(len(note.said) for note in self.notes if note.weight is Weight.DOUBTFUL)
        return doubtful + len(self.trailing) + (0 if is_road(self.words.leftover) else len(self.words.leftover))

    def rank(self) -> tuple[int, int, bool, int]:
        """The least unexplained first, then the least understood, then the fullest name, then the fewest numbers left."""
        numbers = sum(token.end - token.start for token in self.words.tokens)
        return (self.unexplained, weight_of(self.notes), self.bare, numbers)


def bases(text: str, chains: Iterable[Chain], around: Surroundings) -> list[Base]:
    """The places that the names of a text may lead to, all as good as each other."""
    made = [base for chain in chains for base in _explained(text, chain, around)]
    first = min(base.rank() for base in made)
    chosen: dict[UUID | None, Base] = {}
    for base in made:
        if base.rank() == first:
            chosen.setdefault(base.named.id if base.named else None, base)
    return _without_inner(list(chosen.values()))


def _without_inner(made: list[Base]) -> list[Base]:
    """Of 长春 may be meant the city or a zone in it: where one holds all the others, it is the one that is meant."""
    for base in made:
        others = [other for other in made if other is not base]
        if others and base.named and all(other.named and base.named.holds(other.named) for other in others):
            return [replace(base, notes=(*base.notes, Note("", base.named.name)))]
    return made


def _explained(text: str, chain: Chain, around: Surroundings) -> Iterator[Base]:
    """A chain with its gaps explained; several where its last words may be misspelt in several ways."""
    notes: list[Note] = []
    before: Named | None = None
    at = 0
    for match in chain.matches:
        gap = text[at : match.start].strip("-")
        if gap:
            notes += _gap(gap, before, match, around)
        notes += _about_match(match, before, around)
        at, before = match.end, match.named
    inside = around.within
    named = before if inside is None or (before is not None and inside.holds(before)) else inside
    tail = chain.tail
    names = frozenset(word for match in chain.matches for word in _ways(match))
    words = Words(text[at:], tail.tokens, tail.front, names)
    base = Base(named, tuple(notes), words, tail.trailing, said=bool(chain.matches), bare=bool(chain.matches) and chain.matches[-1].bare)
    yield from _descended(base, around, MOST_DESCENTS)


def _ways(match: Match) -> tuple[str, str]:
    return match.spelt, bare(match.named.name, match.named.level).upper()


def _about_match(match: Match, before: Named | None, around: Surroundings) -> Iterator[Note]:
    if match.how == "former" or match.other_kind:
        yield Note(match.spelt, match.named.name)
    if before is not None and not before.holds(match.named):
        parent = around.above.get(match.named.above) if match.named.above else None
        yield Note(before.name, parent.name if parent else "")


def _gap(gap: str, before: Named | None, match: Match, around: Surroundings) -> list[Note]:
    """Words between two names: a character too many, misspelt names in between, a road, or doubt."""
    if len(gap) <= _ADDED:
        return [Note(gap + match.spelt, match.named.name)]
    between = [named for named in around.path(match.named)[:-1] if before is None or named is before or before.holds(named)]
    notes, rest = _misspelt(gap, [Nearby(bare(named.name, named.level), named) for named in between], around)
    if rest:
        notes.append(Note(rest, "", Weight.UNDERSTOOD if is_road(rest) else Weight.DOUBTFUL))
    return notes


def _misspelt(words: str, near: Sequence[Nearby], around: Surroundings) -> tuple[list[Note], str]:
    """Read words as misspelt names, one after the other, as far as it goes: the notes and the rest."""
    notes: list[Note] = []
    while words:
        found = _alike(words, near)
        if not found:
            break
        how, piece, one = found[0]
        if how is not Likeness.SAME:
            # Other words say where this is, so that even half a name is enough.
            notes.append(_note(min(how, Likeness.ONE_OFF), piece, one.named, around))
        words = words[len(piece) :]
    return notes, words


def _note(how: Likeness, piece: str, named: Named, around: Surroundings) -> Note:
    doubtful = how is Likeness.WEAK or _has_rival(piece, named, around)
    return Note(piece, named.name, Weight.DOUBTFUL if doubtful else Weight.UNDERSTOOD)


def _has_rival(piece: str, named: Named, around: Surroundings) -> bool:
    """Whether another place of the same city is called just as it is written: then it is perhaps not misspelt."""
    city = next((above for above in around.path(named) if above.level is Level.CITY), None)
    return any(
        not match.bare and match.spelt == piece and match.named.level is named.level and match.named is not named
        and (city is None or city.holds(match.named))
        for match in around.matches
    )  # fmt: skip


def _pieces(words: str, level: Level | None) -> list[str]:
    """The beginnings of some words that may be a name of a level: up to a word for its kind, or all of them."""
    kinds = KIND_WORDS.get(level, ()) if level else _COMPOUND_WORDS
    ends = {found.end() for kind in kinds for found in re.finditer(kind, words)}
    return [words[:end] for end in sorted({*ends, len(words)}) if end >= SHORTEST_PIECE]


def beginnings(words: str) -> set[str]:
    """All beginnings of some words that may be a name."""
    return {piece for level in (*DIVISIONS, None) for piece in _pieces(words, level)}


def _alike(words: str, near: Sequence[Nearby]) -> list[tuple[Likeness, str, Nearby]]:
    """The names that the beginning of some words comes nearest to, with the piece they take; the longest piece first."""
    cores: dict[Level | None, list[tuple[str, str]]] = {}
    found: list[tuple[Likeness, bool, str, Nearby]] = []
    for one in near:
        level = one.named.level if one.named.level in KIND_WORDS else None
        if level not in cores:
            cores[level] = [(piece, bare(piece, level)) for piece in _pieces(words, level)]
        for piece, core in cores[level]:
            how = likeness_of_cores(core, one.core)
            if how is Likeness.SAME and level is None and other_end(piece, one.named.name):
                how = Likeness.WEAK
            if how is not None:
                found.append((how, says_other_kind(piece, one.named), piece, one))
    best = min((each[:2] for each in found), default=None)
    return sorted(((how, piece, one) for how, other, piece, one in found if (how, other) == best), key=lambda each: -len(each[1]))


def _descended(base: Base, around: Surroundings, more: int) -> Iterator[Base]:
    """A base with the words before its numbers read as misspelt names: its own or those above it, then names below it."""
    leftover = base.words.leftover
    if not leftover or is_road(leftover):
        yield base
        return
    if road := leading_road(leftover):
        notes, leftover = (*base.notes, Note(road, "")), leftover.removeprefix(road)
        base = replace(base, notes=notes, words=replace(base.words, leftover=leftover))
    if base.named is around.within is not None:
        own = [Nearby(bare(named.name, named.level), named) for named in around.path(around.within)]
        notes_of_own, rest = _misspelt(leftover, own, around)
        if rest != leftover and weight_of(notes_of_own) < Weight.DOUBTFUL:
            words = replace(base.words, leftover=rest)
            yield from _descended(replace(base, notes=(*base.notes, *notes_of_own), words=words, said=True), around, more)
            return
    found = _alike(leftover, around.nearby(base.named)) if more else []
    if not found or (found[0][0] is Likeness.WEAK and base.named is not None and base.named.level is Level.COMMUNITY):
        yield base  # of half a name its buildings may know more
        return
    taken: dict[UUID, Base] = {}
    for how, piece, one in found:
        words = replace(base.words, leftover=leftover.removeprefix(piece))
        same = how is Likeness.SAME and not says_other_kind(piece, one.named)
        notes = base.notes if same else (*base.notes, _note(how, piece, one.named, around))
        taken.setdefault(one.named.id, replace(base, named=one.named, notes=notes, words=words, said=True))
    for lower in taken.values():
        yield from _descended(lower, around, more - 1)
