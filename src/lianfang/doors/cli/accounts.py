"""`accounts`: making, granting, importing, resetting and closing accounts and their devices."""

from __future__ import annotations

import argparse
import dataclasses
import os
from datetime import date
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from lianfang.doors.cli import frame, posts
from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.list_types import ImportAnswer, RowAnswer
from lianfang.ground.accounts.rules.passwords import check_password
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import DeviceSeen, JoiningLink, NewAccount, OverArea, OverPlace, Scope
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.errors import Invalid
from lianfang.kernel.ids import DeviceId, GrantId, IncidentId, OrganisationId
from lianfang.kernel.ranges import intersect

ADDRESS = "http://127.0.0.1:8000"


class PlaceNeeded(Invalid):
    """This needs a place, not an area."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    words = frame.group(subparsers, "accounts", purpose="accounts, grants and devices")
    _register_making(words)
    _register_one(words)
    _register_grants(words)
    devices = frame.group(words, "devices", purpose="phones and programs that send records")
    add = frame.command(devices, "add", _device_add, purpose="let a device send records for an account; prints its token once", acts=True)
    add.add_argument("who", metavar="LOGIN")
    add.add_argument("name", help="what the device is called")
    join = frame.command(
        devices, "link", _device_link, purpose="a link with which one phone joins in the field, once, for half an hour", acts=True
    )
    join.add_argument("who", metavar="LOGIN")
    join.add_argument("--address", default=ADDRESS, help=f"what the link begins with (default {ADDRESS})")
    listed = frame.command(devices, "list", _device_list, purpose="phones and programs of an account, with what became of them", acts=True)
    listed.add_argument("who", metavar="LOGIN")
    cut = frame.command(devices, "cut-off", _device_cut_off, purpose="refuse a device from now on", acts=True)
    cut.add_argument("device", type=UUID, help="its id, from `accounts show`")
    cut.add_argument(
        "--stolen", action="store_true", help="a phone wipes itself before it delivers anything; also ends the sessions of its account"
    )


def _register_making(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = frame.command(words, "add", _add, purpose="make an account and a link to join with", acts=True)
    add.add_argument("name")
    add.add_argument("--login", dest="new_login", default="", help="default: made from the name")
    add.add_argument("--phone", default="")
    add.add_argument("--role", choices=[role.value for role in Role], help="give it this role …")
    add.add_argument("--over", metavar="PLACE", help="… over this: code, position, UUID, area:NAME or organisation:UUID")
    add.add_argument("--password-from", metavar="VARIABLE", help="take the password from this environment variable, make no link")
    add.add_argument("--address", default=ADDRESS, help=f"what the joining link begins with (default {ADDRESS})")
    bring = frame.command(words, "import", _import, purpose="make accounts and grants from an Excel list, with a verdict a row", acts=True)
    bring.add_argument("file", type=Path)
    bring.add_argument("--role", choices=[role.value for role in Role], help="for a list without a column of roles")
    bring.add_argument("--within", metavar="PLACE", help="for a list whose places leave the community out")
    bring.add_argument("--accept-doubtful", action="store_true", help="take rows whose place was understood but is not as written")
    bring.add_argument("--dry-run", action="store_true", help="only say what would be done")
    bring.add_argument("--answers", type=Path, metavar="FILE", help="write the list with verdict and reason here")
    bring.add_argument("--links", type=Path, metavar="FILE", help="write the sheet of joining links here")
    bring.add_argument("--address", default=ADDRESS, help=f"what joining links begin with (default {ADDRESS})")


def _register_one(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    show = frame.command(words, "show", _show, purpose="an account with its grants and devices", acts=True)
    reset = frame.command(words, "reset", _reset, purpose="take password and second factor; make a link for a new password", acts=True)
    close = frame.command(words, "close", _close, purpose="close an account for good", acts=True)
    for command in (show, reset, close):
        command.add_argument("who", metavar="LOGIN")
    for command in (reset, close):
        command.add_argument("--reason", default="")
    reset.add_argument("--address", default=ADDRESS, help=f"what the link begins with (default {ADDRESS})")
    listed = frame.command(words, "list", _list, purpose="accounts with a grant inside a place", acts=True)
    listed.add_argument("--within", metavar="PLACE")
    listed.add_argument("--beginning", default="", help="only names or logins that begin so")


def _register_grants(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    grant = frame.command(words, "grant", _grant, purpose="give an account a role over a place, an area or an organisation", acts=True)
    grant.add_argument("who", metavar="LOGIN")
    grant.add_argument("role", choices=[role.value for role in Role])
    grant.add_argument("over", metavar="PLACE", help="code, position, UUID, area:NAME or organisation:UUID")
    grant.add_argument("--from", dest="begins", type=date.fromisoformat, metavar="DATE", help="default: today")
    grant.add_argument("--to", dest="ends", type=date.fromisoformat, metavar="DATE", help="the first day on which it no longer holds")
    grant.add_argument("--reason", default="")
    grant.add_argument("--incident", type=UUID, help="it came with this incident, and ends when that is stood down")
    revoke = frame.command(words, "revoke", _revoke, purpose="end a grant now", acts=True)
    revoke.add_argument("grant", type=UUID, help="its id, from `accounts show`")
    revoke.add_argument("--reason", default="")


def _scope(text: str) -> Scope:
    """What a grant is given over."""
    if text.startswith("organisation:"):
        return organisations.scope_of(OrganisationId(UUID(text.removeprefix("organisation:"))))
    found = places.resolve(text)
    return OverArea(found.area_id) if hasattr(found, "area_id") else OverPlace(found.place_id)


def _add(args: argparse.Namespace) -> int:
    if (args.role is None) != (args.over is None):
        raise frame.WrongUse("--role and --over go together")
    password = os.environ.get(args.password_from, "") if args.password_from else None
    if password is not None:
        check_password(password, login=args.new_login, name_key="")  # before there is an account
    actor = frame.actor(args)
    grants = [commands.NewGrant(Role(args.role), _scope(args.over))] if args.role else []
    account_id = commands.add_account(NewAccount(args.name, args.new_login, args.phone), by=actor, grants=grants)
    login = queries.account(account_id).login
    if password is not None:
        commands.set_password(account_id, password)
        frame.emit(args, {"account_id": account_id, "login": login}, _("Account {login} is ready.").format(login=login))
    else:
        _say_link(args, commands.invite(account_id, by=actor))
    return frame.DONE


def _say_link(args: argparse.Namespace, link: JoiningLink) -> None:
    address = _address(args.address, link.token)
    found = {"account_id": link.account_id, "login": link.login, "token": link.token, "address": address, "expires_at": link.expires_at}
    text = _("Account {login}. To choose a password, once, until {until}: {address}")
    frame.emit(args, found, text.format(login=link.login, until=link.expires_at.strftime("%Y-%m-%d %H:%M UTC"), address=address))


def _address(base: str, token: str) -> str:
    return f"{base.rstrip('/')}/join/{token}"


def _import(args: argparse.Namespace) -> int:
    within = places.resolve(args.within) if args.within else None
    if within is not None and hasattr(within, "area_id"):
        raise PlaceNeeded
    options = commands.ListOptions(Role(args.role) if args.role else None, within, args.accept_doubtful, args.dry_run)
    content = args.file.read_bytes()
    answer = commands.import_accounts(content, options, by=frame.actor(args))
    if args.answers:
        args.answers.write_bytes(commands.answer_file(content, answer, (_("Verdict"), _("Reason"), _("Login")), _row_words))
    if args.links and not args.dry_run:
        headings = (_("Name"), _("Post"), _("Login"), _("Link"), _("Valid until"))
        args.links.touch(mode=0o600)
        args.links.write_bytes(commands.joining_sheet(answer, headings, lambda token: _address(args.address, token), _post))
    rows = [{**_fields(row), "reason": frame.in_words(row.reason) if row.reason else ""} for row in answer.rows]
    frame.emit(args, {**answer.counts, "dry_run": answer.dry_run, "rows": rows}, lambda: _said(answer))
    return frame.DONE


def _fields(row: RowAnswer) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}


def _row_words(row: RowAnswer) -> tuple[str, str, str]:
    """A row's verdict, reason and login, in the reader's language."""
    return posts.verdict(row.verdict), frame.in_words(row.reason) if row.reason else row.read_as, row.login


def _post(row: RowAnswer) -> str:
    return f"{row.read_as} {posts.role(row.role)}"


def _said(answer: ImportAnswer) -> str:
    lines = [f"{posts.verdict(verdict)}: {count}" for verdict, count in answer.counts.items() if count]
    left = [row for row in answer.rows if row.verdict in ("refused", "doubtful")]
    lines += [_("Line {line}: {reason}").format(line=row.line, reason=_row_words(row)[1]) for row in left[:20]]
    return "\n".join(lines)


def _show(args: argparse.Namespace) -> int:
    account_id = queries.account_id_of_login(args.who)
    access.require_account(frame.actor(args), Ability.ACCOUNTS_SEE, account_id)
    found = queries.account(account_id)
    grants, devices = queries.grants_of(account_id, ended=True), queries.devices_of(account_id)
    lines = [f"{found.login} {found.name} {found.phone} {found.state}"]
    lines += [
        f"  {grant.grant_id} {posts.role(grant.role)} {grant.scope_name} {grant.valid_from} – {grant.valid_to or ''}" for grant in grants
    ]
    lines += [f"  {device.device_id} {device.name}" for device in devices]
    frame.emit(args, {"account": found, "grants": grants, "devices": devices}, "\n".join(lines))
    return frame.DONE


def _list(args: argparse.Namespace) -> int:
    reach = access.ranges(frame.actor(args), Ability.ACCOUNTS_SEE)
    if args.within:
        found = places.resolve(args.within)
        inside = places.area_ranges(found.area_id) if hasattr(found, "area_id") else places.ranges_of(found)
        reach = intersect(reach, inside)
    accounts = queries.accounts_within(reach, args.beginning, limit=10_000)
    frame.emit(args, {"accounts": accounts}, "\n".join(f"{each.login}\t{each.name}" for each in accounts))
    return frame.DONE


def _reset(args: argparse.Namespace) -> int:
    _say_link(args, commands.reset(queries.account_id_of_login(args.who), by=frame.actor(args), reason=args.reason))
    return frame.DONE


def _close(args: argparse.Namespace) -> int:
    account_id = queries.account_id_of_login(args.who)
    commands.close_account(account_id, by=frame.actor(args), reason=args.reason)
    frame.emit(args, {"account_id": account_id}, _("Closed. Sessions ended, devices cut off."))
    return frame.DONE


def _grant(args: argparse.Namespace) -> int:
    new = commands.NewGrant(
        Role(args.role), _scope(args.over), args.begins, args.ends, args.reason, IncidentId(args.incident) if args.incident else None
    )
    grant_id = commands.give(queries.account_id_of_login(args.who), new, by=frame.actor(args))
    frame.emit(args, {"grant_id": grant_id}, str(grant_id))
    return frame.DONE


def _revoke(args: argparse.Namespace) -> int:
    commands.revoke(GrantId(args.grant), by=frame.actor(args), reason=args.reason)
    frame.emit(args, {"grant_id": args.grant}, _("Revoked."))
    return frame.DONE


def _device_add(args: argparse.Namespace) -> int:
    device = commands.add_device(queries.account_id_of_login(args.who), args.name, by=frame.actor(args))
    frame.emit(args, device, _("Token of the device, shown only now: {token}").format(token=device.token))
    return frame.DONE


def _device_link(args: argparse.Namespace) -> int:
    link = commands.invite_phone(queries.account_id_of_login(args.who), by=frame.actor(args))
    address = f"{args.address.rstrip('/')}/field/join#{link.token}"
    frame.emit(
        args,
        {**dataclasses.asdict(link), "address": address},
        _("For one phone, once, until {until}: {address}").format(until=clock.local(link.expires_at).strftime("%H:%M"), address=address),
    )
    return frame.DONE


def _device_list(args: argparse.Namespace) -> int:
    account_id = queries.account_id_of_login(args.who)
    access.require_account(frame.actor(args), Ability.ACCOUNTS_SEE, account_id)
    devices = queries.devices_of(account_id)
    lines = [f"{device.device_id}\t{device.name}\t{_state(device)}" for device in devices]
    frame.emit(args, {"devices": [{**dataclasses.asdict(device), "cut": device.cut} for device in devices]}, "\n".join(lines))
    return frame.DONE


def _state(device: DeviceSeen) -> str:
    if device.wiped_at:
        return _("cut off and wiped")
    return _("cut off") if device.cut else ""


def _device_cut_off(args: argparse.Namespace) -> int:
    commands.cut_off(DeviceId(args.device), by=frame.actor(args), stolen=args.stolen)
    frame.emit(args, {"device_id": args.device}, _("Cut off."))
    return frame.DONE
