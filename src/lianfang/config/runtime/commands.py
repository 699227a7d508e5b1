"""The commands that run an installation: up, setup, init, down, doctor, fold, work, bench."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.config.nodes import commands as nodes
from lianfang.config.runtime import (
    backup_commands,
    certificates,
    closing,
    database,
    doctor,
    first_account,
    folder,
    installation,
    jobs,
    priority,
    running,
    serving,
)
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.progress import say
from lianfang.config.runtime.running import Claim
from lianfang.config.runtime.serving import Address
from lianfang.doors.cli import frame
from lianfang.ledger.folding import fold_here


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands; none of them expects the database to run."""
    up = subparsers.add_parser("up", help=_("make everything that is missing and serve it"))
    up.add_argument("--port", type=int, default=serving.PORT, help=_("port of the pages; the intake takes the next one (default 8000)"))
    up.add_argument("--host", default="127.0.0.1", help=_("address to listen at; 0.0.0.0 with --tls serves phones"))
    up.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help=_("serve over HTTPS with these PEM files"))
    _demonstration(up)
    up.set_defaults(run=_up)

    setup = subparsers.add_parser("setup", help=_("all of up but the serving; leaves the database running"))
    _demonstration(setup)
    setup.set_defaults(run=_setup)

    init = subparsers.add_parser("init", help=_("make a real installation and its first administrator"))
    first_account.arguments(init)
    init.set_defaults(run=_init)

    down = subparsers.add_parser("down", help=_("stop what serves here, and the database"))
    down.set_defaults(run=_down)

    check = frame.command(subparsers, "doctor", _doctor, purpose=_("check every invariant and say how to mend what is wrong"))
    check.set_defaults(needs_database=False)

    backup_commands.register(subparsers)
    fold = subparsers.add_parser("fold", help=_("keep folding records into figures (up runs this)"))
    fold.set_defaults(run=_fold)
    work = subparsers.add_parser("work", help=_("keep reading and loading rosters that were brought (up runs this)"))
    work.set_defaults(run=_work)

    closing.register(subparsers)
    nodes.register(subparsers)
    bench = frame.command(subparsers, "bench", _bench, purpose=_("measure and compare with the goals"))
    bench.add_argument("name")
    bench.add_argument("--runs", type=int, default=3)
    bench.add_argument("--scale", type=float, help=_("share of the whole, for benchmarks of a whole city"))

    simulate = frame.command(
        subparsers, "simulate", _simulate, purpose=_("an invented town or city in a database of its own, whose phones send")
    )
    simulate.add_argument("name", metavar="TOWN|CITY", help=_("luyuan, meihekou, dangchang, changchun or wuhan"))
    simulate.add_argument("--people", type=int, help=_("how many people live there (default: as many as were counted)"))
    simulate.add_argument("--days", type=int, default=3, help=_("how many days of records, the last of them today (default 3)"))
    simulate.add_argument("--seed", type=int, default=1719, help=_("the same seed gives the same town (default 1719)"))
    faults = frame.command(
        subparsers, "faults", _faults, purpose=_("break a small town on purpose while phones send, and count everything again")
    )
    faults.add_argument("--runs", type=int, default=5, help=_("how many runs, a fault each in turn (default 5)"))
    faults.add_argument("--seed", type=int, default=1719, help=_("the same seed breaks at the same moments (default 1719)"))
    faults.add_argument("--only", action="append", metavar="FAULT", help=_("only this fault (may be repeated)"))
    story = frame.command(
        subparsers,
        "story",
        _story,
        purpose=_("an invented emergency in fast motion, from peacetime to the certificate, in a home of its own"),
    )
    story.add_argument("name", choices=["emergency"])
    story.add_argument("--days", type=int, default=57, help=_("how many days it lasts (default 57)"))
    story.add_argument("--scale", type=float, default=0.01, help=_("share of Changchun (default 0.01)"))
    story.add_argument("--seed", type=int, default=1719, help=_("the same seed gives the same town (default 1719)"))
    for parser in (up, setup, init, down, fold, work, bench, simulate, faults, story):
        parser.set_defaults(needs_database=False)


def _demonstration(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", metavar="NAME", help=_('which demonstration; "none" for the real one (default: what is here)'))
    lists = _("leave the official lists that are shipped out of a new database")
    parser.add_argument("--no-divisions", dest="divisions", action="store_false", help=lists)


def _up(args: argparse.Namespace) -> int:
    home = Home.here()
    home.make()
    claim = Claim(home)
    started = False
    try:
        tls = certificates.usable(args.tls[0].absolute(), args.tls[1].absolute(), home.secrets) if args.tls else None
        address = Address(args.host, args.port, tls)
        address.must_be_free()
        made, started = installation.set_up(home, args.demo, divisions=args.divisions)
        engine = database.engine(home)
        database.must_fit_all(engine, made.database)
        serving.serve(home, engine, made, address, claim)
    finally:
        cluster = database.engine(home).cluster
        if started and cluster:
            cluster.stop()
        claim.release()
    return frame.DONE


def _setup(args: argparse.Namespace) -> int:
    made, _started = installation.set_up(Home.here(), args.demo, divisions=args.divisions)
    for line in made.cast_at(Address().origin):
        say(f"  {line}")
    return frame.DONE


def _init(args: argparse.Namespace) -> int:
    asked = first_account.ask(args)
    made, _started = installation.set_up(Home.here(), "none")
    first_account.make(asked)
    say(_("The installation is ready in the database {name}. Start it with ./lianfang up").format(name=made.database))
    return frame.DONE


def _down(_args: argparse.Namespace) -> int:
    home = Home.here()
    was_up = running.stop(home)
    cluster = database.engine(home).cluster if home.secrets.is_dir() else None
    had_database = cluster is not None and cluster.is_running()
    if cluster and had_database:
        cluster.stop()
    say(_("Stopped.") if was_up or had_database else _("Nothing was running."))
    return frame.DONE


def _doctor(args: argparse.Namespace) -> int:
    installation.enter(Home.here())
    fold_here()  # if nobody else is the folder: what has come in is not yet wrong because nobody has counted it
    found = doctor.examine()
    frame.emit(args, {"ok": all(one.ok for one in found), "checks": found}, lambda: doctor.report(found))
    return frame.DONE if all(one.ok for one in found) else frame.REFUSED


def _fold(_args: argparse.Namespace) -> int:
    priority.give_way(priority.BEHIND)
    folder.run()
    return frame.DONE


def _work(_args: argparse.Namespace) -> int:
    priority.give_way(priority.BEHIND)
    jobs.run()
    return frame.DONE


def _bench(args: argparse.Namespace) -> int:
    from importlib import import_module

    root = _beside_the_product()
    if not (root / "bench" / f"{args.name.replace('-', '_')}.py").is_file():
        known = sorted(path.stem.replace("_", "-") for path in (root / "bench").glob("[a-z]*.py") if path.stem != "frame")
        raise frame.WrongUse(_("There is no benchmark {name}; there are: {known}").format(name=args.name, known=", ".join(known)))
    if args.scale is not None:
        os.environ["LIANFANG_BENCH_SCALE"] = str(args.scale)
    measured = import_module(f"bench.{args.name.replace('-', '_')}").measure(args.runs).form()
    frame.emit(args, measured, json.dumps(measured, ensure_ascii=False, indent=1))
    return frame.DONE


def _beside_the_product() -> Path:
    """The checkout, in which benchmarks and simulation lie beside the product, made importable."""
    root = Path(__file__).resolve().parents[4]
    sys.path.insert(0, str(root))
    return root


def _faults(args: argparse.Namespace) -> int:
    from importlib import import_module

    _beside_the_product()
    known = import_module("bench.faults.scenarios").SCENARIOS
    if unknown := set(args.only or ()) - set(known):
        raise frame.WrongUse(
            _("There is no fault {name}; there are: {known}").format(name=", ".join(sorted(unknown)), known=", ".join(known))
        )
    found = import_module("bench.faults.command").faults(args.runs, args.seed, args.only or ())
    told = _("{runs} runs, {skipped} not tried here; lost {lost}, counted twice {twice}, wrong {wrong}").format(**found)
    frame.emit(args, found, told)
    return frame.REFUSED if found["wrong"] else frame.DONE


def _simulate(args: argparse.Namespace) -> int:
    from importlib import import_module

    _beside_the_product()
    simulation = import_module("bench.simulation.command")
    if args.name not in simulation.SETTINGS:
        raise frame.WrongUse(_("There is no {name}; there are: {known}").format(name=args.name, known=", ".join(simulation.SETTINGS)))
    found = simulation.simulate(simulation.wish_of(args.name, args.people, args.days, args.seed), say=say)
    frame.emit(args, found, json.dumps(found, ensure_ascii=False, indent=1))
    return frame.REFUSED if found["wrong"] else frame.DONE


def _story(args: argparse.Namespace) -> int:
    from importlib import import_module

    _beside_the_product()
    told = import_module("bench.emergency.command")
    if args.days < told.SHORTEST or not 0 < args.scale <= 1:
        raise frame.WrongUse(_("The story takes at least {days} days, and a scale above 0 and up to 1.").format(days=told.SHORTEST))
    found = told.story(args.days, args.scale, args.seed)
    frame.emit(args, found, json.dumps(found, ensure_ascii=False, indent=1))
    return frame.REFUSED if found["wrong"] else frame.DONE
