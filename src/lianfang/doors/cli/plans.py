"""`plan`: plans in peacetime, activating and practising them, taking back. `stand-down`: the way back, its letters and its report."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.doors.cli.incidents import seen as incident_seen
from lianfang.doors.cli.rounds import moment_typed
from lianfang.ground.accounts import access
from lianfang.ground.incidents.types import Ground
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands, documents, queries, wording
from lianfang.headquarters.playbooks.commands.standing_down import STANDING
from lianfang.headquarters.playbooks.content import as_content, as_stored, example, examples
from lianfang.headquarters.playbooks.queries.still_open import bodies
from lianfang.headquarters.playbooks.queries.still_open import preview as still_open
from lianfang.headquarters.playbooks.types import PlanNotFound, PlanSeen, RunNotFound, RunSeen, RunState, StandDown, Switch
from lianfang.kernel import clock
from lianfang.kernel.ids import OrganisationId


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "plan", purpose="plans kept ready, and the switch")
    listed = frame.command(words, "list", _list, purpose="plans for a place", acts=True)
    listed.add_argument("place", metavar="PLACE")
    drawn = frame.command(words, "new", _new, purpose="draw up a plan from an example or a file", acts=True)
    drawn.add_argument("place", metavar="PLACE")
    source = drawn.add_mutually_exclusive_group(required=True)
    source.add_argument("--example", choices=sorted(examples()))
    source.add_argument("--file", type=Path, help="name, kind and content as `plan show --json` prints them")
    drawn.add_argument("--name", default="")
    drawn.add_argument("--approver", type=UUID, help="the Party committee that approves its branches")
    for name, run, purpose in (
        ("show", _show, "a plan with its parts and who is bound to them"),
        ("check", _check, "what is wrong with a plan: who has left, what is gone, where nobody is named"),
    ):
        frame.command(words, name, run, purpose=purpose, acts=True).add_argument("plan", type=UUID)
    bound = frame.command(words, "bind", _bind, purpose="bind people to a part at one of its places; the first one leads", acts=True)
    bound.add_argument("plan", type=UUID)
    bound.add_argument("part")
    bound.add_argument("site", type=UUID)
    bound.add_argument("person", type=UUID, nargs="*")
    for name, purpose in (("activate", "activate a plan: peacetime to emergency"), ("drill", "practise a plan, in a book of its own")):
        switching = frame.command(words, name, _switch, purpose=purpose, acts=True)
        switching.set_defaults(drill=name == "drill")
        switching.add_argument("plan", type=UUID)
        _ground(switching)
        switching.add_argument("--until", type=moment_typed, metavar="TIME", help="expected end (default: the days of the plan)")
        switching.add_argument("--level", default="", choices=["", "I", "II", "III", "IV"])
        switching.add_argument("--approver", type=UUID)
        _waits(switching)
    shown = frame.command(words, "run", _run, purpose="how far an activation or a standing down is", acts=True)
    shown.add_argument("run_id", type=UUID, metavar="RUN")
    undoing = frame.command(words, "undo", _undo, purpose="take back the last step of an activation, or all of it", acts=True)
    undoing.add_argument("run_id", type=UUID, metavar="RUN")
    undoing.add_argument("--all", action="store_true")
    _waits(undoing)
    going = frame.command(words, "go-on", _go_on, purpose="let a run that was held go on", acts=True)
    going.add_argument("run_id", type=UUID, metavar="RUN")
    _waits(going)
    down = frame.command(subparsers, "stand-down", _stand_down, purpose="stand an incident down: emergency to peacetime", acts=True)
    down.add_argument("incident", type=UUID)
    down.add_argument("--preview", action="store_true", help="only say what is open")
    down.add_argument("--keep", action="append", default=[], metavar="BODY:KIND", help="a body that stays, and as what")
    _ground(down, required=False)
    _waits(down)
    papers = frame.command(subparsers, "stand-down-papers", _papers, purpose="the closing report and the letters of service", acts=True)
    papers.add_argument("run_id", type=UUID, metavar="RUN")
    papers.add_argument("folder", type=Path)


def _ground(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--authority", required=required, default="", help="who decided")
    parser.add_argument("--document", required=required, default="", help="number of the document")
    parser.add_argument("--reason", default="")


def _waits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", action="store_true", help="do it here and now, instead of leaving it to the process of jobs")


def _list(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place = frame.place_named(args.place)
        access.require(actor, "places.see", place)
        found = queries.plans(places.ranges_of(place))
    text = "\n".join(f"{one.plan_id} {one.name} v{one.number}" for one in found)
    frame.emit(args, {"plans": found}, text or _("No plan has been drawn up for this place."))
    return frame.DONE


def _new(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        place = frame.place_named(args.place)
        if args.example:
            name, kind, content = example(args.example)
        else:
            form = json.loads(args.file.read_text())
            name, kind, content = form["name"], form["kind"], as_content(form["content"])
        content = replace(content, approver=args.approver or content.approver)
        told = commands.draw_up(args.name or name, kind, place.place_id, content, by=actor)
    frame.emit(args, _as_object(told), f"{told.plan_id} {told.name}")
    return frame.DONE


def _as_object(told: PlanSeen) -> dict[str, object]:
    return frame.plain_object(told) | {"content": as_stored(told.content)}


def _held(actor: access.Actor, plan_id: UUID) -> PlanSeen:
    """A plan, if the actor sees its place; else the same answer as if there were none."""
    told = queries.plan(plan_id)
    if not access.may(actor, "places.see", places.place(told.place_id)):
        raise PlanNotFound
    return told


def _show(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = _held(actor, args.plan)
        access.require(actor, "members.see", places.place(told.place_id))
        bound = queries.holders(told.plan_id)
        place = places.place(told.place_id)
        sites = {part.key: queries.sites(place, part.each) for part in told.content.parts}
    lines = [f"{part.key} {wording.SECTIONS[part.section]} {part.name} {wording.EACH[part.each]}" for part in told.content.parts]
    answer = _as_object(told) | {"holders": bound, "sites": sites, "versions": queries.versions(told.plan_id)}
    frame.emit(args, answer, "\n".join([f"{told.plan_id} {told.name} v{told.number}", *lines]))
    return frame.DONE


def _check(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = _held(actor, args.plan)
        access.require(actor, "members.see", places.place(told.place_id))
        found = queries.findings(told)
        lines = queries.preview(told)
    text = "\n".join(f"{wording.LACKS[one.lack]}: {one.part} {one.site}" for one in found)
    frame.emit(args, {"findings": found, "preview": lines}, text or _("Nothing is wrong with this plan."))
    return frame.DONE


def _bind(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        _held(actor, args.plan)
        commands.bind(args.plan, args.part, args.site, args.person, by=actor)
    frame.emit(args, {"plan_id": args.plan, "bound": len(args.person)}, str(len(args.person)))
    return frame.DONE


def _switch(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = _held(actor, args.plan)
        switch = Switch(
            Ground(args.authority, args.document, args.reason), args.until or clock.now() + timedelta(days=told.content.days), args.drill,
            level=args.level, approver=OrganisationId(args.approver) if args.approver else None,
        )  # fmt: skip
        run = commands.activate(args.plan, switch, by=actor)
    return _told(args, actor, run.run_id)


def _told(args: argparse.Namespace, actor: access.Actor, run_id: UUID) -> int:
    """How a run stands, after it was carried out here where that was asked for."""
    if getattr(args, "wait", False):
        commands.carry_on(run_id)
    with access.scoped(actor):
        run, refused = seen(actor, run_id), queries.refused(run_id)
    words = wording.STEPS[run.kind]
    lines = [f"{run.run_id} {run.name}: {wording.STATES[run.state]}"]
    lines += [f"  {words[step.key]} {step.done}/{step.things}" for step in run.steps]
    lines += [f"  {one.name}: {wording.said(one.message, one.facts)}" for one in refused]
    if run.message:
        lines.append(wording.said(run.message, run.facts))
    frame.emit(args, frame.plain_object(run) | {"refused": refused}, "\n".join(lines))
    return frame.REFUSED if run.state is RunState.HELD and run.message else frame.DONE


def seen(actor: access.Actor, run_id: UUID) -> RunSeen:
    """A run, if the actor sees its place; else the same answer as if there were none."""
    told = queries.run(run_id)
    if not access.may(actor, "places.see", places.place(told.place_id)):
        raise RunNotFound
    return told


def _run(args: argparse.Namespace) -> int:
    return _told(args, frame.actor(args), args.run_id)


def _undo(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seen(actor, args.run_id)
        (commands.undo_all if args.all else commands.undo_last)(args.run_id, by=actor)
    return _told(args, actor, args.run_id)


def _go_on(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        seen(actor, args.run_id)
        commands.go_on(args.run_id, by=actor)
    return _told(args, actor, args.run_id)


def _stand_down(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        told = incident_seen(actor, args.incident)
        if args.preview:
            lines, standing = still_open(told), bodies(told)
            text = "\n".join(f"{wording.WAY_BACK[line.section]} {line.things}" for line in lines)
            frame.emit(args, {"open": lines, "bodies": standing}, text)
            return frame.DONE
        run = commands.stand_down(
            told.incident_id, StandDown(Ground(args.authority, args.document, args.reason), _kept(args.keep)), by=actor
        )
    return _told(args, actor, run.run_id)


def _kept(said: list[str]) -> dict[UUID, OrganisationKind]:
    try:
        return {UUID(body): OrganisationKind(kind) for body, _colon, kind in (one.partition(":") for one in said)}
    except ValueError:
        kinds = ", ".join(STANDING)
        raise frame.WrongUse(_("Name each body that stays as BODY:KIND; kinds are {kinds}").format(kinds=kinds)) from None


def _papers(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        run = seen(actor, args.run_id)
        access.require(actor, "exports.make", places.place(run.place_id))
        made = {"report.pdf": documents.report(run.run_id), "report.xlsx": documents.report_sheet(run.run_id)}
        for organisation, _people, _days, _minutes in queries.letters(run.run_id):
            if not actor.local:
                access.require(actor, "people.reveal", places.place(run.place_id))
            made[f"letter-{organisation or 'none'}.pdf"] = documents.letter(run.run_id, organisation, by=actor)
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (args.folder / name).write_bytes(content)
    frame.emit(args, {"files": list(made)}, "\n".join(made))
    return frame.DONE
