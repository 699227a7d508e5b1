"""`message`: short messages to the workers of a place or a grid: sending, who has it, taking back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.wording import ROLES
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import AreaId, MessageId
from lianfang.work.outreach import commands, queries
from lianfang.work.outreach.types import MessageNotFound, MessageSeen, NewMessage

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Area, Place


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "message", purpose="messages to the workers of a place or a grid")
    sending = frame.command(words, "send", _send, purpose="send a message; phones get it at their next contact", acts=True)
    sending.add_argument("place", help="code, position, UUID or area:NAME")
    sending.add_argument("title")
    sending.add_argument("words", help="what is to be done; no names or numbers of residents")
    listing = frame.command(words, "list", _list, purpose="messages sent at a place", acts=True)
    listing.add_argument("place")
    showing = frame.command(words, "show", _show, purpose="one message, and who has got and read it", acts=True)
    showing.add_argument("message", type=UUID)
    taking = frame.command(words, "take-back", _take_back, purpose="take a message back", acts=True)
    taking.add_argument("message", type=UUID)


def _line(one: MessageSeen) -> str:
    counts = _("%(told)d told, %(got)d have it, %(read)d have read it") % {"told": one.told, "got": one.got, "read": one.read}
    return f"{one.id}\t{one.sent_at:%Y-%m-%d %H:%M}\t{one.title}\t{counts}"


def _whereto(text: str) -> tuple[Place, Area | None]:
    """A place; or an area, with the place that it is administered at."""
    told = places.told_apart(places.resolve(text))
    return told if told[1] is None else (told[1].home, told[1])


def _send(args: argparse.Namespace) -> int:
    by = frame.actor(args)
    with access.scoped(by):
        place, area = _whereto(args.place)
        new = NewMessage(args.title, args.words, place.place_id, AreaId(area.id) if area else None)
        sent = commands.send(new, by=by)
    frame.emit(args, sent, _line(sent))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    by = frame.actor(args)
    with access.scoped(by):
        place, _area = _whereto(args.place)
        access.require(by, "messages.send", place)
        found = queries.messages([place.range])
    frame.emit(args, {"messages": found}, "\n".join(map(_line, found)))
    return frame.DONE


def _seen(message_id: UUID, by: Actor) -> MessageSeen:
    """The message. Raises MessageNotFound, also where the account may not see what was sent there."""
    told = queries.message(MessageId(message_id))
    if not access.may(by, "messages.send", places.place(told.place_id)):
        raise MessageNotFound
    return told


def _show(args: argparse.Namespace) -> int:
    by = frame.actor(args)
    with access.scoped(by):
        told = _seen(args.message, by)
        receipts = queries.told(told.id)
    names = accounts.names_of({one.account_id for one in receipts})
    lines = [f"{names.get(one.account_id, '')}\t{ROLES[one.role]}\t{one.got_at or '-'}\t{one.read_at or '-'}" for one in receipts]
    frame.emit(args, {"message": told, "receipts": receipts}, "\n".join([_line(told), told.words, *lines]))
    return frame.DONE


def _take_back(args: argparse.Namespace) -> int:
    by = frame.actor(args)
    with access.scoped(by):
        told = commands.take_back(_seen(args.message, by).id, by=by)
    frame.emit(args, told, _line(told))
    return frame.DONE
