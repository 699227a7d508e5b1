"""Who answers for a place: the people with a grant over it, above it, and one step below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from lianfang.ground.accounts.models import Grant
from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.accounts.types import AccountState, Answer
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, AreaId, PlaceId

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.places.models import Place

_ANSWERING: list[Role] = [role for role in CHAIN if role is not Role.VOLUNTEER]


def answering(place: Place, *, below: bool = True, limit: int = 200) -> list[Answer]:
    """Who answers for a place today: here first, then upwards the nearest first, then the steps right below.

    Areas that hold the place count as above it, areas administered at it as below. Volunteers, administrators and data protection answer
    for nothing.
    """
    above = [ancestor.id for ancestor in reversed(places.ancestors(place))]
    areas = [area.id for area in places.areas_of(place)]
    near = Q(place_id__in=[place.id, *above]) | Q(area_id__in=areas)
    under = (Q(place__parent_id=place.id) | Q(area__home_id=place.id)) & ~Q(area_id__in=areas)
    today = clock.today()
    rows = Grant.objects.filter(
        (near | under) if below else near,
        Q(valid_to=None) | Q(valid_to__gt=today),
        valid_from__lte=today,
        revoked_at=None,
        role__in=_ANSWERING,
        account__state=AccountState.ACTIVE,
    ).select_related("account", "place", "area")
    order: dict[UUID, int] = {place.id: 0, **dict.fromkeys(areas, 1), **{ancestor: step for step, ancestor in enumerate(above, start=2)}}
    answers = sorted(
        rows[:limit], key=lambda row: (_step(row, order), _ordinal(row), _ANSWERING.index(Role(row.role)), row.given_at, row.id)
    )
    return [_answer(row, _step(row, order)) for row in answers]


_BELOW = 99


def _step(row: Grant, order: dict[UUID, int]) -> int:
    return order.get(row.place_id or row.area_id or row.id, _BELOW)


def _ordinal(row: Grant) -> int:
    return row.place.ordinal if row.place else 0


def _answer(row: Grant, step: int) -> Answer:
    named = row.place or row.area
    return Answer(
        role=row.role,
        name=row.account.name,
        account_id=AccountId(row.account_id),
        scope_name=named.name if named else "",
        has_phone=row.account.phone_sealed is not None,
        relation="here" if step == 0 else "below" if step == _BELOW else "above",
        place_id=PlaceId(row.place_id) if row.place_id else None,
        area_id=AreaId(row.area_id) if row.area_id else None,
    )
