"""Verbs of mobilisation: coming on and going off duty."""

from __future__ import annotations

from typing import Unpack

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.attendance import Duty, Presence
from lianfang.ledger.types import Saved
from lianfang.work.mobilisation.queries import present_spell
from lianfang.work.mobilisation.types import NotOnDuty

__all__ = ["sign_off", "sign_on"]


def sign_on(place: PlaceId, *, by: Actor, person: AccountId | None = None, **beside: Unpack[Beside]) -> Saved:
    """Come on duty at a place; whoever was on duty elsewhere is from now on here. `person`: typed from paper for somebody else.

    `beside`: see `ledger.append` (occurred_at, incident, record_id, channel). Raises NotFound or Denied by access.
    """
    access.require(by, "duty.record", places.place(place))
    beside["actor"] = person
    return append(Presence(duty=Duty.ON), place=place, by=by, **beside)


def sign_off(place: PlaceId, *, by: Actor, person: AccountId | None = None, **beside: Unpack[Beside]) -> Saved:
    """Go off duty at a place. Raises NotFound or Denied by access, NotOnDuty where the person is not on duty there."""
    access.require(by, "duty.record", places.place(place))
    who = person or by.account_id
    spell = None if who is None else present_spell(who)
    if spell is None or spell.place_id != place:
        raise NotOnDuty
    beside["actor"] = person
    return append(Presence(duty=Duty.OFF), place=place, by=by, **beside)
