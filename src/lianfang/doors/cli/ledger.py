"""Records and figures at the command line: kinds, sending, figures, rebuilding."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from lianfang.doors.cli import frame
from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.ground.places.queries.within import ranges_ever
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.figures import Period, declared
from lianfang.kernel.ranges import subtract
from lianfang.ledger import folding
from lianfang.ledger.folding import rebuilding, restoring
from lianfang.ledger.intake import LIMIT, take
from lianfang.ledger.kinds import rendering
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.queries import wait_until_folded
from lianfang.ledger.types import Author, Verdict, Word

_SHOWN = 20


class NoSuchFile(Refused):
    """There is no file {file}, or it cannot be read."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    frame.command(subparsers, "kinds", _kinds, purpose=_("the kinds of record, with their fields"), acts=True)
    frame.command(subparsers, "figures", _figures, purpose=_("the figures there are, with unit and denominator"), acts=True)
    records = frame.group(subparsers, "records", purpose=_("records from files"))
    send = frame.command(records, "send", _send, purpose=_("send a file of records, one JSON object a line"), acts=True)
    send.add_argument("file", type=Path, metavar="FILE.jsonl")
    figure = frame.command(subparsers, "figure", _figure, purpose=_("a figure of a place or area in a period"), acts=True)
    figure.add_argument("key")
    figure.add_argument("place", metavar="PLACE")
    figure.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE", help=_("first day (default today)"))
    figure.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE", help=_("last day, itself included (default today)"))
    figure.add_argument("--on", type=date.fromisoformat, metavar="DATE", help=_("read the code as it was on this day"))
    figure.add_argument("--trace", action="store_true", help=_("also the first rows behind it"))
    rebuild = frame.command(subparsers, "rebuild", _rebuild, purpose=_("fold everything again from zero and mend what differs"))
    rebuild.add_argument("--check", action="store_true", help=_("only compare and say what differs"))
    rebuild.add_argument("--only", action="append", metavar="PROJECTION", help=_("only this projection (may be repeated)"))


def _kinds(args: argparse.Namespace) -> int:
    frame.actor(args)
    found = rendering.all_kinds()
    frame.emit(args, {"kinds": found}, lambda: "\n".join(f"{one['name']} {one['version']}  {one['title']} {one['term']}" for one in found))
    return frame.DONE


def _figures(args: argparse.Namespace) -> int:
    frame.actor(args)
    found = [
        {
            "key": one.key,
            "name": one.name,
            "name_zh": _in_chinese(one.name),
            "unit": one.unit,
            "events": one.events,
            "denominator": one.denominator,
            "source": one.source,
        }
        for one in declared().values()
    ]
    frame.emit(args, {"figures": found}, lambda: "\n".join(f"{one['key']:<18} {_(str(one['name']))} ({one['unit']})" for one in found))
    return frame.DONE


def _in_chinese(text: str) -> str:
    """A text of the catalogue in Chinese, whatever the person at the terminal reads."""
    with override("zh-hans"):
        return _(text)


def _send(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    author = Author(actor.account_id, trusted=actor.local)
    verdicts: list[Verdict] = []
    for lines in _chunks(args.file):
        verdicts += take(lines, author, channel=Channel.IMPORT)
    folded = folding.fold_here() or wait_until_folded()
    counted = Counter(verdict.word for verdict in verdicts)
    told = [verdict.form() | {"line": number} for number, verdict in enumerate(verdicts, start=1) if verdict.why is not None]
    answer = {word.value: counted[word] for word in Word} | {"folded": folded, "verdicts": told}
    frame.emit(args, answer, lambda: _in_words(counted, verdicts, folded=folded))
    return frame.DONE


def _chunks(file: Path) -> Iterator[Sequence[bytes]]:
    """The lines of a file, as many at a time as intake takes."""
    try:
        with file.open("rb") as lines:
            filled = (line for line in lines if line.strip())
            while chunk := list(islice(filled, LIMIT)):
                yield chunk
    except OSError:
        raise NoSuchFile(file=file.name) from None


def _in_words(counted: Counter[Word], verdicts: Sequence[Verdict], *, folded: bool) -> str:
    lines = [
        _("kept {kept}, repeated {repeated}, refused {refused}, quarantined {quarantined}").format(**{w.value: counted[w] for w in Word})
    ]
    numbered = [(number, verdict.why) for number, verdict in enumerate(verdicts, start=1) if verdict.why is not None]
    lines += [_("line {number}: {why}").format(number=number, why=frame.in_words(why)) for number, why in numbered[:_SHOWN]]
    if not folded:
        lines.append(_("Saved; figures follow."))
    return "\n".join(lines)


def _figure(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    last = args.last or max(clock.today(), args.first or clock.today())
    period = Period(args.first or last, last)
    frame.bring_up_to_date()
    with access.scoped(actor):
        place = places.resolve(args.place, args.on)
        ranges = ranges_ever(place, min(last, clock.today()))
        if subtract(ranges, access.ranges(actor, "figures.see")):
            raise NotFound
        found = reading.value(args.key, ranges, period)
        rows = reading.trace(args.key, ranges, period, limit=_SHOWN) if args.trace else []
    answer = {
        "key": found.key, "place": str(place.pk), "from": period.first, "to": period.last, "value": found.value, "unit": found.unit,
        "denominator": found.denominator, "as_of": found.as_of,
    }  # fmt: skip
    out_of = f" / {found.denominator}" if found.denominator is not None else ""
    text = f"{found.value}{out_of} {found.unit}  ({_('as of')} {clock.local(found.as_of):%Y-%m-%d %H:%M:%S})"
    frame.emit(args, answer | ({"trace": rows} if args.trace else {}), text)
    return frame.DONE


def _rebuild(args: argparse.Namespace) -> int:
    frame.bring_up_to_date()
    unknown = set(args.only or ()) - set(folding.registered())
    if unknown:
        raise frame.WrongUse(_("There is no projection {name}.").format(name=", ".join(sorted(unknown))))
    found = rebuilding.rebuild(args.only, check=args.check)
    same = all(table.same for table in found)
    lines = [
        f"  {'✓' if table.same else '✗'} {table.table:<24} "
        + _("{rows} rows, {lacking} lacking, {too_many} too many, {different} different").format(
            rows=table.rows, lacking=table.lacking, too_many=table.too_many, different=table.different
        )
        for table in found
    ]
    frame.emit(args, {"same": same, "mended": not same and not args.check, "tables": found}, "\n".join(lines))
    return frame.DONE if same or not args.check else frame.REFUSED


def take_over(args: argparse.Namespace) -> int:
    """Take over a database restored from a dump of another server (`restore` without the name of a backup)."""
    count = restoring.adopt()
    folding.fold_here()
    frame.emit(args, {"records": count}, _("{count} records taken over and folded from zero.").format(count=count))
    return frame.DONE
