"""`keys`: the keys under which sensitive fields are sealed. They lie in a file outside the database; keep a copy of it apart."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lianfang.doors.cli import frame
from lianfang.kernel import sealed
from lianfang.kernel.errors import Refused
from lianfang.kernel.sealing import keyring


class KeyInUse(Refused):
    """The key {key} still opens {count} values: run `keys rotate` first."""


class KeyUnknown(Refused):
    """There is no key {key}, or it is the one in use."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "keys", purpose="keys of sealed fields")
    frame.command(words, "list", _list, purpose="the keys, and how many values each holds")
    rotate = frame.command(words, "rotate", _rotate, purpose="make a new key and seal everything under it; goes on where it stopped")
    rotate.add_argument("--resume", action="store_true", help="make no new key, only finish sealing under the present one")
    frame.command(words, "renew-delivery", _renew_delivery, purpose="make a new key to which phones seal; the ones before go on opening")
    destroy = frame.command(words, "destroy", _destroy, purpose="destroy a key that holds nothing; older backups become unreadable")
    destroy.add_argument("key")


def _list(args: argparse.Namespace) -> int:
    ring, held = keyring(), sealed.keys_in_use()
    keys = [{"key": name, "current": name == ring.current, "values": held.get(name, 0)} for name in ring.names]
    missing = sorted(set(held) - set(ring.names))
    lines = [f"{each['key']}{' *' if each['current'] else ''}\t{each['values']}" for each in keys]
    lines += [_("{key} is missing from the keyring").format(key=name) for name in missing]
    frame.emit(args, {"keys": keys, "missing": missing}, "\n".join(lines))
    return frame.DONE


def _rotate(args: argparse.Namespace) -> int:
    path = Path(settings.LIANFANG_KEYRING)
    if not args.resume:
        # The new key is in the file before anything is sealed under it: serving processes read the file when it changes.
        keyring().with_new_key().write(path)
    ring = keyring()
    rows: dict[str, int] = {}
    for progress in sealed.reseal(ring):
        rows[progress.table] = progress.rows
        if sys.stderr.isatty():
            print(f"\r{progress.table} {progress.rows}", end="", file=sys.stderr)
    text = _("Everything is sealed under {key}. Keep a copy of {path} apart from the backups.").format(key=ring.current, path=path)
    frame.emit(args, {"current": ring.current, "rows": rows}, text)
    return frame.DONE


def _renew_delivery(args: argparse.Namespace) -> int:
    path = Path(settings.LIANFANG_KEYRING)
    keyring().with_new_field_key().write(path)
    text = _("Phones seal to {key} from their next contact on. Keep a copy of {path} apart from the backups.")
    frame.emit(args, {"current": keyring().field.current}, text.format(key=keyring().field.current, path=path))
    return frame.DONE


def _destroy(args: argparse.Namespace) -> int:
    ring = keyring()
    if args.key not in ring.names or args.key == ring.current:
        raise KeyUnknown(key=args.key)
    count = sealed.keys_in_use().get(args.key, 0)
    if count:
        raise KeyInUse(key=args.key, count=count)
    ring.without(args.key).write(Path(settings.LIANFANG_KEYRING))
    frame.emit(args, {"destroyed": args.key}, _("Key {key} is gone.").format(key=args.key))
    return frame.DONE
