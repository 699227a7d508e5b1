"""`roster`: a community's list of residents loaded with a verdict a row, and given back in the layout it came in."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame, roster_columns
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.accounts.types import LocalOnly
from lianfang.ground.places import queries as places
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import NotACommunity, Summary, Verdict, Wanted
from lianfang.kernel import clock

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

VERDICTS = {
    Verdict.ADDED: lambda: _("added"),
    Verdict.MERGED: lambda: _("merged"),
    Verdict.CHANGED: lambda: _("changed"),
    Verdict.UNCHANGED: lambda: _("unchanged"),
    Verdict.WAITING: lambda: _("waiting"),
    Verdict.REFUSED: lambda: _("refused"),
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "roster", purpose="lists of residents in and out")
    roster_columns.add_to(words)
    load = frame.command(words, "load", _load, purpose="load a list of residents (.xlsx .xls .csv), with a verdict a row", acts=True)
    load.add_argument("file", type=Path)
    load.add_argument("--community", required=True, metavar="PLACE", help="the community that the list is of: its 12-digit code")
    load.add_argument("--dry-run", action="store_true", help="only say what would happen")
    load.add_argument("--answer", type=Path, metavar="FILE", help="write the list with verdict and reason here, as .xlsx")
    load.add_argument("--add-doors", action="store_true", help="lay out the doors that the list names and the community lacks")
    load.add_argument("--accept-likely", action="store_true", help="take addresses that were understood but are not as written")
    export = frame.command(
        words, "export", _export, purpose="the people of a community in the layout of a list; needs --as, and is logged", acts=True
    )
    export.add_argument("community", metavar="PLACE")
    export.add_argument("--roster", type=UUID, help="whose layout; default: the one loaded last")
    export.add_argument("--reason", required=True)
    export.add_argument("--out", type=Path, required=True, metavar="FILE")


def _community(text: str) -> Place:
    found = places.resolve(text)
    if hasattr(found, "area_id"):
        raise NotACommunity(name=found.name)
    return found


def _load(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    if not args.file.is_file():
        raise roster_columns.FileMissing(path=args.file)
    content = args.file.read_bytes()
    with access.scoped(actor):
        community = _community(args.community)
        access.require(actor, Ability.PEOPLE_EDIT, community)
    roster_id, found = commands.load_file(
        community,
        content,
        args.file.name,
        actor,
        wanted=Wanted(only_try=args.dry_run, add_doors=args.add_doors, accept_likely=args.accept_likely),
    )
    try:
        if args.answer:
            with access.scoped(actor):
                args.answer.touch(mode=0o600)
                args.answer.write_bytes(commands.answer_file(roster_id, headings(), verdict_words, frame.in_words))
    finally:
        if args.dry_run:
            with access.scoped(actor):
                commands.drop(roster_id)
    frame.emit(args, {**dataclasses.asdict(found), "dry_run": args.dry_run, "roster": roster_id}, lambda: _said(found))
    return frame.DONE


def headings() -> tuple[str, str]:
    """The columns that an answer adds."""
    return _("Verdict"), _("Reason")


def verdict_words(verdict: Verdict) -> str:
    """A verdict in the reader's language."""
    return VERDICTS[verdict]()


def _said(found: Summary) -> str:
    lines = [_("{rows} people at {doors} doors").format(rows=found.rows, doors=found.doors)]
    lines += [f"{verdict_words(verdict)}: {getattr(found, verdict)}" for verdict in Verdict if getattr(found, verdict)]
    if found.same_file and found.rows == found.unchanged:
        lines.append(_("This roster was loaded before; nothing changed."))
    if found.missing_doors:
        lines.append(_("{count} doors are not laid out yet; --add-doors adds them.").format(count=found.missing_doors))
    if found.left_out:
        lines.append(
            _("{count} people stood in an earlier roster and not in this one; nothing was done about them.").format(count=found.left_out)
        )
    return "\n".join(lines)


def _export(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    if actor.account_id is None:
        raise LocalOnly
    with access.scoped(actor):
        community = _community(args.community)
        access.require(actor, Ability.EXPORTS_MAKE, community)
        access.require(actor, Ability.PEOPLE_REVEAL, community)
        roster_id = args.roster or queries.latest(community.place_id)
        mark = _("Taken out by {login} on {moment}; internal, not to be passed on").format(
            login=actor.login, moment=clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
        )
        content, count = commands.export_roster(roster_id, mark, args.reason, by=actor.account_id)
    args.out.touch(mode=0o600)
    args.out.write_bytes(content)
    frame.emit(args, {"people": count, "file": str(args.out)}, _("{count} people written.").format(count=count))
    return frame.DONE
