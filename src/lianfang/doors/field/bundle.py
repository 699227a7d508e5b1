"""The bundle: all that a phone takes along, columnar and small, and nothing that the task does not need.

Names of a household's members are taken, so that the one who opens can be greeted and the one who is missing is asked for; numbers,
papers and dates of birth stay where they are. A few set-based reads; positions are used here and never told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import msgspec
from django.http import HttpResponse

from lianfang.doors.field import messages
from lianfang.doors.field.frame import FieldRequest, Gate, endpoint
from lianfang.doors.field.ground import CAP, Written, columns
from lianfang.doors.field.joining import whereto
from lianfang.doors.field.reach import Reach, TooManyDoors, reach_of
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import RecordId
from lianfang.ledger import queries as ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lianfang.kernel.ranges import Range

# One at a time in each process: a processor can do no more at once, and the other threads go on answering pages.
GATE = Gate(60)


@endpoint("GET", gate=GATE)
def bundle(request: FieldRequest) -> HttpResponse:
    """My doors with all that belongs to them, or 304 where the phone has them as they are (/field/api/bundle)."""
    reach = reach_of(request.actor)
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == reach.stamp:
        return HttpResponse(status=304, headers={"ETag": f'"{reach.stamp}"'})
    if not reach.fits:
        raise TooManyDoors(count=reach.ground.doors, cap=CAP)
    told = {"stamp": reach.stamp, "made_at": clock.now(), "cap": CAP, **whereto(request), **_own(reach)}
    answer = HttpResponse(content_type="application/json; charset=utf-8", headers={"ETag": f'"{reach.stamp}"', "Vary": "Accept-Encoding"})
    answer["Cache-Control"] = "no-store"  # the app keeps it itself, sealed, and asks with its stamp
    pack = "gzip" in request.headers.get("Accept-Encoding", "")
    if pack:
        answer["Content-Encoding"] = "gzip"
    answer.content = _standing(reach).ended(_by_me(reach) + msgspec.json.encode(told)[1:], pack=pack)
    return answer


def _own(reach: Reach) -> dict[str, Any]:
    """What is not the same for all phones of this reach, or changes from hour to hour."""
    return {
        "account": {"id": reach.actor.account_id, "name": reach.actor.name},
        "duty": _duty(reach),
        "matters": _matters(reach),
        "messages": messages.messages_of(reach),
    }


def _standing(reach: Reach) -> Written:
    """What is shared, with how doors stand in each open round and at their last try, up to who said it: that is another for each of us."""
    ground = reach.ground
    known = ground.standing.get(reach.standing)
    if known is None:
        told = msgspec.json.encode({"rounds": _rounds(reach), "states": _states(reach)})
        known = cast("Written", ground.shared).then(told[1:-2] + b",")
        ground.standing.clear()
        ground.standing[reach.standing] = known
    return known


def _by_me(reach: Reach) -> bytes:
    """Which doors stand by my own word: the last column of the states, and their end."""
    authors, me, at = _authors(reach), reach.actor.account_id, reach.ground.at
    mine = [
        authors.get(record) == me for position, record in zip(reach.stood.positions, reach.stood.records, strict=True) if position in at
    ]
    return b'"by_me":' + msgspec.json.encode(mine) + b"},"


def _states(reach: Reach) -> dict[str, list[Any]]:
    """How doors stood at their last try."""
    at, stood = reach.ground.at, reach.stood
    following: dict[int, str] = {}
    for inside in reach.in_rounds.values():
        for position, moment in zip(inside.positions, inside.next_at, strict=True):
            if moment is not None:
                following[position] = min(moment, following.get(position, moment))
    rows = [
        (at[position], outcome, since, tries, following.get(position), record)
        for position, outcome, since, tries, record in zip(
            stood.positions, stood.outcomes, stood.at, stood.tries, stood.records, strict=True
        )
        if position in at
    ]
    return columns(rows, 6, "door outcome at tries next record")


def _rounds(reach: Reach) -> list[dict[str, Any]]:
    """The open rounds, with which doors each takes in and how they stand in it."""
    at = reach.ground.at
    return [
        {
            "id": one.id, "name": one.name, "form": one.form, "purpose": one.purpose, "basis": one.legal_basis, "until": one.ends_at,
            "doors": _inside(at, reach.reached[one.id]), "states": _touched(reach, one.id),
        }
        for one in reach.rounds
    ]  # fmt: skip


def _authors(reach: Reach) -> dict[str, Any]:
    """Who said the records that doors stand by; colleagues of the same reach have asked for most of them."""
    known = reach.ground.authors
    unknown = [RecordId(UUID(record)) for record in reach.stood.records if record not in known]
    if unknown:
        if len(known) > 2 * CAP:
            known.clear()
            unknown = [RecordId(UUID(record)) for record in reach.stood.records]
        known.update({str(record): actor for record, actor in ledger.actors_of(unknown).items()})
    return known


def _touched(reach: Reach, round_id: Any) -> dict[str, list[Any]]:
    inside = reach.in_rounds.get(round_id)
    if inside is None:
        return columns((), 6, "door standing settled at tries next")
    rows = zip(inside.positions, inside.standings, inside.settled, inside.at, inside.tries, inside.next_at, strict=True)
    at = reach.ground.at
    return columns([(at[row[0]], *row[1:]) for row in rows if row[0] in at], 6, "door standing settled at tries next")


def _inside(at: Mapping[int, int], pieces: Sequence[Range]) -> list[int] | None:
    """Which doors lie in a round, by their index; None for all."""
    if not at or any(piece.has(min(at)) and piece.has(max(at)) for piece in pieces):
        return None
    inside = [index for position, index in at.items() if any(piece.has(position) for piece in pieces)]
    return None if len(inside) == len(at) else inside


def _duty(reach: Reach) -> dict[str, Any]:
    """Where I am on duty, and where I may sign in: places of my offices, and posts, mine first."""
    spell, ground = reach.spell, reach.ground
    here = None
    if spell is not None:
        named = organisations.posts_named([spell.post_id]) if spell.post_id else {}
        here = {
            "place": spell.place_id, "post": spell.post_id, "since": spell.began_at,
            "name": (named.get(spell.post_id) if spell.post_id else None) or places.place(spell.place_id).name,
        }  # fmt: skip
    return {"on": here, "places": ground.duty_places, "posts": _mine_first(reach)}


def _mine_first(reach: Reach) -> list[Mapping[str, Any]]:
    posts = [{**one, "mine": one["id"] == reach.mans} for one in reach.ground.posts]
    return sorted(posts, key=lambda one: not one["mine"])


def _matters(reach: Reach) -> list[dict[str, Any]]:
    """My open matters."""
    at = {place: index for index, place in enumerate(reach.ground.ids)} if reach.matters else {}
    named = places.places_by_id([one.place_id for one in reach.matters])
    return [
        {
            "id": one.id, "place": one.place_id, "door": at.get(one.place_id), "about": one.about.value,
            "title": {"zh": one.about.term, "en": one.about.english}, "urgent": one.urgent, "raised_at": one.raised_at,
            "due_at": one.due_at, "late": one.late, "where": named[one.place_id].name if one.place_id in named else "",
        }
        for one in reach.matters
    ]  # fmt: skip
