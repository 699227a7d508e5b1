"""Proposals for grids (网格) and ten-household groups (十户联防): neighbours cut into parts of about one size.

300 to 500 households a grid is what the guidance on grid governance advises, not a rule; a ten-household group has about ten
neighbouring households. What is proposed is shown and changed by whoever knows the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

GRID_LEAST, GRID_MOST = 300, 500  # households
TEN = 10


@dataclass(frozen=True, slots=True)
class Block:
    """A building with its size in households and the compound it belongs to ("" for none)."""

    id: UUID
    compound: str
    size: int


def propose_grids(blocks: Sequence[Block], *, least: int = GRID_LEAST, most: int = GRID_MOST) -> list[list[Block]]:
    """Cut buildings given in walking order into grids of neighbours.

    A compound stays whole where it fits; a larger one is cut into equal parts; small ones share a grid while it stays under `most`.
    """
    pieces = [part for compound in _compounds(blocks) for part in _even(compound, most)]
    grids: list[list[Block]] = []
    for piece in pieces:
        if grids and _size(grids[-1]) < least and _size(grids[-1]) + _size(piece) <= most:
            grids[-1] += piece
        else:
            grids.append(list(piece))
    if len(grids) > 1 and _size(grids[-1]) < least and _size(grids[-2]) + _size(grids[-1]) <= most:
        last = grids.pop()
        grids[-1] += last
    return grids


def _compounds(blocks: Sequence[Block]) -> list[list[Block]]:
    """The buildings of each compound together, where its first stands; one of none by itself."""
    found: dict[tuple[str, UUID | None], list[Block]] = {}
    for block in blocks:
        found.setdefault((block.compound, None if block.compound else block.id), []).append(block)
    return list(found.values())


def _size(blocks: Sequence[Block]) -> int:
    return sum(block.size for block in blocks)


def _even(blocks: list[Block], most: int) -> list[list[Block]]:
    """A row of buildings in as few parts as fit, all about as large; a single building is never cut."""
    total = _size(blocks)
    count = -(-total // most)
    if count <= 1:
        return [blocks]
    parts: list[list[Block]] = [[]]
    gone = 0
    for block in blocks:
        # The middle of a building says to which part it belongs.
        if parts[-1] and (gone + block.size / 2) * count >= total * len(parts) and len(parts) < count:
            parts.append([])
        parts[-1].append(block)
        gone += block.size
    return parts


def tens(count: int) -> list[int]:
    """The sizes of the groups of so many neighbouring doors: about ten each, none more than one larger than another."""
    if not count:
        return []
    groups = max(1, round(count / TEN))
    return [count // groups + (number < count % groups) for number in range(groups)]
