"""The bundle: all that a phone takes along, columnar and small, and nothing that the task does not need.

Names of a household's members are taken, so that the one who opens can be greeted and the one who is missing is asked for; numbers,
papers and dates of birth stay where they are. A few set-based reads; positions are used here and never told.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import msgspec
from django.http import HttpResponse

from lianfang.doors.field import forms, messages
from lianfang.doors.field.frame import FieldRequest, Gate, endpoint
from lianfang.doors.field.ground import columns, ground_of
from lianfang.doors.field.joining import whereto, who
from lianfang.doors.field.reach import CAP, Reach, TooManyDoors, reach_of
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import PlaceId
from lianfang.ledger import queries as ledger
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from lianfang.ground.places.queries.walking import WalkedDoor

_PACKED = 2  # how hard gzip tries: beyond it, all wait longer than it saves one of them


# One at a time in each process: a processor can do no more at once, and the other threads go on answering pages.
GATE = Gate(60)


@endpoint("GET", gate=GATE)
def bundle(request: FieldRequest) -> HttpResponse:
    """My doors with all that belongs to them, or 304 where the phone has them as they are (/field/api/bundle)."""
    reach = reach_of(request.actor)
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == reach.stamp:
        return HttpResponse(status=304, headers={"ETag": f'"{reach.stamp}"'})
    body = msgspec.json.encode(
        {"stamp": reach.stamp, "made_at": clock.now(), "cap": CAP, **whereto(request), **who(request.actor), **composed(reach)}
    )
    answer = HttpResponse(content_type="application/json; charset=utf-8", headers={"ETag": f'"{reach.stamp}"', "Vary": "Accept-Encoding"})
    answer["Cache-Control"] = "no-store"  # the app keeps it itself, sealed, and asks with its stamp
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, _PACKED, mtime=0)
        answer["Content-Encoding"] = "gzip"
    answer.content = body
    return answer


def composed(reach: Reach) -> dict[str, Any]:
    """Everything about my doors. Raises TooManyDoors; never less than all."""
    if not reach.fits:
        raise TooManyDoors(count=reach.doors, cap=CAP)
    ground = ground_of(reach)
    doors, at = ground.doors, ground.at
    return {
        "areas": _areas(reach),
        **ground.told,
        **_standing(reach, doors, at),
        **forms.drawn_for(access.abilities(reach.actor)),
        "duty": _duty(reach),
        "matters": _matters(reach, at),
        "messages": messages.messages_of(reach),
        "help_number": _help_number(doors),
    }


def _areas(reach: Reach) -> list[dict[str, Any]]:
    """What my grants cover, each with its doors."""
    held = reach.actor.holding("records.write")
    pieces = [access.scope_ranges(grant.scope, reading=False) for grant in held]
    counts = places.door_counts_each(pieces) if pieces else []
    found = []
    for grant, counted in zip(held, counts, strict=True):
        if isinstance(grant.scope, OverPlace):
            place = places.place(grant.scope.place_id)
            found.append({"id": place.id, "name": place.name, "kind": place.kind, "doors": counted.doors})
        elif isinstance(grant.scope, OverArea):
            area = places.area(grant.scope.area_id)
            found.append({"id": area.id, "name": area.name, "kind": area.kind, "doors": counted.doors})
    return found


def _standing(reach: Reach, doors: Sequence[WalkedDoor], at: Mapping[PlaceId, int]) -> dict[str, Any]:
    """How doors stand at their last try, and in each open round."""
    ids = [one.id for one in reach.rounds]
    touched: dict[UUID, list[tuple[Any, ...]]] = {one: [] for one in ids}
    following: dict[PlaceId, Any] = {}
    for row in rounds.doors_in_rounds(ids, reach.writing) if ids else []:
        if row.place_id in at:
            touched[row.round_id].append((at[row.place_id], row.standing, row.settled, row.at, row.tries, row.next_at))
            if row.next_at is not None:
                following[row.place_id] = min(row.next_at, following.get(row.place_id, row.next_at))
    seen = [one for one in (rounds.doors_in(reach.writing, limit=CAP) if reach.writing else []) if one.place_id in at]
    actors = ledger.actors_of([one.record_id for one in seen])
    me = reach.actor.account_id
    states = [
        (
            at[one.place_id], one.outcome.value, one.since, actors.get(one.record_id) == me, one.tries, following.get(one.place_id),
            one.record_id,
        )
        for one in seen
    ]  # fmt: skip
    reaches = rounds.reach_each(ids) if ids else {}
    return {
        "states": columns(states, 7, "door outcome at by_me tries next record"),
        "rounds": [
            {
                "id": one.id, "name": one.name, "form": one.form, "purpose": one.purpose, "basis": one.legal_basis, "until": one.ends_at,
                "doors": _indices(doors, [index for index, door in enumerate(doors) if any(r.has(door.position) for r in reaches[one.id])]),
                "states": columns(touched[one.id], 6, "door standing settled at tries next"),
            }
            for one in reach.rounds
        ],
    }  # fmt: skip


def _indices(doors: Sequence[WalkedDoor], inside: list[int]) -> list[int] | None:
    return None if len(inside) == len(doors) else inside


def _duty(reach: Reach) -> dict[str, Any]:
    """Where I am on duty, and where I may sign in."""
    posts = [{"id": place.id, "name": place.name} for place in accounts.posts_of(reach.actor)]
    spell = reach.spell
    here = None
    if spell is not None:
        here = {"place": spell.place_id, "name": places.place(spell.place_id).name, "since": spell.began_at}
    return {"on": here, "places": posts}


def _matters(reach: Reach, at: Mapping[PlaceId, int]) -> list[dict[str, Any]]:
    """My open matters."""
    named = places.places_by_id([one.place_id for one in reach.matters])
    return [
        {
            "id": one.id, "place": one.place_id, "door": at.get(one.place_id), "about": one.about.value,
            "title": {"zh": one.about.term, "en": one.about.english}, "urgent": one.urgent, "raised_at": one.raised_at,
            "due_at": one.due_at, "late": one.late, "where": named[one.place_id].name if one.place_id in named else "",
        }
        for one in reach.matters
    ]  # fmt: skip


def _help_number(doors: Sequence[WalkedDoor]) -> str:
    """The duty telephone of the first door's community, or the nearest above it."""
    if not doors:
        return ""
    community = places.place(doors[0].community.id)
    return accounts.duty_phone([community.place_id, *(above.place_id for above in reversed(places.ancestors(community)))])
