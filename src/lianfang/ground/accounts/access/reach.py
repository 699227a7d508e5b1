"""Where an ability holds: from grants to ranges of positions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lianfang.ground.accounts.access.actors import Actor
from lianfang.ground.accounts.rules.roles import ABILITIES, READING, Ability, Role
from lianfang.ground.accounts.types import OverArea, OverOrganisation, OverPlace, Scope
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ranges import EVERYWHERE, Range, merged

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

LOCAL_NEVER = frozenset({Ability.PEOPLE_REVEAL})
"""What the local administrator may not do: it needs the name of a person in the log."""


_kept: ContextVar[dict[Any, list[Range]] | None] = ContextVar("lianfang_scope_ranges", default=None)

_places: ContextVar[dict[OverPlace, Place] | None] = ContextVar("lianfang_scope_places", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Read what each scope covers once, as long as this lasts: a page asks about the same grants dozens of times."""
    token, of_places = _kept.set({}), _places.set({})
    try:
        yield
    finally:
        _kept.reset(token)
        _places.reset(of_places)


def scope_ranges(scope: Scope, *, reading: bool) -> list[Range]:
    """The positions a grant covers: those of today, and for reading those the place had before; none for organisations."""
    kept = _kept.get()
    if kept is None:
        return _read_ranges(scope, reading=reading)
    asked = scope, reading and isinstance(scope, OverPlace)  # areas are read as they are today
    if asked not in kept:
        kept[asked] = _read_ranges(scope, reading=reading)
    return list(kept[asked])


def _read_ranges(scope: Scope, *, reading: bool) -> list[Range]:
    if isinstance(scope, OverPlace):
        place = place_of(scope)
        return places.reading_ranges(place) if reading else places.ranges_of(place)
    if isinstance(scope, OverArea):
        return places.area_ranges(scope.area_id)
    return []


def place_of(scope: OverPlace) -> Place:
    """The place of a grant, read once as long as ranges are remembered."""
    kept = _places.get()
    if kept is None:
        return places.place(scope.place_id)
    if scope not in kept:
        kept[scope] = places.place(scope.place_id)
    return kept[scope]


def ranges(actor: Actor, ability: str, *, reading: bool = True) -> list[Range]:
    """Where the actor holds an ability today, as sorted disjoint ranges.

    Former positions of a place are included only for abilities that read, whatever `reading` says.
    """
    if actor.local:
        return [] if ability in LOCAL_NEVER else [EVERYWHERE]
    former = reading and ability in READING
    kept = _kept.get()
    held = tuple(grant.scope for grant in actor.holding(ability))
    if kept is None:
        return _merged(held, former=former)
    if (held, former) not in kept:
        kept[held, former] = _merged(held, former=former)
    return list(kept[held, former])


def _merged(scopes: tuple[Scope, ...], *, former: bool) -> list[Range]:
    return merged(piece for scope in scopes for piece in scope_ranges(scope, reading=former))


def all_ranges(actor: Actor) -> list[Range]:
    """Everything the actor may read in any of their roles: what row security is set to."""
    if actor.local:
        return [EVERYWHERE]
    today = clock.today()
    return merged(piece for grant in actor.grants if grant.holds(today) for piece in scope_ranges(grant.scope, reading=True))


def organisation_ranges(actor: Actor, ability: str) -> list[Range]:
    """Where in the numbering of organisations the actor holds an ability today."""
    if actor.local:
        return [] if ability in LOCAL_NEVER else [EVERYWHERE]
    return merged(grant.scope.range for grant in actor.holding(ability) if isinstance(grant.scope, OverOrganisation))


def abilities(actor: Actor) -> frozenset[str]:
    """Everything the actor may do anywhere today."""
    if actor.local:
        return frozenset(Ability) - LOCAL_NEVER
    today = clock.today()
    return frozenset().union(*(ABILITIES[Role(grant.role)] for grant in actor.grants if grant.holds(today)))
