"""Where somebody may come on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lianfang.ground.accounts.access import Actor, may
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.places.models import Place


def posts_of(actor: Actor) -> list[Place]:
    """The places of the actor's own grants where they may come on duty; of an area that lies in more, the places it takes in."""
    found: dict[UUID, Place] = {}
    for grant in actor.holding(Ability.DUTY_RECORD):
        if isinstance(grant.scope, OverPlace):
            place = places.place(grant.scope.place_id)
        elif isinstance(grant.scope, OverArea):
            place = places.area(grant.scope.area_id).home
        else:
            continue
        if place.at_level is not Level.DOOR and may(actor, Ability.DUTY_RECORD, place):
            found[place.id] = place
        elif isinstance(grant.scope, OverArea):
            found |= {member.place_id: member.place for member in places.members_of(grant.scope.area_id) if not member.excluded}
    return list(found.values())
