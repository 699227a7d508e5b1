"""`close`: what would go when an incident ends, proposing and confirming it, holding back, carrying it out; and the log of erasures."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lianfang.config.runtime import erasing
from lianfang.config.runtime.home import Home
from lianfang.doors.cli import frame
from lianfang.doors.cli.incidents import seen as incident_seen
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.incidents.types import Ground
from lianfang.headquarters.closing import commands, queries
from lianfang.headquarters.closing.certificate import printed
from lianfang.headquarters.closing.types import ClosingNotFound, ClosingSeen, ItemKind, NewHold, State, StillFound
from lianfang.kernel.ids import IncidentId


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    close = frame.command(subparsers, "close", _close, purpose=_("erase residents' data of an incident that ended; first of all say what would go"), acts=True)  # fmt: skip
    close.add_argument("incident", type=UUID, nargs="?", help=_("the incident; without one, what waits is carried out"))
    what = close.add_mutually_exclusive_group()
    what.add_argument("--propose", action="store_true", help=_("ask for it, with --authority and --document"))
    what.add_argument("--confirm", action="store_true", help=_("order what somebody else proposed"))
    what.add_argument("--cancel", action="store_true", help=_("take a proposal back"))
    what.add_argument("--work", action="store_true", help=_("carry out now what was confirmed, instead of waiting for the process of jobs"))
    what.add_argument("--hold", metavar="KIND:UUID", help=_("keep an item back: record, matter, person or door; with --reason, --authority, --until, --keeper"))  # fmt: skip
    close.add_argument("--authority", default="", help=_("who decided"))
    close.add_argument("--document", default="", help=_("number of the document"))
    close.add_argument("--reason", default="")
    close.add_argument("--until", type=date.fromisoformat, metavar="DAY")
    close.add_argument("--keeper", metavar="LOGIN")
    certificate = frame.command(subparsers, "certificate", _certificate, purpose=_("the certificate of an erasure, as JSON or PDF"), acts=True)  # fmt: skip
    certificate.add_argument("number", type=int)
    certificate.add_argument("--pdf", type=Path, metavar="FILE")
    frame.command(subparsers, "erasures", _erasures, purpose=_("the log of erasures"), acts=True)
    opened = frame.command(subparsers, "held", _held, purpose=_("open what a hold keeps, as its keeper"), acts=True)
    opened.add_argument("hold", type=UUID)
    opened.add_argument("--reason", required=True)


def _close(args: argparse.Namespace) -> int:
    if args.incident is None or args.work:
        return _work(args)
    actor, incident = frame.actor(args), IncidentId(args.incident)
    with access.scoped(actor):
        if args.propose:
            found: object = commands.propose(incident, Ground(args.authority, args.document, args.reason), by=actor)
        elif args.confirm:
            found = commands.confirm(_closing(incident).id, by=actor)
        elif args.cancel:
            found = commands.cancel(_closing(incident).id, by=actor)
        elif args.hold:
            found = commands.hold_back(incident, _asked(args), by=actor)
        else:
            incident_seen(actor, incident)
            found = queries.preview(incident)
    frame.emit(args, found, json.dumps(frame.plain(found), ensure_ascii=False, indent=1))
    return frame.DONE


def _asked(args: argparse.Namespace) -> NewHold:
    kind, _colon, item = args.hold.partition(":")
    try:
        what, named = ItemKind(kind), UUID(item)
    except ValueError:
        raise frame.WrongUse(_("Say what is held as KIND:UUID, the kind being record, matter, person or door.")) from None
    if not (args.until and args.keeper):
        raise frame.WrongUse(_("A hold needs --until and --keeper."))
    return NewHold(what, named, args.reason, args.authority, args.until, accounts.account_id_of_login(args.keeper))


def _closing(incident: IncidentId) -> ClosingSeen:
    found = queries.closing_of(incident)
    if found is None:
        raise ClosingNotFound
    return found


def _work(args: argparse.Namespace) -> int:
    """Everything that waits, what rolls, and holds that ended. As owner; it may be broken off at any moment and called again."""
    commands.expire_holds()
    commands.roll_over()

    def tell(step: str, trouble: str) -> None:
        if not args.json:
            print(f"{step}: {trouble or '✓'}", flush=True)

    done = commands.work_off(erasing.machine(Home.here()), patient=not args.work, progress=tell)
    told = [queries.closing(one) for one in queries.waiting(patient=False)]
    if args.incident is not None and args.work:
        found = _closing(IncidentId(args.incident))
        frame.emit(args, found, found.state.value)
        if found.checked.get("hits"):
            raise StillFound(count=len(found.checked["hits"]))
        return frame.DONE if found.state is State.DONE else frame.REFUSED
    frame.emit(args, {"done": done, "waiting": told}, _("{done} carried out, {waiting} wait").format(done=done, waiting=len(told)))
    return frame.DONE


def _certificate(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        whole = queries.numbered(args.number, access.all_ranges(actor))
        if args.pdf:
            args.pdf.write_bytes(printed(whole, "zh"))
    frame.emit(args, whole, json.dumps(frame.plain(whole), ensure_ascii=False, indent=1))
    return frame.DONE


def _erasures(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = queries.closings(access.all_ranges(actor))
    lines = [f"{one.number or '–'} {one.name} {one.state}" for one in found]
    frame.emit(args, {"erasures": found}, "\n".join(lines) or _("Nothing was erased yet"))
    return frame.DONE


def _held(args: argparse.Namespace) -> int:
    actor = frame.actor(args)
    with access.scoped(actor):
        found = commands.open_held(args.hold, by=actor, reason=args.reason)
    frame.emit(args, found, json.dumps(found, ensure_ascii=False, indent=1))
    return frame.DONE


class Beside:
    """Carries out what waits in a process of its own, as the owner of the tables: the process of jobs may not be that."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None

    def look(self, *, new_day: bool) -> None:
        """Start it where something waits, or once a day for what rolls; never two."""
        if self._running is not None and self._running.poll() is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("select closing_waiting()")
            [waits] = cursor.fetchone()
        if waits or new_day:
            self._running = subprocess.Popen([sys.executable, "-m", "lianfang.config.main", "close", "--json"], stdout=subprocess.DEVNULL)

    def end(self) -> None:
        """Break it off: it goes on where it stopped."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            self._running.wait(timeout=30)
