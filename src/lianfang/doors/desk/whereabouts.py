"""Where a place lies, in words; and which place words mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Certainty, Level, PlaceNotFound
from lianfang.kernel.ids import PlaceId
from lianfang.kernel.ranges import Range, contains, intersect

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Area, Place


@dataclass(frozen=True, slots=True)
class Crumb:
    """One place of the path; without a link where it lies above what the reader answers for."""

    id: UUID
    name: str
    open: bool


def crumbs(actor: Actor, place: Place, path: Sequence[Place] | None = None) -> list[Crumb]:
    """The path to a place from the province down, read unless it is given."""
    reach = access.ranges(actor, "places.see")
    return [Crumb(above.id, above.name, contains(reach, above.range)) for above in (places.ancestors(place) if path is None else path)]


def readable(actor: Actor, ability: str, place: Place) -> list[Range]:
    """The positions of a place, of today and before, as far as the reader holds an ability over them: for what happened there."""
    return intersect(places.reading_ranges(place), access.ranges(actor, ability))


def door_title(path: Sequence[Place], place: Place) -> str:
    """A place below the community by its own words: 3栋2单元501."""
    below = [above.name for above in path if above.at_level in {Level.BUILDING, Level.UNIT}]
    return "".join([*below, place.name])


def places_named(place_ids: Collection[UUID]) -> dict[UUID, str]:
    """Many places in words: 3栋2单元501, with the community before it when there are several."""
    wanted = {PlaceId(each) for each in place_ids}
    known = places.with_what_is_above(wanted)
    communities = {one.id for one in known.values() if one.at_level is Level.COMMUNITY}
    return {each: _named(known[each], known, with_community=len(communities) > 1) for each in wanted if each in known}


def _named(place: Place, known: dict[PlaceId, Place], *, with_community: bool) -> str:
    words: list[str] = []
    here: Place | None = place
    while here is not None:
        if here.at_level is Level.COMMUNITY and here.id != place.id:
            if with_community:
                words.append(here.name + " ")
            break
        words.append(here.name)
        if here.at_level.is_division:
            break
        here = known.get(PlaceId(here.parent_id)) if here.parent_id else None
    return "".join(reversed(words))


def place_meant(actor: Actor, text: str, *, ability: str = "places.see", within: Place | None = None) -> tuple[Place | None, Area | None]:
    """The place or area that words mean: a code, position, id or area:NAME, else an address, within sight only.

    An address counts when it is exact or likely and one place fits. Raises NotFound or Ambiguous.
    """
    reach = access.ranges(actor, ability)
    try:
        found = places.resolve(text)
    except PlaceNotFound:
        match = places.parse_address(text, within or post_of(actor))
        if match.place is None or match.certainty not in {Certainty.EXACT, Certainty.LIKELY} or not _seen(reach, match.place.range):
            raise match.why if match.certainty is Certainty.UNSURE else PlaceNotFound(text=text) from None
        return match.place, None
    if hasattr(found, "home_id"):
        area = cast("Area", found)
        if not all(_seen(reach, piece) for piece in places.area_ranges(area.area_id)):
            raise PlaceNotFound(text=text)
        return None, area
    if not _seen(reach, found.range):
        raise PlaceNotFound(text=text)
    return found, None


def _seen(reach: Sequence[Range], piece: Range) -> bool:
    return contains(reach, piece)


def post_of(actor: Actor) -> Place | None:
    """The place of the reader's highest office, to read short addresses in."""
    post = accounts.main_post(actor)
    return places.place(post.place_id) if post and post.place_id else None
