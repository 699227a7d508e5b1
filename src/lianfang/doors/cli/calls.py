"""`call`: calling people up to a place, who answered what, typing answers, ending a call."""

from __future__ import annotations

import argparse
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.doors.cli.forces import able_named, place_named
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import OrganisationId
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import Answer, CallSeen, NewCall


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "call", purpose="calling people up to a place")
    up = frame.command(
        words,
        "up",
        _up,
        purpose="call people: everybody of the pool there, or those with a skill, of an organisation, of a list",
        acts=True,
    )
    up.add_argument("place", metavar="PLACE")
    up.add_argument("--wanted", type=int, required=True)
    up.add_argument("--words", required=True, help="what for; no names")
    up.add_argument("--able", default="", metavar="WORDS")
    up.add_argument("--organisation", type=UUID)
    up.add_argument("--force", type=UUID, action="append", default=[], help="somebody of the pool; several times for a list")
    up.add_argument("--wait", type=int, default=15, metavar="MINUTES", help="after which the neighbours are called")
    up.add_argument("--test", action="store_true", help="a communication test: nobody has to come")
    shown = frame.command(words, "show", _show, purpose="how a call stands, and who answered what", acts=True)
    shown.add_argument("call", type=UUID)
    listed = frame.command(words, "list", _list, purpose="calls to a place", acts=True)
    listed.add_argument("place", metavar="PLACE")
    typed = frame.command(words, "answer", _answer, purpose="type what somebody answered by telephone", acts=True)
    typed.add_argument("summons", type=UUID)
    typed.add_argument("answer", choices=[answer.value for answer in Answer])
    closed = frame.command(words, "close", _close, purpose="end a call", acts=True)
    closed.add_argument("call", type=UUID)


def _up(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place, able = place_named(args.place), able_named(args.able)
        organisation = OrganisationId(args.organisation) if args.organisation else None
        new = NewCall(place.place_id, args.words, args.wanted, able, organisation, tuple(args.force), args.wait, args.test)
        told = commands.call_up(new, by=actor)
    frame.emit(args, _as_object(told), _line(told))
    return frame.DONE


def _as_object(told: CallSeen) -> dict[str, object]:
    return frame.plain_object(told) | {"promised": told.promised}


def _line(told: CallSeen) -> str:
    facts = {"called": told.called, "promised": told.promised, "wanted": told.wanted, "sent": told.sent, "waiting": told.waiting}
    return f"{told.call_id} " + _("{called} called, {sent} messages sent, {waiting} waiting; {promised} of {wanted} are coming").format(
        **facts
    )


def _seen(actor: access.Actor, call_id: UUID) -> CallSeen:
    told = queries.call(call_id)
    access.require(actor, "people.see", places.place(told.place_id))
    return told


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = _seen(actor, args.call)
        rows = queries.called(args.call, limit=10_000)
    text = "\n".join([_line(told), *(f"{row.summons_id} {row.name} {wording.ANSWERS[row.answer] if row.answer else '-'}" for row in rows)])
    frame.emit(args, _as_object(told) | {"people": rows}, text)
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place = place_named(args.place)
        access.require(actor, "people.see", place)
        found = queries.calls(places.ranges_of(place))
    frame.emit(args, {"calls": [_as_object(told) for told in found]}, "\n".join(map(_line, found)) or _("Nobody has been called here."))
    return frame.DONE


def _answer(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = commands.answer_for(args.summons, Answer(args.answer), by=actor)
    frame.emit(args, _as_object(told), _line(told))
    return frame.DONE


def _close(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = commands.close_call(args.call, by=actor)
    frame.emit(args, _as_object(told), _line(told))
    return frame.DONE
