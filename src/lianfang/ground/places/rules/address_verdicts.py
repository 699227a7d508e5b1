"""How sure the reading of an address is, and why: the last step, from what the words may mean to one answer in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from lianfang.ground.places.rules.address_bases import Base, Surroundings
from lianfang.ground.places.rules.address_doors import Compound, Depth, Fit
from lianfang.ground.places.rules.address_names import Named
from lianfang.ground.places.rules.address_notes import Note, Weight, shown, weight_of
from lianfang.ground.places.types import (
    AddressFits,
    AddressManyFit,
    AddressNeedsPlace,
    AddressNothingFits,
    AddressOnlyUpTo,
    AddressReadAs,
    Certainty,
)
from lianfang.kernel.errors import Refused

MOST_ALTERNATIVES = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer by ids; whoever asked puts the places in."""

    place_id: UUID | None
    certainty: Certainty
    why: Refused
    alternatives: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to understand an address. `ground` is the surest part of it: where the doubt, if any, begins."""

    base: Base
    place_id: UUID | None
    path: tuple[str, ...]
    notes: tuple[Note, ...]
    rest: str
    depth: int
    fit: Fit | None = None

    @property
    def weight(self) -> int:
        return weight_of(self.notes)

    def rank(self) -> tuple[bool, bool, int, int]:
        """Without doubt first, then complete, then deep, then with little to understand."""
        return (self.weight >= Weight.DOUBTFUL, bool(self.rest), -self.depth if self.rest else 0, self.weight)


class Judge:
    """Answers for texts read in the same surroundings, where the compounds of the grounds are known."""

    def __init__(self, around: Surroundings, compounds: Mapping[UUID, Compound]) -> None:
        self._around = around
        self._compounds = compounds

    def _path(self, named: Named | None) -> list[str]:
        """The names of a place from below the one that was asked about; from its city on, when none was."""
        path = [step.name for step in self._around.path(named)]
        above = len(self._around.path(self._around.within))
        if above:
            return path[above:]
        # 市辖区 says nothing without the municipality it lies in.
        return path[1:] if len(path) > 1 and path[1].endswith("市") else path

    def _compound(self, named: Named | None) -> Compound | None:
        return self._compounds.get(named.id) if named else None

    def verdict(self, bases: Sequence[Base]) -> Verdict:
        """The answer for the bases of one text."""
        options = [option for base in bases for option in self._options(base)]
        first = min(option.rank() for option in options)
        best: dict[UUID | None, _Option] = {}
        for option in options:
            if option.rank() == first:
                best.setdefault(option.place_id, option)
        chosen = list(best.values())
        if len(chosen) > 1:
            return self._many(chosen)
        unbuilt = [] if chosen[0].rest else [option for option in options if option.base is not chosen[0].base and self._unbuilt(option)]
        if unbuilt and chosen[0].depth:
            # The other places of that name may have the door too: they were not laid out yet.
            return self._many([*chosen, *unbuilt])
        if len(bases) > 1 and chosen[0].depth:
            # The other places of that name have no such door.
            named = chosen[0].base.named
            return self._one(replace(chosen[0], notes=(*chosen[0].notes, Note("", named.name if named else ""))))
        return self._one(chosen[0])

    def _unbuilt(self, option: _Option) -> bool:
        compound = self._compound(option.base.named)
        return compound is not None and not compound.buildings

    @staticmethod
    def _words(ground: Named | None, path: Sequence[str]) -> str:
        return " ".join(path) or (ground.name if ground else "")

    def _options(self, base: Base) -> list[_Option]:
        words, named = base.words, base.named
        path = tuple(self._path(named))
        trailing = shown(base.trailing)
        if not words.tokens and not words.leftover:
            return [_Option(base, named.id if named and named.level else None, path, base.notes, trailing, 0)]
        compound = self._compound(named)
        fits = compound.fits(words) if compound else []
        if not fits:
            rest = shown(words.leftover + (words.text[words.tokens[0].start :] if words.tokens else ""))
            return [_Option(base, named.id if named and named.level else None, path, base.notes, rest, Depth.GROUND)]
        return [
            _Option(base, fit.place_id, (*path, *fit.path), (*base.notes, *fit.notes), fit.rest + trailing, fit.depth, fit) for fit in fits
        ]

    def _one(self, option: _Option) -> Verdict:
        if option.rest and option.depth == Depth.GROUND:
            return self._short_of_building(option)
        path = self._words(option.base.named, option.path)
        beside = option.fit.beside if option.fit else ()
        if option.weight >= Weight.DOUBTFUL:
            return self._doubtful(option)
        if option.place_id is None:
            # An area by itself is no place: its home is one, with more in it.
            *_, home, area = self._around.path(option.base.named)
            return Verdict(home.id, Certainty.UNSURE, AddressOnlyUpTo(path=self._words(home, self._path(home)), rest=area.name))
        if option.rest:
            why: Refused = AddressOnlyUpTo(path=path, rest=shown(option.rest))
            return Verdict(option.place_id, Certainty.UNSURE, why, beside[:MOST_ALTERNATIVES])
        if option.notes:
            return Verdict(option.place_id, Certainty.LIKELY, AddressReadAs(path=path, what="; ".join(map(str, option.notes))))
        return Verdict(option.place_id, Certainty.EXACT, AddressFits())

    def _short_of_building(self, option: _Option) -> Verdict:
        """Nothing of the numbers was found. Numbers that do without a building need to be told which."""
        tokens = option.base.words.tokens
        ways = option.base.words.readings
        bare = bool(tokens) and (any if len(tokens) == 1 else all)(not way.building for way in ways)
        compound = self._compound(option.base.named)
        if not option.base.words.leftover and not option.base.trailing and (bare if compound else bool(tokens)):
            why: Refused = AddressNeedsPlace(rest=option.rest)
        elif not option.base.said or option.place_id is None:
            why = AddressNothingFits(rest=option.rest)
        else:
            why = AddressOnlyUpTo(path=self._words(option.base.named, option.path), rest=option.rest)
        if not option.base.said:
            return Verdict(None, Certainty.NONE, why)
        if weight_of(option.base.notes) >= Weight.DOUBTFUL:
            return self._doubtful(option)
        return Verdict(option.place_id, Certainty.UNSURE, why)

    def _doubtful(self, option: _Option) -> Verdict:
        """Words that contradict what was found, or that nobody knows: what was found is but offered."""
        doubts = "、".join(shown(note.said or note.meant) for note in option.notes if note.weight >= Weight.DOUBTFUL)
        ground, offered = option.base.named, option.place_id
        if ground is None or weight_of(option.base.notes) >= Weight.DOUBTFUL:
            why = AddressOnlyUpTo(path=self._words(ground, option.path), rest=doubts)
            return Verdict(None, Certainty.UNSURE, why, (offered,) if offered else ())
        why = AddressOnlyUpTo(path=self._words(ground, self._path(ground)), rest=doubts)
        sure = ground.id if ground.level else None
        return Verdict(sure, Certainty.UNSURE, why, (offered,) if offered and offered != sure else ())

    @staticmethod
    def _many(options: Iterable[_Option]) -> Verdict:
        """Several places fit alike: a person chooses."""
        listed = sorted(options, key=lambda option: (-option.depth, option.path))
        first, second = (" ".join(option.path) for option in listed[:2])
        ids = dict.fromkeys(option.place_id for option in listed if option.place_id is not None)
        why = AddressManyFit(count=len(listed), first=first, second=second)
        return Verdict(None, Certainty.UNSURE, why, tuple(ids)[:MOST_ALTERNATIVES])
