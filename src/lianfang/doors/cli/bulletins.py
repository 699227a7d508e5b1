"""Bulletins at the command line."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands, documents, queries, subjects, wording
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.bulletins.documents import Form
from lianfang.headquarters.bulletins.releasing import released
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import PeriodBackwards
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.figures import Period
from lianfang.kernel.ranges import subtract


class CannotWrite(Refused):
    """The file {file} cannot be written."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = frame.command(subparsers, "bulletin", _bulletin, purpose=_("a bulletin of a place and day, as a file"), acts=True)
    command.add_argument("name", metavar="NAME", help=_("which bulletin: daily"))
    command.add_argument("place", metavar="PLACE")
    command.add_argument("--day", type=date.fromisoformat, metavar="DATE", help=_("the day (default today)"))
    command.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE", help=_("first day of several"))
    command.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE", help=_("last day of several, itself included"))
    command.add_argument("--on", type=date.fromisoformat, metavar="DATE", help=_("read the code as it was on this day"))
    command.add_argument("--format", dest="form", choices=[form.value for form in Form], default=Form.PDF.value)
    command.add_argument(
        "--out", type=Path, metavar="FILE", help=_("where to write it (default: a name made from bulletin, place and day)")
    )
    command.add_argument("--language", choices=["zh", "en"], default="zh")
    command.add_argument("--publish", action="store_true", help=_("publish it first: it is kept as it is then, for ever"))
    command.add_argument("--fresh", action="store_true", help=_("as the records stand now, even where it is published"))
    command.add_argument("--release", action="store_true", help=_("for the public: chosen figures, none too small"))


def _bulletin(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    told, period = definition(args.name), _period(args)
    frame.bring_up_to_date()
    with access.scoped(actor):
        place = places.resolve(args.place, args.on)
        subject = subjects.of(place)
        if subtract(subject.ranges, access.ranges(actor, Ability.FIGURES_SEE)):
            raise NotFound
        issue = None if args.fresh else queries.told(subject.id, told.key, period.first, period.last)
        if args.publish:
            issue = commands.publish(told, subject, period, by=actor)
        content = issue.content if issue else whole(told, subject, period)
    content = released(content) if args.release else content
    form = Form(args.form)
    out = args.out or Path(documents.file_name(content, form))
    _write(out, documents.made(form, content, args.language, issue))
    answer = {
        "file": str(out), "format": form.value, "published": issue is not None, "number": issue.number if issue else None,
        "from": period.first, "to": period.last, "as_of": content["as_of"],
        "figures": {key: figure["value"] for key, figure in content["figures"].items()},
    }  # fmt: skip
    said = _("{title}, {days}: written to {file}.")
    facts = {"title": content["title"][args.language], "days": wording.period(period.first, period.last, args.language), "file": out}
    late = 0 if issue else (clock.now() - datetime.fromisoformat(content["as_of"])) // timedelta(minutes=1)
    if late:
        said += "\n" + _("The numbers are {minutes} min behind: what was received since is not counted.")
    frame.emit(args, answer, said.format(**facts, minutes=late))
    return frame.DONE


def _period(args: argparse.Namespace) -> Period:
    if args.day and (args.first or args.last):
        raise frame.WrongUse(_("Give either --day, or --from and --to."))
    last = args.day or args.last or max(args.first or clock.today(), clock.today())
    period = Period(args.day or args.first or last, last)
    if period.last < period.first:
        raise PeriodBackwards
    return period


def _write(out: Path, made: bytes) -> None:
    try:
        out.write_bytes(made)
    except OSError:
        raise CannotWrite(file=out) from None
