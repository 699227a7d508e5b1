"""Verbs of mobilisation: duty, the pool of those who can be sent, drafts of an assignment."""

from __future__ import annotations

from typing import Unpack
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.force_types import PostNotFound
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.kinds.attendance import Duty, Presence
from lianfang.ledger.types import Saved
from lianfang.work.mobilisation.commands.attending import correct_spell, duty_from_paper
from lianfang.work.mobilisation.commands.calling import (
    answer_by_link,
    answer_for,
    call_neighbours,
    call_up,
    close_call,
    summons_id_of,
    token_of,
)
from lianfang.work.mobilisation.commands.drafting import ask_for_draft, call_off, confirm, make, work_off
from lianfang.work.mobilisation.commands.forces import (
    ask_for,
    end_need,
    keep_away,
    leave_open,
    offer_oneself,
    pin,
    register,
    release,
    take_oneself_off,
    withdraw,
)
from lianfang.work.mobilisation.commands.sending import send_due
from lianfang.work.mobilisation.commands.telephoning import telephone_tree
from lianfang.work.mobilisation.queries import present_spell
from lianfang.work.mobilisation.types import NotOnDuty

__all__ = [
    "answer_by_link",
    "answer_for",
    "ask_for",
    "ask_for_draft",
    "call_neighbours",
    "call_off",
    "call_up",
    "close_call",
    "confirm",
    "correct_spell",
    "duty_from_paper",
    "end_need",
    "keep_away",
    "leave_open",
    "make",
    "offer_oneself",
    "pin",
    "register",
    "release",
    "send_due",
    "sign_off",
    "sign_on",
    "summons_id_of",
    "take_oneself_off",
    "telephone_tree",
    "token_of",
    "withdraw",
    "work_off",
]


def sign_on(place: PlaceId, *, by: Actor, person: AccountId | None = None, post: UUID | None = None, **beside: Unpack[Beside]) -> Saved:
    """Come on duty at a place, or at a post there; whoever was on duty elsewhere is from now on here. `person`: typed from paper for somebody else.

    `beside`: see `ledger.append` (occurred_at, incident, record_id, channel). Raises NotFound or Denied by access, PostNotFound.
    """
    access.require(by, "duty.record", places.place(place))
    if post is not None and organisations.post(post).place_id != place:
        raise PostNotFound
    beside["actor"] = person
    return append(Presence(duty=Duty.ON, post=post), place=place, by=by, **beside)


def sign_off(place: PlaceId, *, by: Actor, person: AccountId | None = None, **beside: Unpack[Beside]) -> Saved:
    """Go off duty at a place. Raises NotFound or Denied by access, NotOnDuty where the person is not on duty there."""
    access.require(by, "duty.record", places.place(place))
    who = person or by.account_id
    spell = None if who is None else present_spell(who)
    if spell is None or spell.place_id != place:
        raise NotOnDuty
    beside["actor"] = person
    return append(Presence(duty=Duty.OFF, post=spell.post_id), place=place, by=by, **beside)
