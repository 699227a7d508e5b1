"""Whose office a matter is."""

from __future__ import annotations

from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AccountId, PlaceId


def owner_at(place_id: PlaceId) -> AccountId | None:
    """Who settles matters at a place: its community secretary; None where nobody holds the office, which is a gap to be seen."""
    answering = accounts.answering_for(places.place(place_id))
    return next((answer.account_id for answer in answering if answer.role == Role.COMMUNITY_SECRETARY), None)
