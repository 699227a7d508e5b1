"""Reading addresses as people write them, against the places that there are: one, or the thousands of a spreadsheet at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from lianfang.ground.places.models import Place
from lianfang.ground.places.queries.address_rows import Estate, Register
from lianfang.ground.places.rules.address_bases import Base, Surroundings, bases, beginnings
from lianfang.ground.places.rules.address_doors import Compound
from lianfang.ground.places.rules.address_names import Chain, Match, Named, chains, matches, pieces, sizes_by_head
from lianfang.ground.places.rules.address_notes import is_road, shown
from lianfang.ground.places.rules.address_verdicts import Judge, Verdict
from lianfang.ground.places.rules.addresses import clean
from lianfang.ground.places.types import AddressEmpty, AddressMatch, AddressNothingFits, Certainty, Level
from lianfang.kernel.ids import PlaceId

MOST_UNKNOWN = 100  # beginnings of a batch that are looked for in the whole nation
_LOOKED_THROUGH = {Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY}
_GROUNDS = {Level.STREET, Level.COMMUNITY, Level.BUILDING, Level.UNIT}


def parse_address(text: str, within: Place | None) -> AddressMatch:
    """The place that an address means, how sure that is, and why.

    `within` is a place that the address is known to lie in: whatever may be left out in there (its name, those above) need not be said,
    and nothing outside is answered. Exact: every word was found as written and one place fits. Likely: one fits, but something was
    misspelt, left out, called by a former name or passed over; `why` says how it was read. Unsure: several fit (`alternatives`), or
    only a part was understood (`place` is as far as it goes, `why` names the rest). None: nothing was. Raises nothing.
    """
    return parse_addresses([text], within)[0]


def parse_addresses(texts: Sequence[str], within: Place | None, *, misspelt: bool = True) -> list[AddressMatch]:
    """The same for many addresses, in their order, with as many queries as for one.

    Without `misspelt` names below a division are taken as they are written, which is quicker.
    """
    cleaned = {text: clean(text) for text in dict.fromkeys(texts)}
    wanted = {text for text in cleaned.values() if text}
    verdicts = _Reading(wanted, within, misspelt=misspelt).verdicts() if wanted else {}
    ids = {place_id for verdict in verdicts.values() for place_id in (verdict.place_id, *verdict.alternatives) if place_id}
    places = {place.place_id: place for place in Place.objects.filter(pk__in=ids)}
    answers = {text: _answer(text, verdict, places, within) for text, verdict in verdicts.items()}
    nothing = AddressMatch(None, Certainty.NONE, AddressEmpty())
    return [answers.get(cleaned[text], nothing) for text in texts]


def _answer(text: str, verdict: Verdict, places: dict[PlaceId, Place], within: Place | None) -> AddressMatch:
    """The verdict with the places put in; nothing outside the place that the address is known to lie in."""
    place = places.get(PlaceId(verdict.place_id)) if verdict.place_id else None
    alternatives = [places[PlaceId(one)] for one in verdict.alternatives if PlaceId(one) in places]
    if within is not None:
        if place is not None and place.range.holds(within.range):
            place = within  # the text names but what holds it
        alternatives = [one for one in alternatives if within.range.holds(one.range)]
        if place is not None and not within.range.holds(place.range):
            return AddressMatch(None, Certainty.NONE, AddressNothingFits(rest=shown(text)))
    return AddressMatch(place, verdict.certainty, verdict.why, tuple(alternatives))


@dataclass(slots=True)
class _Text:
    """A text on its way to an answer."""

    found: list[Match]
    chains: list[Chain]
    bases: list[Base]


class _Reading:
    """One reading of many texts: what they need is read from the database once for all of them."""

    def __init__(self, texts: Collection[str], within: Place | None, *, misspelt: bool) -> None:
        self._misspelt = misspelt
        self._register = Register()
        self._within = self._ground(within) if within is not None else None
        self._around = Surroundings(within=self._within, above=self._register.named)
        self._texts = {text: _Text([], [], []) for text in sorted(texts)}
        self._estate = Estate(())

    def _ground(self, within: Place) -> Named:
        """The place as names are matched with it; a door counts as what it opens into."""
        here = within.parent_id if within.at_level is Level.DOOR and within.parent_id else within.pk
        self._register.take([here])
        return self._register.named[here]

    def verdicts(self) -> dict[str, Verdict]:
        """The answers, by text."""
        self._match_names()
        self._find_bases()
        self._load_estate()
        judge = Judge(self._around, self._estate.compounds)
        return {text: judge.verdict(one.bases) for text, one in self._texts.items()}

    def _match_names(self) -> None:
        spelt = self._register.spelt({piece for text in self._texts for piece in pieces(text)})
        sizes = sizes_by_head(spelt)
        for text, one in self._texts.items():
            one.found = matches(text, spelt, sizes)
            one.chains = chains(text, one.found, usable=self._usable, trusted=self._trusted)

    def _usable(self, named: Named) -> bool:
        within = self._within
        return within is None or named is within or within.holds(named) or named.held(within)

    def _trusted(self, named: Named) -> bool:
        within = self._within
        return within is not None and (named is within or named.held(within))

    def _find_bases(self) -> None:
        upper: set[Named] = set()
        unknown: set[str] = set()
        for one in self._texts.values():
            for chain in one.chains if self._misspelt else ():
                front = chain.tail.front
                if not front or is_road(front):
                    continue
                lowest = self._lowest(chain)
                if lowest is None and not chain.matches:
                    unknown |= beginnings(front)
                elif lowest is not None and lowest.level in _LOOKED_THROUGH:
                    upper.add(lowest)
        somewhere = self._register.alike(sorted(unknown)[:MOST_UNKNOWN])
        below = self._register.below(upper | {near.named for near in somewhere if near.named.level in _LOOKED_THROUGH})
        below[None] = somewhere
        around = replace(self._around, below=below)
        for text, one in self._texts.items():
            one.bases = bases(text, one.chains, replace(around, matches=one.found))

    def _lowest(self, chain: Chain) -> Named | None:
        within = self._within
        if within is None or (chain.last is not None and within.holds(chain.last)):
            return chain.last
        return within

    def _load_estate(self) -> None:
        """The buildings of all grounds, then the doors of those buildings that are meant."""
        grounds = {base.named for one in self._texts.values() for base in one.bases if self._asks_for_buildings(base) and base.named}
        self._estate = Estate(sorted(grounds, key=lambda named: (named.ranges, named.depth)))
        meant: set[UUID] = set()
        for one in self._texts.values():
            for base in one.bases:
                compound = self._compound(base.named)
                if compound is not None:
                    meant |= compound.meant(base.words)
        self._estate.fill(meant)

    @staticmethod
    def _asks_for_buildings(base: Base) -> bool:
        named, words = base.named, base.words
        return named is not None and (named.level is None or named.level in _GROUNDS) and bool(words.tokens or words.leftover)

    def _compound(self, named: Named | None) -> Compound | None:
        return self._estate.compounds.get(named.id) if named else None
