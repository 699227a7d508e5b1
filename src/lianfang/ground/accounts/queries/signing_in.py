"""What somebody who signs in must know or do."""

from __future__ import annotations

from django.conf import settings

from lianfang.ground.accounts.access import abilities, actor_of
from lianfang.ground.accounts.models import Account, Joining
from lianfang.ground.accounts.rules.codes import token_hash
from lianfang.ground.accounts.rules.roles import needs_second_factor
from lianfang.ground.accounts.types import JoiningPurpose, JoiningRefused, JoiningSeen, Owed
from lianfang.kernel import clock


def owed(account: Account) -> Owed | None:
    """What an account must do before anything else: choose a password; set a second factor where it exports or administers.

    The demonstration asks for no second factor: its accounts are for everybody who looks at it.
    """
    if account.must_set_password:
        return Owed.PASSWORD
    if not account.totp_confirmed and not settings.LIANFANG_DEMO and needs_second_factor(abilities(actor_of(account))):
        return Owed.SECOND_FACTOR
    return None


def joining(token: str) -> JoiningSeen:
    """Whom a joining link is for, to be shown before the password is chosen. Raises JoiningRefused."""
    waiting = (
        Joining.objects.select_related("account").exclude(purpose=JoiningPurpose.FIELD).filter(used_at=None, expires_at__gt=clock.now())
    )
    row = waiting.filter(token_hash=token_hash(token)).first()
    if row is None or not row.account.is_open:
        raise JoiningRefused
    return JoiningSeen(row.account.login, row.account.name, bool(row.account.phone_sealed), row.expires_at)
