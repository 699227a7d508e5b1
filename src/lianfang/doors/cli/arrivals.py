"""`arrivals`: people who came from elsewhere: recording one, who is followed up on a day, the running total."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import PlaceNotFound
from lianfang.kernel import clock
from lianfang.ledger.kinds.returns import Means
from lianfang.work.rounds import commands, lists, queries

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_SHOWN = 200
_DAYS = 14


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "arrivals", purpose="people who came from elsewhere")
    listing = frame.command(words, "list", _list, purpose="who is due for follow-up at a place, and the running total", acts=True)
    listing.add_argument("place", metavar="PLACE")
    listing.add_argument("--which", choices=("due", "following", "all"), default="due")
    listing.add_argument("--day", type=date.fromisoformat, metavar="DATE", help="default today")
    listing.add_argument("--limit", type=int, default=_SHOWN)
    listing.add_argument("--after", type=int, default=0, help="so many are passed over")
    adding = frame.command(words, "add", _add, purpose="record that somebody came to live at a door", acts=True)
    adding.add_argument("door", metavar="DOOR", help="the door: its id, or its address with a community before it")
    adding.add_argument(
        "--from", dest="origin", required=True, metavar="PLACE|COUNTRY", help="full name or code of a division, or a country"
    )
    adding.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="the day of arrival, default today")
    adding.add_argument("--means", choices=[means.value for means in Means], default=Means.OTHER.value)
    adding.add_argument("--rule", help="the rule set that the days of follow-up come from")
    adding.add_argument("--person", type=UUID, help="who, where they are on the list")


def _place(text: str) -> Place:
    found = places.resolve(text)
    if hasattr(found, "area_id"):
        raise PlaceNotFound(text=text)
    return found


def _add(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        door = _place(args.door)
        origin = lists.WhereTo().read(args.origin)
        abroad = origin is not None and not origin.isdigit()
        saved = commands.record_arrival(
            door.place_id, args.on or clock.today(), by=actor, subject=args.person, from_code=None if abroad else origin,
            from_country=origin if abroad else None, means=Means(args.means), rule=args.rule,
        )  # fmt: skip
    frame.emit(args, {"record": saved.record_id}, str(saved.record_id))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor, day = frame.actor(args), args.day or clock.today()
    frame.bring_up_to_date()
    with access.scoped(actor):
        place = _place(args.place)
        access.require(actor, Ability.PEOPLE_SEE, place)
        ranges = places.ranges_of(place)
        if args.which == "all":
            found = queries.arrivals_came(ranges, day, after=args.after, limit=args.limit)
        else:
            found = queries.arrivals_followed(ranges, day, due_only=args.which == "due", after=args.after, limit=args.limit)
        counted, due = queries.arrival_count(ranges, day), queries.arrivals_due(ranges, day)
        daily = queries.arrivals_daily(ranges, day - timedelta(days=_DAYS - 1), day)
        origins = lists.named(one.arrival.origin for one in found)
    rows: list[dict[str, Any]] = [
        {
            "record": one.arrival.record_id, "place": one.arrival.place_id, "position": str(one.arrival.position),
            "subject": one.arrival.subject, "arrived_on": one.arrival.arrived_on, "origin": one.arrival.origin,
            "from": origins[one.arrival.origin], "means": one.arrival.means, "rule": one.arrival.rule,
            "follow_until": one.arrival.follow_until, "day": one.day, "days": one.days, "reached_at": one.reached_at, "outcome": one.outcome,
            "symptoms": one.symptoms,
        }
        for one in found
    ]  # fmt: skip
    answer = {
        "day": day, "total": counted.total, "following": counted.following, "due": due,
        "days": [{"day": one.day, "came": one.came, "total": one.total, "following": one.following} for one in daily],
        "arrivals": rows,
    }  # fmt: skip
    text = _("{due} due, {following} followed up, {total} came").format(due=due, following=counted.following, total=counted.total)
    lines = [f"  {row['position']}\t{row['from']}\t{row['arrived_on']}\t{row['day']}/{row['days']}" for row in rows]
    frame.emit(args, answer, "\n".join([text, *lines]))
    return frame.DONE
