"""Which number of an address may be the building, the unit, the floor and the room.

"3-2-501" says nothing about it; "3栋2单元501室" says all. Every way of reading that the words allow is listed, and the buildings
that there are decide (`address_doors`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lianfang.ground.places.rules.addresses import Hint, Tail, Token, clean, read_tail, split_letter

MOST_GROUPS = 2
LONGEST_ADDITION = 2  # of 501-1 and 501-A


class Slot(StrEnum):
    """What a number behind that of the building stands for."""

    UNIT = "unit"
    FLOOR = "floor"
    ROOM = "room"
    ADDITION = "addition"  # the 1 of 501-1


_ORDERS: dict[int, list[tuple[Slot, ...]]] = {
    0: [()],
    1: [(Slot.UNIT,), (Slot.FLOOR,), (Slot.ROOM,)],
    2: [(Slot.UNIT, Slot.ROOM), (Slot.FLOOR, Slot.ROOM), (Slot.UNIT, Slot.FLOOR), (Slot.ROOM, Slot.ADDITION)],
    3: [(Slot.UNIT, Slot.FLOOR, Slot.ROOM), (Slot.UNIT, Slot.ROOM, Slot.ADDITION), (Slot.FLOOR, Slot.ROOM, Slot.ADDITION)],
    4: [(Slot.UNIT, Slot.FLOOR, Slot.ROOM, Slot.ADDITION)],
}
_MAY_NAME_BUILDING = {Hint.BUILDING, Hint.STOREY, Hint.NUMBER, Hint.MARK, Hint.GROUP, Hint.NONE}
_MAY_BE_LAST = {
    Slot.UNIT: {Hint.UNIT, Hint.DOORWAY, Hint.MARK, Hint.NONE},
    Slot.FLOOR: {Hint.FLOOR, Hint.STOREY},
    Slot.ROOM: {Hint.ROOM, Hint.NUMBER, Hint.DOORWAY, Hint.MARK, Hint.NONE},
    Slot.ADDITION: {Hint.ROOM, Hint.NUMBER, Hint.NONE},
}
_MAY_STAND_BEFORE = {
    Slot.UNIT: {Hint.UNIT, Hint.DOORWAY, Hint.MARK, Hint.NUMBER, Hint.NONE},
    Slot.FLOOR: {Hint.FLOOR, Hint.STOREY, Hint.NONE},
    Slot.ROOM: {Hint.ROOM, Hint.NONE},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a tail. `marks` are where the building's, the unit's and the last word end, to name what was not found."""

    building: tuple[str, ...] = ()
    word: Hint = Hint.NONE  # the word behind the building's number
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    addition: str | None = None
    floor_guessed: bool = False  # no word says that it is one
    after_building: int = 0
    after_unit: int = 0


def _fits(slot: Slot, token: Token, *, last: bool) -> bool:
    if slot is Slot.ADDITION and len(token.value) > LONGEST_ADDITION:
        return False
    return token.hint in (_MAY_BE_LAST if last else _MAY_STAND_BEFORE)[slot]


def _names_building(head: tuple[Token, ...]) -> bool:
    *groups, last = head
    return last.hint in _MAY_NAME_BUILDING and all(token.hint is Hint.GROUP or token.value.isalpha() for token in groups)


def _ways(tokens: tuple[Token, ...]) -> Iterator[Reading]:
    start = tokens[0].start if tokens else 0
    for cut in range(min(len(tokens), MOST_GROUPS + 1) + 1):
        head, rest = tokens[:cut], tokens[cut:]
        if head and not _names_building(head):
            continue
        for order in _ORDERS.get(len(rest), ()):
            if all(_fits(slot, token, last=token is rest[-1]) for slot, token in zip(order, rest, strict=True)):
                yield _reading(head, dict(zip(order, rest, strict=True)), start)


def _reading(head: tuple[Token, ...], said: dict[Slot, Token], start: int) -> Reading:
    values = {slot: token.value for slot, token in said.items()}
    after = head[-1].end if head else start
    return Reading(
        building=tuple(token.value for token in head),
        word=head[-1].hint if head else Hint.NONE,
        unit=values.get(Slot.UNIT),
        floor=values.get(Slot.FLOOR),
        room=values.get(Slot.ROOM),
        addition=values.get(Slot.ADDITION),
        floor_guessed=Slot.FLOOR in said and said[Slot.FLOOR].hint is Hint.NONE,
        after_building=after,
        after_unit=said[Slot.UNIT].end if Slot.UNIT in said else after,
    )


def readings(tokens: tuple[Token, ...]) -> list[Reading]:
    """Every way to read the numbers of a tail; none when there are too many of them."""
    split = split_letter(tokens)
    return [*_ways(tokens), *(_ways(split) if split else ())]


@dataclass(frozen=True, slots=True)
class Designation:
    """What tells a building from its neighbours: a name, numbers, or both ("银河小区" and ("3",))."""

    front: str
    values: tuple[str, ...]
    word: Hint


def designation(name: str) -> Designation:
    """The name of a building taken apart; one that is not a name and numbers is a name only."""
    tail = read_tail(clean(name))
    if not tail.tokens or tail.trailing or not _names_building(tail.tokens):
        return Designation(clean(name), (), Hint.NONE)
    return Designation(tail.front, tuple(token.value for token in tail.tokens), tail.tokens[-1].hint)


def unit_value(name: str) -> str:
    """The number or letter of a unit: 2 for 2单元, 东 for 东单元; the whole name when it has neither."""
    tail: Tail = read_tail(clean(name))
    return tail.tokens[0].value if len(tail.tokens) == 1 and not tail.front and not tail.trailing else clean(name)
