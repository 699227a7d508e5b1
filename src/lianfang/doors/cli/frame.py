"""What every command of the command line shares: who acts, how answers are printed, how refusals are said.

A part is a module beside this one with `register(subparsers)`. Inside it:

    command = frame.command(subparsers, "places-show", run, purpose="…", acts=True)
    command.add_argument("place")

    def run(args) -> int:
        place = queries.resolve(args.place)
        frame.emit(args, {"id": place.id}, place.name)
        return frame.DONE

Exit 0 is done, 1 refused with a reason, 2 wrong use. `--json` prints one object on standard output and nothing else.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext

from lianfang.ground.accounts import access
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import PlaceNotFound
from lianfang.kernel.errors import Invalid, Refused
from lianfang.kernel.ranges import Range
from lianfang.ledger import folding
from lianfang.ledger.queries import wait_until_folded

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

DONE, REFUSED, WRONG_USE = 0, 1, 2


class WrongUse(Exception):
    """The command was given arguments that contradict each other or cannot be read."""


def command(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    purpose: str,
    acts: bool = False,
) -> argparse.ArgumentParser:
    """Add a command with `--json`, and with `--as LOGIN` when it acts as somebody."""
    parser = subparsers.add_parser(name, help=purpose, description=purpose)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    if acts:
        parser.add_argument("--as", dest="login", metavar="LOGIN", help="act as this account instead of the local administrator")
    parser.set_defaults(run=run)
    return parser


def group(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    *,
    purpose: str,
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """A word that other words follow, such as `places show`."""
    parser = subparsers.add_parser(name, help=purpose, description=purpose)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def actor(args: argparse.Namespace) -> access.Actor:
    """Who the command acts as: `--as LOGIN`, else the local administrator (whoever may start the program)."""
    login = getattr(args, "login", None)
    return access.actor_of_login(login) if login else access.local_administrator()


def place_named(text: str) -> Place:
    """The place that a code, position or UUID names. Raises PlaceNotFound, for an area too."""
    found = places.resolve(text)
    if hasattr(found, "home_id"):
        raise PlaceNotFound(text=text)
    return found


def ranges_asked(args: argparse.Namespace, by: access.Actor) -> list[Range]:
    """The positions that a list is about: those of `--place`, else all that the actor sees. Raises NotFound or Denied by access."""
    if not args.place:
        return access.ranges(by, "places.see")
    place = place_named(args.place)
    access.require(by, "places.see", place)
    return places.ranges_of(place)


def bring_up_to_date() -> None:
    """Fold here where no folder runs; where one does, give it a second."""
    if not folding.fold_here():
        wait_until_folded()


def plain(value: object) -> object:
    """A value as JSON has it: ids, times and enums as text, results as objects, positions as text."""
    if isinstance(value, Range):
        return {"lo": str(value.lo), "hi": str(value.hi)}
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(held) for held in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    return value


def plain_object(result: object) -> dict[str, Any]:
    """A result as an object of JSON, to which a command may add."""
    found = plain(result)
    if not isinstance(found, dict):
        raise TypeError(f"{type(result).__name__} is no result")
    return found


def emit(args: argparse.Namespace, found: object, text: str | Callable[[], str]) -> None:
    """Print the answer: the object with `--json`, else the text for people."""
    if getattr(args, "json", False):
        print(json.dumps(plain(found), ensure_ascii=False))
    else:
        print(text() if callable(text) else text)


def in_words(refused: Refused) -> str:
    """A refusal in the language of the reader, with its facts."""
    words = gettext(refused.message)
    words = words.format(**refused.facts) if refused.facts else words
    if isinstance(refused, Invalid) and refused.fields:
        words += "".join(f"\n  {name}: {in_words(why)}" for name, why in refused.fields.items())
    return words


def refuse(args: argparse.Namespace, refused: Refused) -> int:
    """Say why not: on standard error, with `--json` as an object on standard output. Exit status 1."""
    words = in_words(refused)
    if getattr(args, "json", False):
        print(json.dumps({"error": words, "code": refused.code}, ensure_ascii=False))
    else:
        print(words, file=sys.stderr)
    return REFUSED


def perform(args: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Run the chosen command and turn what it raises into words and an exit status."""
    try:
        return int(args.run(args))
    except Refused as refused:
        return refuse(args, refused)
    except WrongUse as wrong:
        parser.print_usage(sys.stderr)
        print(str(wrong), file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:  # `| head` has read enough
        sys.stderr.close()
        return DONE
