"""`./lianfang backup`, `backup list`, `backup renew`, and `restore`."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.config.runtime import installation
from lianfang.config.runtime.backups import folder, making, restoring
from lianfang.config.runtime.home import Home
from lianfang.doors.cli import frame, ledger
from lianfang.kernel import clock

_MIB = 2**20


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    backup = frame.command(
        subparsers, "backup", _backup, purpose=_("back up the database, sealed, with the log of all changes from then on")
    )
    backup.add_argument(
        "what", nargs="?", choices=("make", "list", "renew"), default="make", help=_("renew: also destroy the keys of all older ones")
    )
    backup.add_argument("--to", type=Path, metavar="DIR", help=_("folder to keep backups in from now on (default: in the home)"))
    backup.add_argument("--keep", type=int, metavar="N", help=_("only the newest N stay: the keys of the others are destroyed"))
    restore = frame.command(subparsers, "restore", _restore, purpose=_("bring a backup back, or take over a dump of another server"))
    restore.add_argument(
        "backup", nargs="?", metavar="BACKUP", help=_('name of a backup, or "latest"; without one: take over the database that is here')
    )
    restore.add_argument("--from", dest="source", type=Path, metavar="DIR", help=_("folder that holds the backup"))
    restore.add_argument(
        "--until", type=datetime.fromisoformat, metavar="TIME", help=_("play changes up to this time only (2026-11-22T14:30)")
    )
    restore.add_argument("--replace", action="store_true", help=_("put the database that is here aside"))
    for parser in (backup, restore):
        parser.set_defaults(needs_database=False)


def _backup(args: argparse.Namespace) -> int:
    home = Home.here()
    home.make()
    if args.what == "list":
        return _list(args, home)
    if args.keep is not None and args.keep < 1:
        raise frame.WrongUse(_("At least one backup is kept."))
    if args.to:
        folder.choose(home, args.to)
    made = making.renew(home) if args.what == "renew" else making.make(home, keep=args.keep)
    said = _("Backup {name}: {size} MiB, {seconds} s, in {folder}").format(
        name=made.name,
        size=round(made.bytes / _MIB, 1),
        seconds=round((made.ended_at - made.began_at).total_seconds(), 1),
        folder=folder.place(home),
    )
    lines = [said, *(_("The key of {name} is destroyed.").format(name=name) for name in made.destroyed)]
    lines.append(_("Its key is in {folder}: keep a copy of that directory apart from the backups.").format(folder=home.secrets))
    frame.emit(args, made, "\n".join(lines))
    return frame.DONE


def _list(args: argparse.Namespace, home: Home) -> int:
    found = folder.held(home)

    def told(backup: folder.Backup) -> str:
        if backup.destroyed_at:
            return _("{name}  key destroyed {time}").format(name=backup.name, time=f"{clock.local(backup.destroyed_at):%Y-%m-%d %H:%M}")
        reaches = f"{clock.local(backup.reaches):%Y-%m-%d %H:%M}" if backup.reaches else "—"
        size = round(backup.bytes / _MIB, 1)
        words = _("{name}  {size} MiB, reaches {time}") if backup.readable else _("{name}  {size} MiB, no key here")
        return words.format(name=backup.name, size=size, time=reaches)

    frame.emit(args, {"folder": str(folder.place(home)), "backups": found}, "\n".join(map(told, found)) or _("There is no backup yet."))
    return frame.DONE


def _restore(args: argparse.Namespace) -> int:
    home = Home.here()
    if not args.backup:
        installation.enter(home)
        return ledger.take_over(args)
    home.make()
    if args.source:
        folder.choose(home, args.source)
    until = clock.as_written(args.until) if args.until else None
    found = restoring.restore(home, None if args.backup == "latest" else args.backup, until=until, replace=args.replace)
    lines = [
        _("{name} is back in the database {database}: {count} records.").format(
            name=found.name, database=found.database, count=found.records
        )
    ]
    if found.put_aside:
        lines.append(_("What was here before lies in {place}: remove it when it is no longer needed.").format(place=found.put_aside))
    lines.append(_("Look at it with ./lianfang doctor, then make a new backup."))
    frame.emit(args, found, "\n".join(lines))
    return frame.DONE
