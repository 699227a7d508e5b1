"""`people`: who lives where, masked; single full values with a reason; counts and their recount."""

from __future__ import annotations

import argparse
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import LocalOnly
from lianfang.ground.people import commands, queries
from lianfang.ground.people.types import Channel, RevealField
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import PersonId
from lianfang.kernel.ranges import Range, intersect


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "people", purpose="persons, households and the log of looks")
    show = frame.command(words, "show", _show, purpose="who belongs to a door, masked", acts=True)
    show.add_argument("door", metavar="PLACE")
    counts = frame.command(words, "counts", _counts, purpose="households and people under a place", acts=True)
    counts.add_argument("place", metavar="PLACE")
    find = frame.command(words, "find", _find, purpose="people by the beginning of a name, a phone or a paper, masked", acts=True)
    find.add_argument("text")
    reveal = frame.command(words, "reveal", _reveal, purpose="one full value of one person; needs --as, and is logged", acts=True)
    reveal.add_argument("person", type=UUID)
    reveal.add_argument("field", choices=[field.value for field in RevealField])
    reveal.add_argument("--reason", required=True)
    looks = frame.command(words, "looks", _looks, purpose="who looked at full values of people under a place", acts=True)
    looks.add_argument("place", metavar="PLACE")
    looks.add_argument("--limit", type=int, default=50)
    end = frame.command(words, "end", _end, purpose="close a person's row: death, or a second row for the same person", acts=True)
    end.add_argument("person", type=UUID)
    end.add_argument("--reason", default="")
    frame.command(words, "recount", _recount, purpose="count every building anew from its rows")
    frame.command(words, "mend-positions", _mend, purpose="give households and residences the position of their door")


def _inside(text: str) -> list[Range]:
    found = places.resolve(text)
    return places.area_ranges(found.area_id) if hasattr(found, "area_id") else places.ranges_of(found)


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        door = places.resolve(args.door)
        if hasattr(door, "area_id"):
            raise frame.WrongUse("people live at doors, not in areas")
        access.require(actor, Ability.PEOPLE_SEE, door)
        households, people = queries.households_of_door(door.place_id), queries.people_of_door(door.place_id)
    lines = [f"{each.name}\t{each.relation}\t{each.phone}\t{each.paper}\t{each.person_id}" for each in people]
    frame.emit(args, {"households": households, "people": people}, "\n".join(lines) or _("Nobody is entered here."))
    return frame.DONE


def _counts(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        reach = intersect(access.ranges(actor, Ability.FIGURES_SEE), _inside(args.place))
        if not reach:
            raise Denied
        counted = queries.counts(reach)
    text = _("{households} households, {registered} people registered, {living} living there")
    frame.emit(args, counted, text.format(households=counted.households, registered=counted.registered, living=counted.living))
    return frame.DONE


def _find(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        reach = access.ranges(actor, Ability.PEOPLE_SEE)
        found = queries.find_by_name(args.text, reach) or queries.find_by_phone(args.text, reach) or queries.find_by_paper(args.text, reach)
    frame.emit(args, {"people": found}, "\n".join(f"{each.person_id}\t{each.name}\t{each.phone}" for each in found))
    return frame.DONE


def _reveal(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    if actor.account_id is None:
        raise LocalOnly
    with access.scoped(actor):
        access.require_person(actor, Ability.PEOPLE_REVEAL, PersonId(args.person))
        value = commands.reveal(PersonId(args.person), RevealField(args.field), args.reason, by=actor.account_id, channel=Channel.CLI)
    frame.emit(args, {"value": value}, value)
    return frame.DONE


def _looks(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = queries.looks(intersect(access.ranges(actor, Ability.LOOKS_SEE), _inside(args.place)), limit=args.limit)
        names = accounts.names_of(look.account_id for look in found)
    lines = [f"{clock.local(look.at):%Y-%m-%d %H:%M}\t{names.get(look.account_id, '')}\t{look.field}\t{look.reason}" for look in found]
    frame.emit(args, {"looks": found}, "\n".join(lines))
    return frame.DONE


def _end(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        access.require_person(actor, Ability.PEOPLE_EDIT, PersonId(args.person))
        commands.end_person(PersonId(args.person), clock.today(), by=actor.account_id, reason=args.reason)
    frame.emit(args, {"person_id": args.person}, _("Closed."))
    return frame.DONE


def _recount(args: argparse.Namespace) -> int:
    buildings = commands.recount_all()
    frame.emit(args, {"buildings": buildings}, _("{buildings} buildings recounted.").format(buildings=buildings))
    return frame.DONE


def _mend(args: argparse.Namespace) -> int:
    rows = commands.mend_positions()
    frame.emit(args, {"rows": rows}, _("{rows} rows mended.").format(rows=rows))
    return frame.DONE
