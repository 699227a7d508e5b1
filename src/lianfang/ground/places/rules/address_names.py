"""The names at the beginning of an address: which divisions, areas and named buildings its characters may spell, one inside the other.

Pure: whoever asks looks up all pieces of the text first (`pieces`). A *match* is a piece of the text that spells a name; a *chain*
is a list of matches of which each lies inside the one before: 二道区 · 英俊镇 · 和平村. What no match covers is a *gap*, which
`address_bases` explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from lianfang.ground.places.rules.addresses import Tail, read_tail
from lianfang.ground.places.types import DEPTHS, Kind, Level
from lianfang.kernel.ranges import Range

SHORTEST_NAME, LONGEST_NAME = 2, 24
NUMBERS_IN_NAME = 2
SLACK = 4  # chains that leave so many characters more are still looked at: a misspelt word may explain them
MOST_CHAINS = 60
_TOKEN_COST = 0.01  # a number that a name explains is better explained

KIND_WORDS = {
    Level.PROVINCE: ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"),
    Level.CITY: ("自治州", "地区", "市", "盟", "州"),
    Level.COUNTY: ("自治县", "自治旗", "区", "县", "市", "旗"),
    Level.STREET: ("街道办事处", "街道办", "街道", "办事处", "民族乡", "镇", "乡"),
    Level.COMMUNITY: (
        "社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区", "村村民委员会", "村民委员会", "村村委会", "村委会", "村",
    ),
}  # fmt: skip
KIND_ALONE = frozenset(word for words in KIND_WORDS.values() for word in words)
_FAMILIES = {"街道": "街道 街道办事处 街道办 办事处", "乡": "乡 民族乡", "县": "县 自治县", "旗": "旗 自治旗", "州": "州 自治州"}
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words.split()}


@dataclass(frozen=True, eq=False)
class Named:
    """A place or area as names are matched with it: where it stands and stood, and what is above it. `ranges` are in order."""

    id: UUID
    name: str
    level: Level | None  # None for an area
    kind: str
    above: UUID | None  # the parent; of an area, its home
    ranges: tuple[Range, ...]
    former: tuple[Range, ...] = ()
    ended: bool = False

    @cached_property
    def depth(self) -> int:
        """0 for a province; an area lies between a community and its buildings."""
        return 2 * DEPTHS[self.level] if self.level else 2 * DEPTHS[Level.COMMUNITY] + 1

    def holds(self, other: Named) -> bool:
        """Whether another lies inside, today."""
        if self.depth >= other.depth and self.level is not None:
            return False
        return self is not other and bool(other.ranges) and all(any(mine.holds(piece) for mine in self.ranges) for piece in other.ranges)

    def held(self, other: Named) -> bool:
        """Whether another lies inside, or once lay."""
        if self.holds(other):
            return True
        if self.depth >= other.depth or not (other.former or other.ended or self.former):
            return False
        mine, others = (*self.ranges, *self.former), (*other.ranges, *other.former)
        return any(one.holds(piece) for one in mine for piece in others)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write a name: how it stands in the table of search keys (name, stem, alias, former)."""

    how: str
    named: Named


@dataclass(frozen=True, slots=True)
class Match:
    """Characters [start, end) of the text that spell a name: `bare` without the word for its kind, `other_kind` with another one."""

    start: int
    end: int
    named: Named
    how: str
    spelt: str
    bare: bool = False
    other_kind: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Matches of which each lies inside the one before, the number of characters they leave, and the numbers behind them."""

    matches: tuple[Match, ...]
    cost: float
    tail: Tail

    @property
    def end(self) -> int:
        """Where the last name ends."""
        return self.matches[-1].end if self.matches else 0

    @property
    def last(self) -> Named | None:
        """The deepest named."""
        return self.matches[-1].named if self.matches else None


def pieces(text: str) -> set[str]:
    """All pieces of a plain text that may be names, in the form of search keys; none where there are but numbers.

    A name may take in the first numbers (幸福三期, 银河小区3栋), or begin with them (十户三组, 110街社区).
    """
    tail = read_tail(text)
    if not tail.front and not tail.trailing and (not text or text[0].isascii()):
        return set()
    numbered = tail.tokens[:NUMBERS_IN_NAME]
    end = numbered[-1].end if numbered and not tail.trailing else len(text)
    starts = range(len(tail.front) if tail.front and not tail.trailing else end)
    return {text[at : at + size].lower() for at in starts for size in range(SHORTEST_NAME, LONGEST_NAME + 1) if at + size <= end}


def _kind_word(name: str, level: Level) -> str | None:
    word = next((word for word in KIND_WORDS[level] if name.endswith(word)), None)
    return None if word is None else _FAMILY.get(word, word)


def _other_kind(word: str, named: Named, level: Level) -> bool:
    """Whether a word says that a place is of another kind than it is: 村 of a residents' committee, 镇 of a 街道."""
    own = _kind_word(named.name, level)
    if level is Level.COMMUNITY:
        is_village = own.startswith("村") if own else named.kind == Kind.VILLAGE
        return word.startswith("村") != is_village
    return own not in {None, _FAMILY.get(word, word)}


def says_other_kind(words: str, named: Named) -> bool:
    """Whether words that end with a word for a kind mean another kind than a place is."""
    if named.level not in KIND_WORDS:
        return False
    word = next((word for word in KIND_WORDS[named.level] if words.endswith(word)), None)
    return word is not None and _other_kind(word, named, named.level)


def sizes_by_head(names: Iterable[str]) -> dict[str, list[int]]:
    """How long the names are that begin with two characters: nothing else needs to be compared where a text has these two."""
    sizes: dict[str, set[int]] = {}
    for name in names:
        sizes.setdefault(name[:SHORTEST_NAME], set()).add(len(name))
    return {head: sorted(each) for head, each in sizes.items()}


def matches(text: str, spelt: Mapping[str, Sequence[Spelling]], sizes: Mapping[str, Sequence[int]] | None = None) -> list[Match]:
    """Every name that a piece of the text spells. Who reads many texts gives the `sizes_by_head` of the names, made once."""
    sizes = sizes_by_head(spelt) if sizes is None else sizes
    found: list[Match] = []
    for at in range(len(text) - SHORTEST_NAME + 1):
        for size in sizes.get(text[at : at + SHORTEST_NAME].lower(), ()):
            piece = text[at : at + size]
            if len(piece) == size:
                for spelling in spelt.get(piece.lower(), ()):
                    found += _spelling(text, at, at + size, spelling)
    return found


def _spelling(text: str, start: int, end: int, spelling: Spelling) -> Iterator[Match]:
    named, level = spelling.named, spelling.named.level
    if text[start:end] in KIND_ALONE:  # there are places called but 街道
        return
    if spelling.how != "stem" or level not in KIND_WORDS:
        yield Match(start, end, named, spelling.how, text[start:end])
        return
    yield Match(start, end, named, spelling.how, text[start:end], bare=True)
    word = next((word for word in KIND_WORDS[level] if text.startswith(word, end)), None)
    if word is not None:
        end += len(word)
        yield Match(start, end, named, spelling.how, text[start:end], other_kind=_other_kind(word, named, level))


def _cost(tail: Tail) -> float:
    numbers = sum(token.end - token.start for token in tail.tokens)
    return len(tail.front) + len(tail.trailing) + numbers * _TOKEN_COST


def chains(text: str, found: Iterable[Match], *, usable: Callable[[Named], bool], trusted: Callable[[Named], bool]) -> list[Chain]:
    """The chains that leave the fewest characters, best first; the empty one is among them.

    `usable` says which places may be meant at all; `trusted` which are so certain that other words may follow their bare stem (和平大街
    is not in 和平 otherwise).
    """
    ordered = sorted((match for match in found if usable(match.named)), key=lambda match: (match.start, match.end, match.named.depth))
    best: list[tuple[float, int]] = []
    for number, match in enumerate(ordered):
        options = [(float(match.start), -1)] if match.start == 0 or not match.bare else []
        options += [
            (best[other][0] + match.start - before.end, other)
            for other, before in enumerate(ordered[:number])
            if _may_follow(before, match, trusted=trusted)
        ]
        cost, before_it = min(options, default=(float("inf"), -1))
        best.append((cost, before_it))
    tails = {end: read_tail(text[end:]) for end in {0, *(match.end for match in ordered)}}
    made = [Chain((), _cost(tails[0]), tails[0])]
    for number, match in enumerate(ordered):
        tail = tails[match.end]
        if best[number][0] < len(text) and not match.named.ended and (not tail.front or not match.bare or trusted(match.named)):
            made.append(Chain(tuple(_back(ordered, best, number)), best[number][0] + _cost(tail), tail))
    made.sort(key=lambda chain: (chain.cost, [match.named.ranges for match in chain.matches]))
    most = made[0].cost + SLACK if made[0].cost >= 1 else 1  # where all is spelt out, there is nothing to explain
    return [chain for chain in made if chain.cost < most][:MOST_CHAINS]


def _may_follow(before: Match, match: Match, *, trusted: Callable[[Named], bool]) -> bool:
    gap = match.start - before.end
    if gap < 0 or (gap and (match.bare or (before.bare and not trusted(before.named)))):
        return False
    return before.named.held(match.named)


def _back(ordered: list[Match], best: list[tuple[float, int]], number: int) -> list[Match]:
    made: list[Match] = []
    while number >= 0:
        made.append(ordered[number])
        number = best[number][1]
    return made[::-1]
