"""`./lianfang node …` and `./lianfang report`: figures that go up from here, and those that come up from below."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.config.nodes import reporting, subscribing, window
from lianfang.config.nodes.troubles import NoDivision, NotANode, SpeaksNoTls
from lianfang.config.runtime import database, installation
from lianfang.config.runtime.home import Home
from lianfang.doors.cli import frame
from lianfang.ground.places.types import Level
from lianfang.headquarters.upward import queries as upward
from lianfang.headquarters.upward.types import Node
from lianfang.kernel import clock

if TYPE_CHECKING:
    from lianfang.config.nodes.subscribing import Seen
    from lianfang.config.runtime.database import Engine
    from lianfang.ground.places.models import Place
    from lianfang.headquarters.upward.types import Standing

_PASSWORD = "LIANFANG_NODE_PASSWORD"  # noqa: S105 - the name of a variable
_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET)
_MIB = 2**20
_WITHOUT_TLS = {"disable", "allow", "prefer"}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    group = frame.group(subparsers, "node", purpose=_("figures that go up to the node above, and come up from those below"))
    opened = frame.command(group, "open", _open, purpose=_("below: let the figures of a place go up, or give their login a new password"))
    opened.add_argument("code", metavar="CODE", help=_("12-digit code of the district or city that this installation is for"))
    frame.command(group, "close", _close, purpose=_("below: nothing goes up any more; the login and what it could read are removed"))
    added = frame.command(group, "add", _add, purpose=_("above: have the figures of a node come up"))
    added.add_argument("code", metavar="CODE", help=_("12-digit code of the district or city below"))
    added.add_argument("--at", required=True, metavar="HOST:PORT", help=_("where the database of the node answers"))
    added.add_argument("--with", dest="extra", default="", metavar="SETTINGS", help=_("for example sslmode=verify-full&sslrootcert=FILE"))
    removed = frame.command(group, "remove", _remove, purpose=_("above: have figures come up from a node no more, and forget them"))
    removed.add_argument("code", metavar="CODE")
    frame.command(group, "list", _list, purpose=_("the nodes below, and how old the figures of each are"))
    check = frame.command(group, "check", _check, purpose=_("ask every node below whether all that it tells arrives"))
    check.add_argument("--mend", action="store_true", help=_("fetch everything anew where something was lost"))
    told = frame.command(subparsers, "report", _report, purpose=_("keep telling the node above (up runs this)"))
    told.add_argument("--once", action="store_true", help=_("tell it once, with the seven days before, and end"))
    told.set_defaults(needs_database=False)


def _here() -> tuple[Home, Engine, str]:
    """This home, its server, and the name of its real database."""
    home = Home.here()
    return home, database.engine(home), installation.enter(home).database


def _division(code: str) -> Place:
    place = frame.place_named(code)
    if place.at_level not in _LEVELS or place.code is None:
        raise NoDivision(name=place.name)
    return place


def _open(args: argparse.Namespace) -> int:
    home, engine, real = _here()
    place = _division(args.code)
    made = window.open_window(home, engine, str(place.code), real)
    said = [
        _("The figures of {name} may go up from here: communities and above, organisations, rounds; nothing of a person.").format(name=place.name),
        _("At the node above type:"),
        f"  ./lianfang node add {made.code} --at {made.host}:{made.port}",
        _("and when it asks, this password, which is shown only now:"),
        f"  {made.password}",
        _("Start what serves here again, so that it begins to tell: ./lianfang up"),
    ]  # fmt: skip
    if engine.cluster is not None:
        said.append(
            _(
                "Our own database answers on this machine only and speaks no TLS: between machines lay a tunnel (SSH, WireGuard), or use a server with TLS."
            )
        )
    else:
        said.append(
            _(
                "In pg_hba.conf of the server one line lets the node above in, and no other line may name this login:\n"
                "  hostssl lianfang_up lianfang_up ADDRESS/32 scram-sha-256"
            )
        )
    frame.emit(args, made, "\n".join(said))
    return frame.DONE


def _close(args: argparse.Namespace) -> int:
    home, engine, _real = _here()
    window.close_window(home, engine)
    frame.emit(args, {"closed": True}, _("Nothing goes up from here any more. At the node above type: ./lianfang node remove CODE"))
    return frame.DONE


def _add(args: argparse.Namespace) -> int:
    _home, engine, real = _here()
    place = _division(args.code)
    host, _colon, port = args.at.rpartition(":")
    if not host or not port.isdecimal():
        raise frame.WrongUse(_("--at is HOST:PORT."))
    node = Node(str(place.code), place.name, place.range, "")
    _must_speak(engine, dict(extra := parse_qsl(args.extra)))
    there = subscribing.window_at(host, int(port), _password(), tuple(extra))
    made = subscribing.add(engine, real, node, there)
    frame.emit(args, made, _("The figures of {name} come up now. How old they are: ./lianfang node list").format(name=made.name))
    return frame.DONE


def _must_speak(engine: Engine, extra: Mapping[str, str]) -> None:
    """Refuse what our own server would fail at when it fetches by itself: it is built without TLS. Raises SpeaksNoTls."""
    asked = extra.get("sslmode", "prefer")
    if engine.cluster is not None and asked not in _WITHOUT_TLS:
        raise SpeaksNoTls(setting=f"sslmode={asked}")


def _password() -> str:
    given = os.environ.pop(_PASSWORD, "")
    if given or not sys.stdin.isatty():
        return given
    return getpass.getpass(_("Password that “node open” has shown: "))


def _remove(args: argparse.Namespace) -> int:
    _home, engine, real = _here()
    node = upward.node(args.code)
    [found] = [one for one in subscribing.seen(engine, real) if one.node.code == node.code]
    with_slot = found.answers and found.slot is not None
    subscribing.remove(engine, real, node, with_slot=with_slot)
    said = _("Figures of {name} come up no more.").format(name=node.name)
    if not with_slot:
        said += "\n" + _("It did not answer. There type: select pg_drop_replication_slot('{slot}')").format(slot=node.slot)
    frame.emit(args, {"removed": node.code, "slot_dropped": with_slot}, said)
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    home, _engine, _real = _here()
    now = clock.now()
    stand = upward.standings(upward.nodes(), clock.today())
    rows = [
        {"code": one.node.code, "name": one.node.name, "as_of": one.as_of, "day": one.day, "old": one.old(now), "seconds": _age(one)}
        for one in stand
    ]
    lines = [_line(one) for one in stand] or [_("No figures come up from below.")]
    if code := window.code_of(home):
        lines.append(_("The figures of {code} go up from here.").format(code=code))
    frame.emit(args, {"above": code or None, "nodes": rows}, "\n".join(lines))
    return frame.DONE


def _age(one: Standing) -> int | None:
    return int((clock.now() - one.as_of).total_seconds()) if one.as_of else None


def _line(one: Standing) -> str:
    age = _age(one)
    if age is None:
        return f"{one.node.code} {one.node.name}  {_('nothing told yet')}"
    said = ngettext("{n} minute old", "{n} minutes old", age // 60).format(n=age // 60)
    return f"{one.node.code} {one.node.name}  {said}{'  ' + _('old') if one.old(clock.now()) else ''}"


def _check(args: argparse.Namespace) -> int:
    _home, engine, real = _here()
    mended = subscribing.mend(engine, real) if args.mend else []
    found = subscribing.seen(engine, real)
    rows = [{"code": one.node.code, "wrong": wrong(one), "mended": any(one.node.code == each.code for each in mended)} for one in found]
    lines = [_("{name} was fetched anew.").format(name=one.name) for one in mended]
    lines += [f"{one.node.code} {one.node.name}  {wrong(one) or _('all that it tells arrives')}" for one in found]
    sound = not any(row["wrong"] for row in rows)
    frame.emit(args, {"ok": sound, "nodes": rows}, "\n".join(lines) or _("No figures come up from below."))
    return frame.DONE if sound else frame.REFUSED


def wrong(one: Seen) -> str:
    """What keeps the figures of a node from coming up, in words; empty where nothing does."""
    held = one.subscription
    if held is None:
        return _("its subscription is gone: remove it and add it again")
    if not one.answers:
        return _("does not answer; what it tells waits there and comes when it does")
    if one.slot is None:
        return _("its slot is gone: type ./lianfang node check --mend")
    if one.slot.lost:
        return _("its slot is lost ({why}): type ./lianfang node check --mend").format(why=one.slot.lost)
    if not held.enabled or (held.errors and not held.working):
        return _("what it tells is refused here: it is not of this node, or its tables differ")
    if held.unready:
        return _("is being fetched")
    if one.slot.kept > 64 * _MIB:
        return _("{n} MB of what it tells have not arrived").format(n=one.slot.kept // _MIB)
    return ""


def _report(args: argparse.Namespace) -> int:
    if not args.once:
        reporting.run()
        return frame.DONE
    home, engine, _real = _here()
    code = window.code_of(home)
    if not code:
        raise NotANode
    changed = reporting.once(window.server(engine, "lianfang_folder"), code, reporting.BACK)
    frame.emit(args, {"rows": changed}, _("{n} rows differed from what was told before.").format(n=changed))
    return frame.DONE
