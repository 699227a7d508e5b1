"""The first administrator of a real installation: asked for, or given by flags and environment for scripts."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianfang.config.runtime.progress import say
from lianfang.doors.cli import frame

_PASSWORD = "LIANFANG_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Asked:
    """What the first administrator chose."""

    login: str
    name: str
    password: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of init. A password never stands on a command line, where other users could read it."""
    parser.add_argument("--login", help=_("sign-in name of the first administrator"))
    parser.add_argument("--name", help=_("name of the first administrator"))
    parser.epilog = _("For scripts the password comes from the variable {variable}.").format(variable=_PASSWORD)


def ask(args: argparse.Namespace) -> Asked:
    """What was given, and the rest asked at the terminal."""
    if not (args.login and args.name and os.environ.get(_PASSWORD)) and not sys.stdin.isatty():
        raise frame.WrongUse(_("Without a terminal, init needs --login, --name and {variable}.").format(variable=_PASSWORD))
    login = args.login or input(_("Sign-in name of the first administrator: ")).strip()
    name = args.name or input(_("Name: ")).strip()
    return Asked(login, name, os.environ.pop(_PASSWORD, "") or _asked_twice())


def _asked_twice() -> str:
    while True:
        first = getpass.getpass(_("Password (at least 12 characters): "))
        if first == getpass.getpass(_("Once more: ")):
            return first
        say(_("The two differ."))


def make(asked: Asked) -> None:
    """Make the account with the role of administrator; refused when the installation has one already."""
    from lianfang.ground.accounts import commands  # tables are there only now

    commands.found_administrator(login=asked.login, name=asked.name, password=asked.password)
