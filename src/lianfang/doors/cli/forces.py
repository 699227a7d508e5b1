"""`forces`: who can be sent, and what places need. `assign`: who goes where, for all of a place at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.people.types import NewPerson
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import OrganisationId, PersonId, new_id
from lianfang.work.mobilisation import commands, lists, queries, wording
from lianfang.work.mobilisation.rules.forces import read
from lianfang.work.mobilisation.types import Came, DraftSeen, NeedKind, NeedSeen, NewForce, NewNeed, Skill, Times

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "forces", purpose="who can be sent, and what places need")
    adding = frame.command(words, "add", _add, purpose="put somebody on the list of those who can be sent", acts=True)
    adding.add_argument("home", metavar="PLACE", help="where they live")
    adding.add_argument("--came", required=True, choices=[came.value for came in Came])
    adding.add_argument("--person", type=UUID, help="somebody known here; else --name")
    adding.add_argument("--name", default="")
    adding.add_argument("--phone", default="")
    adding.add_argument("--paper", default="", help="number of the identity paper, which tells the age")
    adding.add_argument("--able", default="", metavar="WORDS", help="skills, languages, vehicle, times: " + ", ".join([*Skill, *Times]))
    adding.add_argument("--full-member", action="store_true")
    adding.add_argument("--organisation", type=UUID)
    adding.add_argument("--only-in", metavar="PLACE", help="they go only there")
    adding.add_argument("--consents", action="store_true", help="they agreed to be kept on the list")
    loading = frame.command(words, "load", _load, purpose="take in a list of people from Excel", acts=True)
    loading.add_argument("file", type=Path)
    loading.add_argument("--place", required=True, metavar="PLACE", help="the community they live in")
    loading.add_argument("--came", required=True, choices=[came.value for came in Came])
    listing = frame.command(words, "list", _list, purpose="who can be sent", acts=True)
    listing.add_argument("place", metavar="PLACE")
    listing.add_argument("--able", default="", metavar="WORDS")
    gone = frame.command(words, "withdraw", _withdraw, purpose="take somebody off the list and forget them", acts=True)
    gone.add_argument("force", type=UUID)
    released = frame.command(words, "release", _release, purpose="let somebody go who was sent by an organisation", acts=True)
    released.add_argument("force", type=UUID)
    needed = frame.command(words, "need", _need, purpose="say what a place needs", acts=True)
    needed.add_argument("place", metavar="PLACE")
    needed.add_argument("--name", required=True)
    needed.add_argument("--kind", choices=[kind.value for kind in NeedKind], default=NeedKind.POST.value)
    needed.add_argument("--floor", type=int, required=True)
    needed.add_argument("--cap", type=int)
    needed.add_argument("--require", default="", metavar="WORDS")
    needed.add_argument("--risky", action="store_true", help="nobody under eighteen")
    needed.add_argument("--led-by-member", action="store_true", help="a Party team: one of them a full member")
    _register_assigning(frame.group(subparsers, "assign", purpose="who goes where, for all of a place at once"))


def _register_assigning(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    drafted = frame.command(words, "draft", _draft, purpose="make a proposal now", acts=True)
    drafted.add_argument("place", metavar="PLACE")
    shown = frame.command(words, "show", _show, purpose="a proposal: place by place, what is short and why", acts=True)
    shown.add_argument("draft", type=UUID)
    shown.add_argument("--short", action="store_true", help="only what stays short")
    confirmed = frame.command(words, "confirm", _confirm, purpose="make a proposal hold from today", acts=True)
    confirmed.add_argument("draft", type=UUID)
    for name, run, purpose in (
        ("pin", commands.pin, "decide by hand that somebody goes there"),
        ("keep-away", commands.keep_away, "decide by hand that somebody does not go there"),
        ("leave-open", commands.leave_open, "take back what was decided by hand"),
    ):
        decided = frame.command(words, name, _decide, purpose=purpose, acts=True)
        decided.set_defaults(decision=run)
        decided.add_argument("force", type=UUID)
        decided.add_argument("need", type=UUID)


def place_named(text: str) -> Place:
    """A place, not an area. Raises WrongUse."""
    found, _area = places.told_apart(places.resolve(text))
    if found is None:
        raise frame.WrongUse(_("Name a place, not an area."))
    return found


def able_named(text: str) -> tuple[Skill | Times, ...]:
    """Skills and times as somebody types them. Raises WrongUse."""
    known, unknown = read(text)
    if unknown:
        raise frame.WrongUse(_("Nobody knows the words {words}.").format(words=", ".join(unknown)))
    return known


def _add(args: argparse.Namespace) -> int:
    if not (args.person or args.name):
        raise frame.WrongUse(_("Name the person: --person or --name."))
    actor = frame.actor(args)
    with access.scoped(actor):
        person = PersonId(args.person) if args.person else NewPerson(PersonId(new_id()), args.name, phone=args.phone, paper=args.paper)
        told = commands.register(
            NewForce(
                person, Came(args.came), place_named(args.home).place_id, able_named(args.able), args.full_member,
                OrganisationId(args.organisation) if args.organisation else None, place_named(args.only_in).place_id if args.only_in else None,
                consents=args.consents, channel="cli",
            ),
            by=actor,
        )  # fmt: skip
    frame.emit(args, told, f"{told.force_id} {told.name}")
    return frame.DONE


def _load(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        taken = lists.take_in(args.file, Came(args.came), place_named(args.place).place_id, by=actor)
    told = [{"row": row.number, "why": frame.in_words(row.why)} for row in taken.refused]
    text = [_("{count} people are on the list.").format(count=taken.taken), *(f"{row['row']}: {row['why']}" for row in told)]
    frame.emit(args, {"taken": taken.taken, "known": taken.known, "refused": told}, "\n".join(text))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place = place_named(args.place)
        access.require(actor, "people.see", place)
        found = queries.forces(places.ranges_of(place), able=queries.asked(able_named(args.able)))
        counted = queries.counts(places.ranges_of(place))
    rows = "\n".join(f"{one.force_id} {one.name} {wording.CAME[one.came]} {wording.able(one.able)}" for one in found)
    frame.emit(args, {"counts": counted, "forces": found}, rows or _("Nobody is on the list here."))
    return frame.DONE


def _withdraw(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        commands.withdraw(args.force, by=actor, channel="cli")
    frame.emit(args, {"withdrawn": args.force}, _("Taken off the list."))
    return frame.DONE


def _release(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        commands.release(args.force, by=actor)
    frame.emit(args, {"released": args.force}, _("Taken off the list."))
    return frame.DONE


def _need(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        new = NewNeed(
            args.name, NeedKind(args.kind), place_named(args.place).place_id, args.floor, args.cap or max(args.floor, 1), able_named(args.require),
            args.risky, args.led_by_member,
        )  # fmt: skip
        made = commands.ask_for(new, by=actor)
    frame.emit(args, {"needs": made}, "\n".join(f"{one.need_id} {one.name} {one.floor}" for one in made))
    return frame.DONE


def _draft(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        asked = commands.ask_for_draft(place_named(args.place).place_id, by=actor)
    told = commands.make(asked.draft_id, by=actor)
    frame.emit(args, told, _line(told))
    return frame.DONE


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told, rows = _seen(actor, args.draft, short_only=args.short)
    frame.emit(args, {"draft": told, "needs": rows}, "\n".join([_line(told), *(_as_line(row) for row in rows)]))
    return frame.DONE


def _seen(actor: access.Actor, draft_id: UUID, *, short_only: bool) -> tuple[DraftSeen, list[NeedSeen]]:
    told = queries.draft(draft_id)
    place = places.place(told.place_id)
    access.require(actor, "people.see", place)
    return told, queries.needs(places.ranges_of(place), draft_id, short_only=short_only, limit=100_000)


def _line(told: DraftSeen) -> str:
    near = _("at most {share} from the best")
    gap = "" if told.gap is None else " " + near.format(share=f"{told.gap:.2%}")
    facts: dict[str, Any] = {"sent": told.sent, "short": told.short}
    return f"{told.draft_id} {wording.STATES[told.state]} " + _("{sent} sent, {short} short").format(**facts) + gap


def _as_line(row: NeedSeen) -> str:
    return f"{row.name} {row.gets}/{row.floor}" + (f" {wording.WHY[row.why]}" if row.missing else "")


def _confirm(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = commands.confirm(args.draft, by=actor)
    frame.emit(args, told, _line(told))
    return frame.DONE


def _decide(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        args.decision(args.force, args.need, by=actor)
    frame.emit(args, {"force": args.force, "need": args.need}, _("Decided."))
    return frame.DONE
