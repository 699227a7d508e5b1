"""`round`: door-to-door rounds: opening and closing one, how far it has come, which doors are missing, lists out and typed back, two side by side."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import IncidentId, RoundId
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger.kinds.questions import current
from lianfang.ledger.queries import folded_until
from lianfang.work.rounds import commands, lists, queries
from lianfang.work.rounds.types import Coverage, EndStatement, MissingDoor, NewRound, Order, Reason, RoundNotFound, RoundSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.ground.accounts.access import Actor

_SHOWN = 200


class NoSuchList(Refused):
    """There is no file {file}, or it cannot be read."""


class ListAs(Refused):
    """A list is written as .xlsx or .pdf."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "round", purpose="door-to-door rounds")
    opening = frame.command(words, "open", _open, purpose="open a round over a place or an area", acts=True)
    opening.add_argument("name")
    opening.add_argument("--area", required=True, metavar="PLACE", help="code, position, UUID or area:NAME")
    opening.add_argument("--form", required=True, metavar="NAME", help=", ".join(f"{form.name} ({form.term})" for form in current()))
    opening.add_argument("--until", required=True, type=moment_typed, metavar="TIME", help="deadline, local time unless an offset is given")
    opening.add_argument("--from", dest="opens", type=moment_typed, metavar="TIME", help="from when visits count (default now)")
    opening.add_argument("--basis", default="", help="legal basis, shown to people")
    opening.add_argument("--purpose", default="", help="purpose, shown to people")
    opening.add_argument("--incident", type=UUID)
    opening.add_argument("--every", type=int, metavar="DAYS", help="the next one opens by itself after so many days")
    closing = frame.command(words, "close", _close, purpose="end a round before its deadline", acts=True)
    closing.add_argument("round")
    extending = frame.command(words, "extend", _extend, purpose="give a round more time", acts=True)
    extending.add_argument("round")
    extending.add_argument("--until", required=True, type=moment_typed, metavar="TIME", help="the new deadline")
    extending.add_argument("--reason", required=True, help="why; it is logged")
    withdrawing = frame.command(
        words, "withdraw", _withdraw, purpose="take back a round opened by mistake, while nothing is recorded", acts=True
    )
    withdrawing.add_argument("round")
    withdrawing.add_argument("--reason", required=True, help="why; it is logged")
    listing = frame.command(words, "list", _list, purpose="the rounds that reach a place", acts=True)
    listing.add_argument("--place", metavar="PLACE")
    listing.add_argument("--open", dest="open_only", action="store_true", help="only those in progress")
    covered = frame.command(words, "coverage", _coverage, purpose="how far a round has come", acts=True)
    covered.add_argument("round")
    covered.add_argument("--place", metavar="PLACE")
    missing = frame.command(words, "missing", _missing, purpose="the doors of a round that are still open, as one walks", acts=True)
    missing.add_argument("round")
    missing.add_argument("--place", metavar="PLACE", help="default: all of the round")
    missing.add_argument("--reason", choices=[reason.value for reason in Reason])
    missing.add_argument("--order", choices=[order.value for order in Order], default=Order.WALKING.value)
    missing.add_argument("--after", type=int, metavar="POSITION", help="the position of the last door of the page before")
    missing.add_argument("--limit", type=int, default=_SHOWN)
    missing.add_argument("--out", type=Path, metavar="FILE.xlsx|.pdf", help="write the whole list, to be filled in")
    load = frame.command(words, "load", _load, purpose="take a list back that was filled in, as paper records", acts=True)
    load.add_argument("round")
    load.add_argument("file", type=Path)
    load.add_argument("--answer", type=Path, metavar="OUT.xlsx", help="write the file back with a verdict for each row")
    compared = frame.command(words, "compare", _compare, purpose="two rounds side by side", acts=True)
    compared.add_argument("first")
    compared.add_argument("second")
    compared.add_argument("--place", metavar="PLACE")


def moment_typed(text: str) -> datetime:
    """A moment; without an offset by the local clock, a day alone at its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: write 2026-03-12T20:00") from None
    if len(text) == len("2026-03-12"):
        found = datetime.combine(date.fromisoformat(text), time(23, 59, 59))
    return found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)


def _open(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = places.resolve(args.area)
        area, place = (found.area_id, None) if hasattr(found, "area_id") else (None, found.place_id)
        told = commands.open_round(
            NewRound(
                args.name, args.form, args.until, place=place, area=area, opens_at=args.opens, legal_basis=args.basis,
                purpose=args.purpose, incident=IncidentId(args.incident) if args.incident else None, repeat_days=args.every,
            ),
            by=actor,
        )  # fmt: skip
        covered = queries.coverage(told.id, queries.reach(told.id))
    frame.bring_up_to_date()
    frame.emit(args, _as_round(told) | {"doors": covered.doors}, f"{told.id} {told.name}: {covered.doors} " + _("doors"))
    return frame.DONE


def _close(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = commands.close_round(_asked(actor, args.round).id, by=actor)
    frame.bring_up_to_date()
    frame.emit(args, _as_round(told), f"{told.name}: {_('ended')}")
    return frame.DONE


def _extend(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = commands.extend_round(_asked(actor, args.round).id, args.until, by=actor, reason=args.reason)
    frame.bring_up_to_date()
    frame.emit(args, _as_round(told), f"{told.name}: {_('until')} {clock.local(told.closes_at):%Y-%m-%d %H:%M}")
    return frame.DONE


def _withdraw(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        told = commands.withdraw_round(_asked(actor, args.round).id, by=actor, reason=args.reason)
    frame.emit(args, _as_round(told), f"{told.name}: {_('taken back')}")
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        ranges = _inside(actor, args.place)
        rows = [_as_round(told) for told in queries.rounds(ranges, open_only=args.open_only)]
    frame.emit(
        args, {"rounds": rows}, "\n".join(f"{row['id']} {row['name']} {row['state']}" for row in rows) or _("There is no round here.")
    )
    return frame.DONE


def _coverage(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        told = _asked(actor, args.round)
        ranges = _of_round(actor, told, args.place)
        covered, stated = queries.coverage(told.id, ranges), queries.end_statement(told.id, ranges)
    answer = {"round": _as_round(told), **_as_coverage(covered), "at_the_end": stated and _as_statement(stated), "as_of": folded_until()}
    frame.emit(args, answer, f"{covered.settled} / {covered.doors}")
    return frame.DONE


def _missing(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    reason = Reason(args.reason) if args.reason else None
    if args.out and args.out.suffix not in {".xlsx", ".pdf"}:
        raise ListAs
    with access.scoped(actor):
        told = _asked(actor, args.round)
        told.must_count()
        ranges = _of_round(actor, told, args.place)
        covered = queries.coverage(told.id, ranges)
        total = covered.open if reason is None else covered.by_reason.get(reason, 0)
        if args.out:
            args.out.write_bytes(lists.blank(told, ranges, reason=reason, form=args.out.suffix.removeprefix(".")))
        page = [] if args.out else queries.missing(
            told.id, ranges, reason=reason, after=args.after, limit=args.limit, order=Order(args.order)
        )  # fmt: skip
    following = page[-1].position if len(page) == args.limit else None
    answer: dict[str, Any] = {
        "round": told.id, "name": told.name, "doors": covered.doors, "settled": covered.settled, "missing": total,
        "reasons": {one.value: count for one, count in covered.by_reason.items()}, "as_of": folded_until(),
    }  # fmt: skip
    answer |= {"file": str(args.out)} if args.out else {"rows": [_as_row(row) for row in page], "next": following and str(following)}
    frame.emit(args, answer, lambda: _in_words(total, covered, page))
    return frame.DONE


def _load(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    try:
        content = args.file.read_bytes()
    except OSError:
        raise NoSuchList(file=args.file.name) from None
    with access.scoped(actor):
        found = lists.take_back(_asked(actor, args.round), content, args.file.name, by=actor)
    frame.bring_up_to_date()
    if args.answer:
        args.answer.write_bytes(lists.answered(content, found))
    answer = {"rows": len(found.rows), **found.counts, "verdicts": [row for row in found.rows if row.why]}
    frame.emit(args, answer, ", ".join(f"{word} {count}" for word, count in found.counts.items()))
    return frame.DONE


def _compare(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        first, second = _asked(actor, args.first), _asked(actor, args.second)
        found = queries.compare(first.id, second.id, _of_round(actor, first, args.place))
    answer = {
        "first": _as_round(first) | _as_coverage(found.first), "second": _as_round(second) | _as_coverage(found.second),
        "settled_in_both": found.settled_in_both, "only_in_first": found.only_in_first, "only_in_second": found.only_in_second,
        "open_in_both": found.open_in_both,
    }  # fmt: skip
    text = f"{first.name} {found.first.settled} / {found.first.doors}; {second.name} {found.second.settled} / {found.second.doors}"
    frame.emit(args, answer, text)
    return frame.DONE


def _asked(actor: Actor, text: str) -> RoundSeen:
    """A round by its id, or the latest of this name, among those that reach what the actor sees."""
    seen = access.ranges(actor, Ability.RECORDS_SEE)
    try:
        told = queries.one(RoundId(UUID(text)))
    except ValueError:
        named = [found for found in queries.rounds(seen, drills=True, limit=1000) if found.name == text]
        if not named:
            raise RoundNotFound from None
        return named[0]
    queries.reach_within(told.id, seen)
    return told


def _inside(actor: Actor, text: str | None) -> list[Range]:
    """Where the actor sees records, all of it or at a place."""
    seen = access.ranges(actor, Ability.RECORDS_SEE)
    if text is None:
        return seen
    found = places.resolve(text)
    asked = places.area_ranges(found.area_id) if hasattr(found, "area_id") else places.ranges_of(found)
    reach = intersect(seen, asked)
    if not reach:
        raise Denied
    return reach


def _of_round(actor: Actor, told: RoundSeen, text: str | None) -> list[Range]:
    return queries.reach_within(told.id, _inside(actor, text))


def _as_round(told: RoundSeen) -> dict[str, Any]:
    return {
        "id": told.id, "name": told.name, "number": told.number, "series": told.series, "form": told.form, "state": told.state(clock.now()),
        "place": told.place_id, "area": told.area_id, "incident": told.incident, "legal_basis": told.legal_basis, "purpose": told.purpose,
        "opens_at": told.opens_at, "closes_at": told.closes_at, "ended_at": told.closed_at, "repeat_days": told.repeat_days,
        "first_closes_at": told.first_closes_at, "taking_in": told.taking_in, "withdrawn_at": told.withdrawn_at,
    }  # fmt: skip


def _as_coverage(covered: Coverage) -> dict[str, Any]:
    return {
        "doors": covered.doors, "settled": covered.settled, "open": covered.open,
        "by_outcome": {outcome.value: count for outcome, count in covered.by_outcome.items()},
        "by_reason": {reason.value: count for reason, count in covered.by_reason.items()},
        "visits": covered.visits, "people_seen": covered.people_seen, "people_times": covered.people_times,
    }  # fmt: skip


def _as_statement(stated: EndStatement) -> dict[str, Any]:
    return {
        "taken_at": stated.taken_at, "doors": stated.doors, "settled": stated.settled,
        "unreached": {reason.value: count for reason, count in stated.unreached.items()}, "revised_by": stated.revised_by,
    }  # fmt: skip


def _as_row(row: MissingDoor) -> dict[str, Any]:
    return {
        "place": row.place_id, "position": str(row.position), "building": row.building_name, "unit": row.unit_name, "door": row.label,
        "floor": row.floor, "reason": row.reason, "tries": row.tries, "visits": row.visits, "last_at": row.last_at, "next_at": row.next_at,
    }  # fmt: skip


def _in_words(total: int, covered: Coverage, page: Sequence[MissingDoor]) -> str:
    lines = [f"{total} / {covered.doors}"]
    lines += [f"{row.building_name} {row.unit_name} {row.label}\t{_(row.reason.english)}\t{row.tries}" for row in page]
    return "\n".join(lines)
