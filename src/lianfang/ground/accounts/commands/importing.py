"""Accounts from a list: building and unit leaders by the thousand, a verdict and a reason for each row.

The list is read, understood and checked whole, then written in one transaction, set by set. With `dry_run` nothing is
written and the answer is the same, but for links. Nothing is guessed in silence: a place that was not read as written
is doubtful, and taken only when the reader has said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from lianfang.ground.accounts.access import Actor, renewed
from lianfang.ground.accounts.commands.accounts import free_logins, name_columns, phone_columns
from lianfang.ground.accounts.commands.grants import NewGrant, as_row
from lianfang.ground.accounts.commands.joining import links_for
from lianfang.ground.accounts.commands.reading import Left, Reader, Row
from lianfang.ground.accounts.commands.sheets import read_sheet
from lianfang.ground.accounts.list_types import ImportAnswer, RowAlreadyThere, RowAnswer, RowPhoneOfAnother, RowPhoneTwice, RowVerdict
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.accounts.types import AccountState, JoiningLink, JoiningPurpose, OverArea, OverPlace
from lianfang.kernel import clock
from lianfang.kernel.db import acting, lock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import AccountId, AreaId, PlaceId, new_id
from lianfang.kernel.sealing import keyring

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list is to be read. `role` is for a list that names none, `within` for one whose places leave the community out."""

    role: Role | None = None
    within: Place | None = None
    accept_doubtful: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Holder:
    """The account behind a telephone number: known before, or to be made for the first row that has it."""

    account_id: AccountId
    login: str
    name: str
    line: int | None  # of the row it is made for


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to become of a row that was understood."""

    row: Row
    holder: _Holder
    verdict: RowVerdict
    reason: Refused | None


def import_accounts(content: bytes, options: ListOptions, *, by: Actor) -> ImportAnswer:
    """Make accounts and grants from a list (.xlsx, .xls, .csv). Raises Denied, SheetRefused, ListTooLong, HeadingsMissing."""
    sheet = read_sheet(content)
    with acting(by.account_id, sheet.name):
        lock("logins")
        giver = renewed(by)
        if not giver.local and not (giver.holding(Ability.ACCOUNTS_EDIT) and giver.holding(Ability.GRANTS_GIVE)):
            raise Denied
        reader = Reader(giver, role=options.role, within=options.within, accept_doubtful=options.accept_doubtful)
        rows = reader.read(sheet.lines)
        understood = [row for row in rows if isinstance(row, Row)]
        planned = _plan(understood, _holders(understood))
        links = [] if options.dry_run else _write(planned, by)
    plans = {plan.row.line: plan for plan in planned}
    answers = tuple(_left(row) if isinstance(row, Left) else _answer(plans[row.line]) for row in rows)
    return ImportAnswer(sheet.name, sheet.heading_line, answers, tuple(links), options.dry_run)


def _holders(rows: Sequence[Row]) -> dict[str, _Holder]:
    """The account of each telephone number."""
    ring, purpose = keyring(), PURPOSES["phone_sealed"]
    phones = {ring.blind(row.phone, purpose): row.phone for row in rows}
    holders: dict[str, _Holder] = {}
    for account in Account.objects.filter(phone_index__in=list(phones), state=AccountState.ACTIVE):
        holders[phones[bytes(account.phone_index or b"")]] = _Holder(AccountId(account.pk), account.login, account.name, None)
    first: dict[str, Row] = {}
    for row in rows:
        if row.phone not in holders:
            first.setdefault(row.phone, row)
    logins = free_logins(row.name for row in first.values())
    for row, login in zip(first.values(), logins, strict=True):
        holders[row.phone] = _Holder(AccountId(new_id()), login, row.name, row.line)
    return holders


def _plan(rows: Sequence[Row], holders: dict[str, _Holder]) -> list[_Planned]:
    held = _held({holder.account_id for holder in holders.values() if holder.line is None})
    planned = []
    for row in rows:
        holder = holders[row.phone]
        key = (holder.account_id, row.role, row.scope)
        if holder.name != row.name:
            reason: Refused | None = RowPhoneOfAnother() if holder.line is None else RowPhoneTwice(line=holder.line)
            verdict = RowVerdict.REFUSED
        elif key in held:
            verdict, reason = RowVerdict.REPEATED, RowAlreadyThere()
        else:
            verdict, reason = RowVerdict.ADDED if holder.line == row.line else RowVerdict.GRANTED, row.note
            held.add(key)
        planned.append(_Planned(row, holder, verdict, reason))
    return planned


def _held(account_ids: Iterable[AccountId]) -> set[tuple[AccountId, Role, OverPlace | OverArea]]:
    """Which roles accounts hold where, today or later."""
    held: set[tuple[AccountId, Role, OverPlace | OverArea]] = set()
    living = Q(valid_to=None) | Q(valid_to__gt=clock.today())
    for row in Grant.objects.filter(living, account_id__in=list(account_ids), revoked_at=None):
        if row.place_id is not None:
            held.add((AccountId(row.account_id), Role(row.role), OverPlace(PlaceId(row.place_id))))
        elif row.area_id is not None:
            held.add((AccountId(row.account_id), Role(row.role), OverArea(AreaId(row.area_id))))
    return held


def _write(planned: Sequence[_Planned], by: Actor) -> list[JoiningLink]:
    """Accounts, grants and links, each in one statement per thousand rows."""
    now, today, unusable = clock.now(), clock.today(), make_password(None)
    accounts = [
        Account(
            id=plan.holder.account_id, login=plan.holder.login, password=unusable, must_set_password=True, created_at=now,
            created_by_id=by.account_id, **name_columns(plan.row.name), **phone_columns(plan.row.phone),
        )
        for plan in planned
        if plan.verdict is RowVerdict.ADDED
    ]  # fmt: skip
    grants = [
        as_row(plan.holder.account_id, NewGrant(plan.row.role, plan.row.scope, valid_to=plan.row.ends), plan.row.begins or today, by)
        for plan in planned
        if plan.verdict in (RowVerdict.ADDED, RowVerdict.GRANTED)
    ]
    Account.objects.bulk_create(accounts, batch_size=1000)
    Grant.objects.bulk_create(grants, batch_size=1000)
    return links_for(accounts, JoiningPurpose.JOIN, None)


def _answer(plan: _Planned) -> RowAnswer:
    row, scope = plan.row, plan.row.scope
    return RowAnswer(
        row.line,
        plan.verdict,
        plan.reason,
        row.name,
        "" if plan.verdict is RowVerdict.REFUSED else plan.holder.login,
        row.role,
        row.read_as,
        scope.place_id if isinstance(scope, OverPlace) else None,
        scope.area_id if isinstance(scope, OverArea) else None,
    )


def _left(row: Left) -> RowAnswer:
    verdict = RowVerdict.DOUBTFUL if row.doubtful else RowVerdict.REFUSED
    return RowAnswer(row.line, verdict, row.reason, row.name, "", row.role, row.read_as, None, None)
