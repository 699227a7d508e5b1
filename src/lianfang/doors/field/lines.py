"""What concerns me: where my record differs from somebody's or from the ground, and what waits for a decision. Nobody is named: a role says enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from msgspec import Struct

from lianfang.doors.field import words
from lianfang.doors.field.frame import FieldRequest, answered, body_of, endpoint
from lianfang.doors.field.reach import Reach, reach_of
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel import clock
from lianfang.kernel.ids import RecordId
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.corrections import Ground
from lianfang.work.rounds import commands, queries
from lianfang.work.rounds.rules import LINES_SHOWN_FOR
from lianfang.work.rounds.types import LineNotFound

if TYPE_CHECKING:
    from lianfang.work.rounds.types import Line, Said


@endpoint("GET")
def mine(request: FieldRequest) -> HttpResponse:
    """What concerns me (/field/api/lines)."""
    return answered(lines_of(reach_of(request.actor)))


def lines_of(reach: Reach) -> list[dict[str, Any]]:
    """Differences at my doors (those who settle records see all of them), and my records that wait; the latest first."""
    actor, since = reach.actor, clock.now() - LINES_SHOWN_FOR
    if actor.account_id is None:
        return []
    waits = ledger.own_waiting(actor.account_id, since)
    told = [
        {
            "id": one.id, "kind": "quarantined", "record": one.id, "place": one.place, "about": one.kind, "mine": None, "other": None,
            "code": one.cause, "state": one.state, "at": one.received_at,
        }
        for one in waits
    ]  # fmt: skip
    return [*told, *_differing(reach)]


def _differing(reach: Reach) -> list[dict[str, Any]]:
    if not reach.writing or not reach.fits:
        return []
    found = queries.lines(reach.writing, clock.now() - LINES_SHOWN_FOR, of=_only(reach))
    grants = accounts.grants_of_many({said.actor for line in found for said in line.said if said.actor is not None})
    roles = {account: held[0].role for account, held in grants.items() if held}
    return [_told(line, reach, roles) for line in found]


def _only(reach: Reach) -> Any:
    return None if access.ranges(reach.actor, "records.settle") else reach.actor.account_id


def _told(line: Line, reach: Reach, roles: dict[Any, str]) -> dict[str, Any]:
    me = reach.actor.account_id
    first, *others = sorted(line.said, key=lambda said: said.actor != me)
    return {
        "id": line.id, "kind": line.kind.value, "record": first.record_id, "place": line.place_id, "about": "visit",
        "mine": _side(first, me, roles), "other": _side(others[0], me, roles) if others else None,
        "code": line.kind.value, "state": "open", "at": max(said.at for said in line.said),
    }  # fmt: skip


def _side(said: Said, me: UUID | None, roles: dict[Any, str]) -> dict[str, Any]:
    role = roles.get(said.actor, "")
    return {
        "record": said.record_id, "outcome": said.outcome, "at": said.at, "by_me": said.actor == me,
        "role": words.of_role(role) if role else None,
    }  # fmt: skip


class Settling(Struct):
    """Which record holds, and on what ground the other is withdrawn; `both`: neither is."""

    keep: Literal["mine", "theirs", "both"]
    reason: Ground = Ground.OTHER


@endpoint("POST")
def settle(request: FieldRequest, line_id: UUID) -> HttpResponse:
    """Settle a line (/field/api/lines/ID/settle): a correction withdraws the record that does not hold."""
    said = body_of(request, Settling)
    reach = reach_of(request.actor)
    line = next((one for one in _differing(reach) if one["id"] == line_id), None)
    if line is None:
        raise LineNotFound
    side = line["mine"] if said.keep == "mine" else line["other"]
    if said.keep == "both":
        commands.settle_line(line_id, None, by=request.actor, reason=said.reason)
    else:
        keep = RecordId(side["record"] if side else UUID(int=0))
        commands.settle_line(line_id, keep, by=request.actor, reason=said.reason)
    return answered({"now": clock.now()})
