"""Holding back: what is under complaint, inspection or trial is copied, sealed, for one keeper, until a day."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.incidents import queries as incidents
from lianfang.ground.people import commands as people
from lianfang.ground.places import queries as places
from lianfang.headquarters.closing import queries, rules
from lianfang.headquarters.closing.models import Held, Hold, Opening
from lianfang.headquarters.closing.types import (
    HELD,
    AlreadyClosing,
    HoldIncomplete,
    HoldOver,
    HoldSeen,
    ItemKind,
    NewHold,
    NothingThere,
    NotTheKeeper,
    State,
)
from lianfang.kernel import clock, db
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import IncidentId, PersonId, PlaceId, new_id
from lianfang.kernel.ranges import contains
from lianfang.kernel.sealing import keyring
from lianfang.ledger import ending


def hold_back(incident_id: IncidentId, new: NewHold, *, by: Actor) -> HoldSeen:
    """Keep an item of an incident back from its erasure, before that is confirmed. The data-protection officer of all of its area.

    Raises Denied, HoldIncomplete, NothingThere, AlreadyClosing.
    """
    told = incidents.incident(incident_id)
    pieces = incidents.incident_ranges(told)
    _require(by, incident_id)
    if not (new.reason.strip() and new.authority.strip() and rules.holds_until(new.until, clock.today())):
        raise HoldIncomplete
    if not ending.is_there([book.id for book in ending.books_of(incident_id)], new.item):
        raise NothingThere
    closing = queries.closing_of(incident_id)
    if closing is not None and closing.state is not State.PROPOSED:
        raise AlreadyClosing
    with db.acting(by.account_id, new.reason.strip()):
        known = Hold.objects.filter(incident=incident_id, kind=new.kind, item=new.item, released_at=None).first()
        if known is not None:
            return queries.hold(known.id)
        row = Hold(
            id=new_id(), incident=incident_id, position=pieces[0].lo, kind=new.kind, item=new.item, reason=new.reason.strip(),
            authority=new.authority.strip(), until=new.until, keeper=new.keeper, held_by=by.account_id, held_at=clock.now(),
        )  # fmt: skip
        row.save(force_insert=True)
    return queries.hold(row.id)


def release_hold(hold_id: UUID, *, by: Actor) -> HoldSeen:
    """End a hold before its day: nobody opens it any more, and what it kept goes with the next round of `expire_holds`.

    Raises ClosingNotFound, Denied.
    """
    told = queries.hold(hold_id)
    _require(by, told.incident)
    with db.acting(by.account_id, "hold released"):
        Hold.objects.filter(pk=hold_id, released_at=None).update(released_at=clock.now())
    return queries.hold(hold_id)


def open_held(hold_id: UUID, *, by: Actor, reason: str) -> dict[str, Any]:
    """What a hold keeps, for its keeper, with a reason that is kept. Raises ClosingNotFound, NotTheKeeper, HoldIncomplete, HoldOver."""
    told = queries.hold(hold_id)
    if by.account_id is None or told.keeper != by.account_id:
        raise NotTheKeeper
    if not reason.strip():
        raise HoldIncomplete
    row = Held.objects.filter(pk=hold_id).first()
    if row is None or told.released_at is not None or told.until < clock.today():
        raise HoldOver
    position = Hold.objects.values_list("position", flat=True).get(pk=hold_id)
    Opening(hold_id=hold_id, position=position, account=by.account_id, at=clock.now(), reason=reason.strip()).save(force_insert=True)
    found: dict[str, Any] = json.loads(keyring().open(bytes(row.sealed), HELD))
    return found


def expire_holds() -> int:
    """End the holds whose day is over, and erase what they and those released kept; how many copies went. As owner."""
    with db.acting(None, "hold expired"):
        Hold.objects.filter(released_at=None, until__lt=clock.today()).update(released_at=clock.now())
        return Held.objects.filter(hold__released_at__isnull=False).delete()[0]


def copy_held(incident_id: UUID, books: list[int]) -> int:
    """Copy what is held out of the books, sealed, before they go; how many items. Twice is once."""
    for row in Hold.objects.filter(incident=incident_id, released_at=None):
        records = ending.held_records(books, [row.item])
        people_named = {UUID(one["subject"]) for one in records if one.get("subject")}
        if row.kind == ItemKind.PERSON:
            people_named.add(row.item)
        told = {"kind": row.kind, "item": str(row.item), "records": records, "people": _people(people_named), "doors": _doors(records)}
        if not records and not told["people"]:
            continue
        sealed = keyring().seal(json.dumps(told, ensure_ascii=False, default=str), HELD)
        Held.objects.update_or_create(hold=row, defaults={"keeper": row.keeper, "sealed": sealed})
    return Held.objects.filter(hold__incident=incident_id).count()


def _people(ids: set[UUID]) -> list[dict[str, Any]]:
    told = people.told_of_all([PersonId(one) for one in ids])
    return [
        {"id": str(one), "name": each.name, "birth": each.birth, "paper": each.paper.number if each.paper else "", "phone": each.phone}
        for one, each in told.items()
    ]


def _doors(records: list[dict[str, Any]]) -> list[dict[str, str]]:
    found = places.places_by_id([PlaceId(UUID(one["place"])) for one in records])
    return [{"id": str(one), "address": " ".join([*(up.name for up in places.ancestors(door)), door.name])} for one, door in found.items()]


def _require(by: Actor, incident_id: IncidentId) -> None:
    reach = access.ranges(by, Ability.INCIDENTS_ERASE, reading=False)
    if not all(contains(reach, piece) for piece in incidents.incident_ranges(incidents.incident(incident_id))):
        raise Denied
