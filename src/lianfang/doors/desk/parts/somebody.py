"""Which person a form means: out of the pool of a place, or by a name that one person within sight has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.organisations.reporting_types import RowNameTwice, RowNameUnknown
from lianfang.ground.people import queries as people
from lianfang.ground.people.queries.persons import find_by_whole_name
from lianfang.ground.places import queries as places
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.mobilisation import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import PersonId

_OFFERED = 200


def offered(place: Place) -> list[tuple[str, str]]:
    """The pool of a place as choices: masked, with how they came and what they can do."""
    found = mobilisation.forces(places.ranges_of(place), limit=_OFFERED)
    return [("", "–"), *((str(one.force_id), _line(one)) for one in found)]


def _line(one: Any) -> str:
    return " · ".join(filter(None, (one.name, str(wording.CAME[one.came]), wording.able(one.able))))


def meant(actor: Actor, told: Mapping[str, Any]) -> PersonId:
    """The person. Raises RowNameUnknown, RowNameTwice, ForceNotFound; one out of sight is unknown."""
    if told.get("force"):
        return mobilisation.force(UUID(told["force"])).person_id
    return named(actor, told["name"], told.get("phone", ""))


def named(actor: Actor, name: str, phone: str = "") -> PersonId:
    """The one person of a name within sight, or of a name and a number."""
    reach = access.ranges(actor, "people.see")
    found = {one.person_id for one in find_by_whole_name(name, reach)}
    if phone and len(found) != 1:
        found &= {one.person_id for one in people.find_by_phone(phone, reach)}
    if len(found) != 1:
        raise RowNameTwice if found else RowNameUnknown
    return found.pop()
