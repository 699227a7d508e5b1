"""Where the words of a list lie: which place or area they mean, and how that reads; looked up for all rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lianfang.ground.accounts.access import Actor, all_ranges
from lianfang.ground.accounts.rules.headings import bare
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import AddressMatch, Certainty, Level
from lianfang.kernel.ids import PlaceId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lianfang.ground.places.models import Area, Place

NOT_UNDERSTOOD = (Certainty.UNSURE, Certainty.NONE)


class Spots:
    """The places and areas of one list. `within` is where the list is known to lie, by default the actor's one own place."""

    def __init__(self, texts: Iterable[str], *, by: Actor, within: Place | None) -> None:
        words = sorted({text for text in texts if text})
        own = None if within is not None else _own_place(by)
        reach = places.ranges_of(within) if within is not None else all_ranges(by)
        self._areas: dict[str, list[Area]] = {}
        for area in places.areas_within(reach):
            self._areas.setdefault(bare(area.name), []).append(area)
        self._matches = dict(zip(words, places.parse_addresses(words, within or own), strict=True))
        if own is not None:
            self._look_elsewhere()
        self._above = _above([match.place for match in self._matches.values() if match.place is not None])

    def _look_elsewhere(self) -> None:
        """What is nothing in one's own place may be something outside: then that is the reason, and nothing else changes."""
        unknown = [text for text, match in self._matches.items() if match.certainty in NOT_UNDERSTOOD]
        for text, match in zip(unknown, places.parse_addresses(unknown, None), strict=True):
            if match.certainty is Certainty.EXACT:
                self._matches[text] = match

    def match(self, text: str) -> AddressMatch:
        """What the words of a place mean, how surely, and why."""
        return self._matches[text]

    def area(self, text: str) -> Area | None:
        """The one area that is named so, or whose name stands behind the name of the division it is administered at."""
        word = bare(text)
        named = self._areas.get(word) or [
            area for name, areas in self._areas.items() if word.endswith(name) for area in areas if _is_home(area, word.removesuffix(name))
        ]
        return named[0] if len(named) == 1 else None

    def path(self, place: Place) -> str:
        """Where a place lies, from its community down, as a reader checks it."""
        names, step = [place.name], self._above.get(place.parent_id)
        while step is not None and step.at_level.depth >= Level.COMMUNITY.depth:
            names.append(step.name)
            step = self._above.get(step.parent_id)
        return " ".join(reversed(names))


def _own_place(by: Actor) -> Place | None:
    """The one place the actor gives grants over, if there is one."""
    own = {held.scope for held in by.holding(Ability.GRANTS_GIVE) if isinstance(held.scope, OverPlace)}
    return places.place(own.pop().place_id) if len(own) == 1 else None


def _above(found: Iterable[Place]) -> dict[object, Place]:
    """The places above some, up to their communities, by id: a query for each level."""
    known: dict[object, Place] = {}
    level = list(found)
    while level:
        wanted: set[PlaceId] = {
            PlaceId(place.parent_id) for place in level if place.parent_id and place.at_level.depth > Level.COMMUNITY.depth
        }
        level = list(places.places_by_id(sorted(wanted - known.keys())).values())
        known |= {place.pk: place for place in level}
    return known


def _is_home(area: Area, words: str) -> bool:
    return bool(words) and words.endswith(bare(area.home.name))
