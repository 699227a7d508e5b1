"""`order`: orders down the tree, their answers, and who has not answered."""

from __future__ import annotations

import argparse
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.doors.cli.rounds import moment_typed
from lianfang.ground.accounts import access
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId, OrderId
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger.kinds.orders import Answer, DownTo
from lianfang.work.orders import commands, queries, rules, types


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "order", purpose="orders down the tree")
    issuing = frame.command(words, "issue", _issue, purpose="issue an order from a place to all levels below", acts=True)
    issuing.add_argument("title")
    issuing.add_argument("text")
    issuing.add_argument("--from", dest="place", required=True, metavar="PLACE", help="the place that orders")
    issuing.add_argument("--down-to", choices=[level.value for level in DownTo], default=DownTo.COMMUNITY.value)
    issuing.add_argument("--received-by", required=True, type=moment_typed, metavar="TIME")
    issuing.add_argument("--until", required=True, type=moment_typed, metavar="TIME", help="by when it is completed")
    issuing.add_argument("--document", default="")
    issuing.add_argument("--incident", type=UUID)
    listing = frame.command(words, "list", _list, purpose="orders that reach a place", acts=True)
    listing.add_argument("--place", metavar="PLACE")
    shown = frame.command(words, "show", _show, purpose="an order: answers level by level, and who is late", acts=True)
    shown.add_argument("order", type=UUID)
    answering = frame.command(words, "answer", _answer, purpose="answer an order for a place", acts=True)
    answering.add_argument("order", type=UUID)
    answering.add_argument("answer", choices=[answer.value for answer in Answer])
    answering.add_argument("--place", required=True, metavar="PLACE")
    answering.add_argument("--remark", default="")


def _issue(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        wished = types.NewOrder(
            args.title, args.text, args.document, frame.place_named(args.place).place_id, args.down_to, args.received_by, args.until,
            incident=IncidentId(args.incident) if args.incident else None,
        )  # fmt: skip
        saved = commands.issue_order(wished, by=actor)
    frame.bring_up_to_date()
    frame.emit(args, {"id": saved.record_id}, str(saved.record_id))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        ranges = frame.ranges_asked(args, actor)
        found = queries.orders_within(ranges)
    text = "\n".join(f"{told.id} {told.title} {clock.local(told.due_at):%Y-%m-%d %H:%M}" for told in found)
    frame.emit(args, {"orders": found}, text or _("No order reaches this place"))
    return frame.DONE


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        told = queries.order(OrderId(args.order))
        inside: list[Range] = intersect(queries.order_ranges(told), access.ranges(actor, "places.see"))
        if not inside:
            raise types.OrderNotFound
        everybody, now = queries.recipients(told, inside), clock.now()
        levels = rules.by_level(everybody, told, now)
        late = [one for one in everybody if rules.is_late(one, told, now)]
    lines = [f"{level}: {one.places} / {one.acknowledged} / {one.completed} / {one.late}" for level, one in levels.items()]
    frame.emit(args, {"order": told, "levels": levels, "late": late}, "\n".join([told.title, *lines, *(one.name for one in late)]))
    return frame.DONE


def _answer(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        place = frame.place_named(args.place)
        saved = commands.answer_order(OrderId(args.order), place.place_id, Answer(args.answer), by=actor, remark=args.remark or None)
    frame.bring_up_to_date()
    frame.emit(args, {"id": saved.record_id}, str(saved.record_id))
    return frame.DONE
