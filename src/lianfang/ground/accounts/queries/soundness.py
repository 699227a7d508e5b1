"""What must hold among accounts; `doctor` asks."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Q

from lianfang.ground.accounts.models import Account, Device, Grant
from lianfang.ground.accounts.rules.roles import ABILITIES, Ability
from lianfang.ground.accounts.types import AccountState
from lianfang.kernel import clock, erasers
from lianfang.kernel.sealed import unopened
from lianfang.kernel.sealing import keyring
from lianfang.kernel.soundness import Finding

_SHOWN = 5
_SETTLING = timedelta(days=1)


def checks() -> list[Finding]:
    """Grants over what has ended, devices of closed accounts, persons nobody answers for, somebody to make accounts, sealed values."""
    return [_grants(), _devices(), _orphans(), _administered(), _sealed()]


def _some(ids: list[str]) -> str:
    shown = ", ".join([*ids[:_SHOWN], *(["…"] if len(ids) > _SHOWN else [])])
    return f"{len(ids)} ({shown})" if ids else "0"


def _living() -> Q:
    return Q(revoked_at=None, account__state=AccountState.ACTIVE) & (Q(valid_to=None) | Q(valid_to__gt=clock.today()))


def _grants() -> Finding:
    ended = Q(place__valid_to__isnull=False) | Q(area__valid_to__isnull=False)
    ids = [str(pk) for pk in Grant.objects.filter(_living(), ended).values_list("pk", flat=True)]
    return Finding(
        "accounts.grants",
        not ids,
        f"grants over a place or area that has ended: {_some(ids)}",
        "Revoke them with `accounts revoke GRANT` and give them over what took over.",
    )


def _devices() -> Finding:
    ids = [
        str(pk) for pk in Device.objects.filter(cut_off_at=None).exclude(account__state=AccountState.ACTIVE).values_list("pk", flat=True)
    ]
    return Finding(
        "accounts.devices",
        not ids,
        f"devices of closed accounts that are not cut off: {_some(ids)}",
        "Cut them off with `accounts devices cut-off DEVICE`.",
    )


def _orphans() -> Finding:
    """Persons that neither live anywhere nor ever did, whom no account acts for and no list keeps (the pool, a roster), older than a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select p.id from people_person p
            where p.ended_at is null and p.created_at < %s
              and not exists (select 1 from people_residence r where r.person_id = p.id)
              and not exists (select 1 from accounts_account a where a.person_id = p.id)
            """,
            [clock.now() - _SETTLING],
        )
        found = {row[0] for row in cursor.fetchall()}
        for sql in erasers.kept() if found else ():
            cursor.execute(sql, {"asked": list(found), "book": None})
            found -= {row[0] for row in cursor.fetchall()}
    ids = sorted(str(one) for one in found)
    return Finding(
        "accounts.orphans",
        not ids,
        f"persons without residence or account: {_some(ids)}",
        "Enter where they live, or end them with `people end PERSON`.",
    )


def _administered() -> Finding:
    giving = [role for role, abilities in ABILITIES.items() if Ability.GRANTS_GIVE in abilities]
    count = Account.objects.filter(pk__in=Grant.objects.filter(_living(), role__in=giving).values("account_id")).count()
    return Finding(
        "accounts.administered",
        count > 0 or not Account.objects.exists(),
        f"accounts that may give grants: {count}",
        "Make one: `accounts add`, then `accounts grant LOGIN administrator PLACE`.",
    )


def _sealed() -> Finding:
    wrong = unopened("accounts_account", keyring())
    return Finding(
        "accounts.sealed",
        not wrong,
        f"sealed values that do not open: {len(wrong)}" + (f" ({'; '.join(wrong[:5])})" if wrong else ""),
        "Restore the keyring file that belongs to this database.",
    )
