"""The first administrator of a real installation: asked for, or given by flags and environment for scripts."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lianfang.config.runtime.progress import say
from lianfang.config.runtime.troubles import AlreadyFounded
from lianfang.doors.cli import frame
from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.codes import normal_login
from lianfang.ground.accounts.rules.passwords import check_password
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverPlace
from lianfang.ground.places import queries as places

_PASSWORD = "LIANFANG_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Asked:
    """What the first administrator chose."""

    login: str
    name: str
    password: str
    place: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of init. A password never stands on a command line, where other users could read it."""
    parser.add_argument("--login", help=_("sign-in name of the first administrator"))
    parser.add_argument("--name", help=_("name of the first administrator"))
    parser.add_argument("--place", help=_("12-digit code of the city, district or street it is for (default: all that is loaded)"))
    parser.epilog = _("For scripts the password comes from the variable {variable}.").format(variable=_PASSWORD)


def ask(args: argparse.Namespace) -> Asked:
    """What was given, and the rest asked at the terminal."""
    if not (args.login and args.name and os.environ.get(_PASSWORD)) and not sys.stdin.isatty():
        raise frame.WrongUse(_("Without a terminal, init needs --login, --name and {variable}.").format(variable=_PASSWORD))
    login = args.login or input(_("Sign-in name of the first administrator: ")).strip()
    name = args.name or input(_("Name: ")).strip()
    password = os.environ.pop(_PASSWORD, "") or _asked_twice()
    check_password(password, login=normal_login(login), name_key="")
    place = args.place or (input(_("12-digit code of the city or district (empty: all): ")).strip() if sys.stdin.isatty() else "")
    return Asked(login, name, password, place)


def _asked_twice() -> str:
    while True:
        first = getpass.getpass(_("Password (at least 10 characters): "))
        if first == getpass.getpass(_("Once more: ")):
            return first
        say(_("The two differ."))


def make(asked: Asked) -> None:
    """Make the account with the role of administrator over the place; all of it or nothing. Refused where there is one."""
    if queries.any_account():
        raise AlreadyFounded
    over = [places.resolve(asked.place)] if asked.place else places.outermost()
    scopes = [OverPlace(one.place_id) for one in over if not hasattr(one, "area_id")]
    if len(scopes) < len(over):
        raise frame.WrongUse(_("An installation is for a place, not for an area."))
    grants = [NewGrant(Role.ADMINISTRATOR, scope, reason="first administrator") for scope in scopes]
    with transaction.atomic():
        account_id = commands.add_account(NewAccount(asked.name, asked.login), by=access.local_administrator(), grants=grants)
        commands.set_password(account_id, asked.password)
