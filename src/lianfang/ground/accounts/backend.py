"""How Django finds the account behind a session. Signing in itself is `commands.sign_in`."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from lianfang.ground.accounts.models import Account
from lianfang.ground.accounts.types import AccountState


class AccountBackend(BaseBackend):
    """The account of a session, as long as it is open. There is no way in by this class."""

    def get_user(self, user_id: object) -> Account | None:
        """The open account of an id."""
        return Account.objects.filter(pk=UUID(str(user_id)), state=AccountState.ACTIVE).first()
