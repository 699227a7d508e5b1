"""`org`: organisations, branches and their life, members from a list, what nobody sponsors, take-over."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame, incidents
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import commands, queries
from lianfang.ground.organisations.branch_types import Approval, Founding, NewBranch
from lianfang.ground.organisations.member_types import Standing
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PersonNotFound
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands as switching
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.headquarters.playbooks.takeover_types import TakingOver
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import GrantId, OrganisationId, PersonId

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "org", purpose="organisations, branches, members, sponsorship")
    found = frame.command(words, "found", _found, purpose="found an organisation", acts=True)
    found.add_argument("name")
    found.add_argument("kind", choices=[kind.value for kind in OrganisationKind])
    found.add_argument("place", metavar="PLACE", help="where it has its seat")
    found.add_argument("--parent", type=UUID)
    listed = frame.command(words, "list", _list, purpose="organisations, branches, teams and posts of a place on a day", acts=True)
    listed.add_argument("place", metavar="PLACE")
    listed.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    members = frame.command(words, "members", _members, purpose="members who live in a place, masked", acts=True)
    members.add_argument("place", metavar="PLACE")
    members.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    gaps = frame.command(words, "gaps", _gaps, purpose="streets, communities and compounds nobody sponsors", acts=True)
    gaps.add_argument("place", metavar="PLACE")
    gaps.add_argument("--on", type=date.fromisoformat, metavar="DATE")
    imported = frame.command(words, "import", _import, purpose="members from a table: name, organisation, standing, phone", acts=True)
    imported.add_argument("place", metavar="PLACE", help="where they live")
    imported.add_argument("file", type=Path)
    imported.add_argument("--save", action="store_true", help="take the rows in; without it they are only tried")
    _branch_words(words)
    over = frame.command(words, "take-over", _take_over, purpose="let another body do the duties of one", acts=True)
    for name in ("body", "by"):
        over.add_argument(name, type=UUID)
    over.add_argument("--document", required=True)
    over.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the day it gives back, by itself")
    over.add_argument("--deputy", metavar="LOGIN", help="who holds the offices over its seat meanwhile")
    back = frame.command(words, "give-back", _give_back, purpose="give them back", acts=True)
    back.add_argument("takeover", type=UUID)


def _branch_words(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    apply = frame.command(words, "apply", _apply, purpose="apply for a temporary branch for an incident", acts=True)
    apply.add_argument("name")
    apply.add_argument("place", metavar="PLACE")
    apply.add_argument("--purpose", required=True)
    apply.add_argument("--incident", type=UUID, required=True)
    approve = frame.command(words, "approve", _approve, purpose="record the approval of a branch", acts=True)
    approve.add_argument("branch", type=UUID)
    approve.add_argument("approver", type=UUID)
    approve.add_argument("--document", required=True)
    raised = frame.command(words, "establish", _establish, purpose="found an approved branch with its full members", acts=True)
    raised.add_argument("branch", type=UUID)
    raised.add_argument("members", type=UUID, nargs="+", metavar="PERSON")
    end = frame.command(words, "dissolve", _dissolve, purpose="dissolve a branch", acts=True)
    end.add_argument("branch", type=UUID)
    end.add_argument("--document", default="")
    convert = frame.command(words, "convert", _convert, purpose="make a temporary branch a standing one", acts=True)
    convert.add_argument("branch", type=UUID)
    convert.add_argument("kind", choices=["functional_branch", "joint_branch", "party_branch"])
    convert.add_argument("approver", type=UUID)
    convert.add_argument("--document", required=True)


def _place(actor: Actor, text: str, ability: str) -> Place:
    found = frame.place_named(text)
    access.require(actor, ability, found)
    return found


def _of_body(actor: Actor, organisation_id: UUID) -> OrganisationId:
    """The organisation, unless the actor may not change organisations where it has its seat."""
    found = queries.organisation(OrganisationId(organisation_id))
    if found.place_id is not None:
        access.require(actor, Ability.ORGANISATIONS_EDIT, places.place(found.place_id))
    elif not actor.local:
        raise Denied
    return found.organisation_id


def _paper(actor: Actor, args: argparse.Namespace) -> Approval:
    """The paper of a committee, recorded by whoever may change that committee: nobody approves in the name of another."""
    return Approval(_of_body(actor, args.approver), args.document)


def _decided(args: argparse.Namespace, decide: Callable[[Actor], object]) -> int:
    """Decide about a branch, by whoever may change organisations where it is."""
    actor = frame.actor(args)
    with access.scoped(actor):
        _of_branch(actor, args.branch)
        decide(actor)
    frame.emit(args, {"branch_id": args.branch}, _("Saved."))
    return frame.DONE


def _of_branch(actor: Actor, branch_id: UUID) -> None:
    access.require(actor, Ability.ORGANISATIONS_EDIT, places.place(queries.branch(branch_id).place_id))


def _found(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seat = _place(actor, args.place, Ability.ORGANISATIONS_EDIT)
        parent = _of_body(actor, args.parent) if args.parent else None
        made = commands.found_organisation(args.name, OrganisationKind(args.kind), by=actor.account_id, place=seat.place_id, parent=parent)
    frame.emit(args, {"organisation_id": made}, str(made))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        here = [_place(actor, args.place, Ability.PLACES_SEE).range]
        bodies, branches = queries.organisations_seated(here, args.on), queries.branches(here, on=args.on)
        teams, posts = queries.teams(here, on=args.on), queries.posts(here, on=args.on)
    answer = {"organisations": bodies, "branches": branches, "teams": teams, "posts": posts}
    lines = [f"{one.name}\t{one.kind}\t{one.organisation_id}" for one in bodies]
    lines += [f"{one.name}\t{one.state}\t{one.branch_id}" for one in branches]
    frame.emit(args, answer, "\n".join(lines))
    return frame.DONE


def _members(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = queries.members_living([_place(actor, args.place, Ability.MEMBERS_SEE).range], args.on)
    frame.emit(args, {"members": found}, "\n".join(f"{one.name}\t{one.organisation}\t{one.standing}\t{one.person_id}" for one in found))
    return frame.DONE


def _gaps(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = queries.unsponsored([_place(actor, args.place, Ability.PLACES_SEE).range], args.on)
    bare = _("without management")
    lines = [f"{one.level}\t{one.within}{one.name}\t{bare if one.unmanaged else ''}" for one in found]
    frame.emit(args, {"unsponsored": found}, "\n".join(lines) or _("Somebody answers for everything here."))
    return frame.DONE


def _import(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        home = _place(actor, args.place, Ability.ORGANISATIONS_EDIT)
        answer = commands.import_members(args.file.read_bytes(), home, save=args.save, by=actor.account_id)
    lines = [f"{row.line}\t{row.verdict}\t{frame.in_words(row.reason) if row.reason else ''}" for row in answer]
    plain = [{"line": row.line, "verdict": row.verdict, "reason": row.reason.code if row.reason else ""} for row in answer]
    frame.emit(args, {"rows": plain, "saved": args.save}, "\n".join(lines))
    return frame.DONE


def _apply(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seat = _place(actor, args.place, Ability.ORGANISATIONS_EDIT)
        incident = incidents.seen(actor, args.incident).incident_id
        new = NewBranch(args.name, args.purpose, seat.place_id, incident=incident)
        made = commands.apply_for_branch(new, by=actor.account_id)
    frame.emit(args, {"branch_id": made}, str(made))
    return frame.DONE


def _approve(args: argparse.Namespace) -> int:
    return _decided(args, lambda actor: commands.approve_branch(args.branch, _paper(actor, args), by=actor.account_id))


def _establish(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        _of_branch(actor, args.branch)
        members = [(PersonId(person), Standing.FULL) for person in args.members]
        # Whoever serves here is seen here: somebody whom the actor does not see is not made visible by being named.
        if set(args.members) - set(people.names_masked(person for person, _standing in members)):
            raise PersonNotFound
        made = commands.found_branch(args.branch, Founding(members), by=actor.account_id)
    frame.emit(args, {"organisation_id": made}, str(made))
    return frame.DONE


def _dissolve(args: argparse.Namespace) -> int:
    return _decided(args, lambda actor: commands.dissolve_branch(args.branch, by=actor.account_id, document=args.document))


def _convert(args: argparse.Namespace) -> int:
    into = OrganisationKind(args.kind)
    return _decided(args, lambda actor: commands.convert_branch(args.branch, into, _paper(actor, args), by=actor.account_id))


def _take_over(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        body, deputy = queries.organisation(OrganisationId(args.body)), None
        held: list[GrantId] = []
        if args.deputy and body.place_id is not None:
            deputy = accounts.account_id_of_login(args.deputy)
            held = [one.holder.grant_id for one in playbooks.offices_at(places.place(body.place_id)) if one.whole]
        asked = TakingOver(body.organisation_id, OrganisationId(args.by), args.document, deputy, tuple(held), args.until)
        done = switching.take_over(asked, by=actor)
    frame.emit(
        args,
        {"takeover_id": done.takeover_id, "moved": done.moved, "offices": done.offices, "matters": done.matters},
        str(done.takeover_id),
    )
    return frame.DONE


def _give_back(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        done = switching.give_back(args.takeover, by=actor)
    frame.emit(args, {"moved": done.moved, "offices": done.offices, "matters": done.matters}, _("Saved."))
    return frame.DONE
