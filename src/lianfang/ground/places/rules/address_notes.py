"""What had to be understood in reading an address, and how much doubt it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """How much a note takes from the certainty of a reading."""

    UNDERSTOOD = 1  # misspelt, left out, called by a former name: likely
    DOUBTFUL = 2  # words that nobody understood, or that contradict what was found: unsure


@dataclass(frozen=True, slots=True)
class Note:
    """What was said and what was taken for it; nothing said means left out, nothing meant means passed over."""

    said: str
    meant: str
    weight: Weight = Weight.UNDERSTOOD

    def __str__(self) -> str:
        """In signs that need no translation: 新悦路 → 新月路."""
        return f"{self.said or '…'} → {self.meant or '–'}"


_ROAD_WORDS = "大街|大道|公路|胡同|街|路|道|巷|弄"
_ROAD = re.compile(rf"(?:[^0-9街]{{1,8}}?(?:{_ROAD_WORDS})(?:[0-9零〇一二三四五六七八九十百-]+号?院?)?)+")
_LEADING_ROAD = re.compile(rf"[^0-9街]{{1,8}}?(?:{_ROAD_WORDS})[0-9-]+号院?")
_DIVISION = re.compile(r".[省市区县镇乡][^街路道巷弄]{2}")  # 朝阳区人民大街 is more than a road; 新市街 is one
_PRIVATE = re.compile(r"\d{7,}X?")


def is_road(words: str) -> bool:
    """Whether words are but roads and numbers on them, which the tree of places does not hold: 人民大街123号."""
    return _ROAD.fullmatch(words) is not None and _DIVISION.search(words) is None


def leading_road(words: str) -> str:
    """The road and number at the beginning of some words, with more behind them; empty without."""
    found = _LEADING_ROAD.match(words)
    return found[0] if found and found.end() < len(words) and is_road(found[0]) else ""


def about(leftover: str) -> tuple[Note, ...]:
    """The notes on words before the numbers that belong to nothing that was found."""
    if not leftover:
        return ()
    return (Note(leftover, "", Weight.UNDERSTOOD if is_road(leftover) else Weight.DOUBTFUL),)


def weight_of(notes: Iterable[Note]) -> int:
    """The heaviest of some notes; 0 for none."""
    return max((int(note.weight) for note in notes), default=0)


def shown(words: str) -> str:
    """Words of an address as they may be repeated in an answer: telephone and paper numbers only by their first digits."""
    return _PRIVATE.sub(lambda found: found[0][:3] + "****", words.strip("-"))
