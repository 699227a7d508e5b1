"""Accounts, one and many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.types import AccountNotFound, AccountSeen, AccountState
from lianfang.ground.people.rules.masking import masked_phone
from lianfang.ground.people.rules.names import is_chinese, typed_keys
from lianfang.kernel import clock
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.ids import AccountId, PersonId
from lianfang.kernel.ranges import EVERYWHERE, Range, merged
from lianfang.kernel.sealing import keyring

_LAST = "\U0010ffff"


def account(account_id: AccountId) -> AccountSeen:
    """One account. Raises AccountNotFound."""
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise AccountNotFound
    return _seen(row)


def any_account() -> bool:
    """Whether the installation has an account at all."""
    return Account.objects.exists()


def account_id_of_login(login: str) -> AccountId:
    """The account behind a login, closed ones too. Raises AccountNotFound."""
    found = Account.objects.filter(login=login.strip().lower()).values_list("pk", flat=True).first()
    if found is None:
        raise AccountNotFound
    return AccountId(found)


def accounts_within(
    ranges: Sequence[Range], beginning: str = "", *, after: str = "", limit: int = 50, closed: bool = False
) -> list[AccountSeen]:
    """Accounts with a grant that begins inside the ranges, by login, beyond a login; optionally whose name or login begins so.

    Areas count by the division they are administered at. Over everywhere, accounts without any grant are listed too.
    """
    rows = Account.objects.filter(login__gt=after)
    if list(merged(ranges)) != [EVERYWHERE]:
        rows = _reached(rows, ranges)
    if not closed:
        rows = rows.filter(state=AccountState.ACTIVE)
    return [_seen(row) for row in rows.filter(_begins(beginning.strip())).order_by("login")[:limit]]


def _reached(rows: QuerySet[Account], ranges: Sequence[Range]) -> QuerySet[Account]:
    inside = Q()
    for piece in merged(ranges):
        for column in ("place", "area__home"):
            inside |= Q(**{f"{column}__lo__gte": piece.lo, f"{column}__lo__lt": piece.hi, f"{column}__hi__lte": piece.hi})
    if not inside:
        return rows.none()
    living = Q(valid_to=None) | Q(valid_to__gt=clock.today())
    return rows.filter(Exists(Grant.objects.filter(inside, living, account_id=OuterRef("pk"), revoked_at=None)))


def _begins(beginning: str) -> Q:
    if not beginning:
        return Q()
    if is_chinese(beginning):
        return Q(name__gte=beginning, name__lt=beginning + _LAST)
    condition = Q(login__gte=beginning.lower(), login__lt=beginning.lower() + _LAST)
    for key in typed_keys(beginning):
        condition |= Q(name_key__gte=key, name_key__lt=key + _LAST) | Q(name_initials__gte=key, name_initials__lt=key + _LAST)
    return condition


def known(account_ids: Collection[AccountId]) -> set[AccountId]:
    """Which of these accounts there are or were."""
    with columns_cursor() as cursor:
        cursor.execute("select id from accounts_account where id = any(%b::uuid[])", [list(account_ids)])
        return {AccountId(row[0]) for row in cursor.fetchall()}


def names_of(account_ids: Iterable[AccountId]) -> dict[AccountId, str]:
    """The names of accounts, for lists of who did what."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "name")
    return {AccountId(pk): name for pk, name in rows}


def persons_of(account_ids: Iterable[AccountId]) -> dict[AccountId, PersonId]:
    """The people behind accounts, as far as they are known as people too."""
    rows = Account.objects.filter(pk__in=set(account_ids), person__isnull=False).values_list("pk", "person")
    return {AccountId(pk): PersonId(person) for pk, person in rows}


def accounts_of_persons(person_ids: Iterable[PersonId]) -> dict[PersonId, AccountId]:
    """The account of each person who has one."""
    rows = Account.objects.filter(person_id__in=set(person_ids)).order_by("created_at", "id")
    return {PersonId(row.person_id): AccountId(row.pk) for row in rows if row.person_id is not None}


def phone_of(account_id: AccountId) -> str:
    """The full telephone number of a worker, for those who work with them: to be called, not listed. Empty where there is none."""
    row = Account.objects.filter(pk=account_id).only("phone_sealed").first()
    if row is None:
        raise AccountNotFound
    return _phone(row)


def _phone(row: Account) -> str:
    return keyring().open(bytes(row.phone_sealed), PURPOSES["phone_sealed"]) if row.phone_sealed else ""


def _seen(row: Account) -> AccountSeen:
    return AccountSeen(
        account_id=AccountId(row.pk),
        login=row.login,
        name=row.name,
        state=AccountState(row.state),
        phone=masked_phone(_phone(row)),
        locked_until=row.locked_until if row.locked_until and row.locked_until > clock.now() else None,
        last_login=row.last_login,
        has_password=row.has_usable_password(),
        has_second_factor=row.totp_confirmed,
        person_id=PersonId(row.person_id) if row.person_id else None,
    )
