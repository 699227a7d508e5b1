"""Accounts and their recovery codes."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from lianfang.ground.accounts.types import AccountState

PURPOSES = {"phone_sealed": "accounts_account.phone", "totp_sealed": "accounts_account.totp"}
"""What each sealed column is bound to (kernel.sealing)."""


class Account(AbstractBaseUser):
    """How one worker signs in (账号). The person behind it may be known as a resident too.

    `session_epoch` is part of what a session is bound to: raising it ends all sessions of the account at once.
    `phone_public`: the holder has agreed that the number stands on sheets for the wall. `failed` counts wrong tries since the last right one or the last lock, `locks` how often it was locked in a row.
    """

    id = models.UUIDField(primary_key=True)
    login = models.TextField(unique=True)
    name = models.TextField()
    name_key = models.TextField()
    name_initials = models.TextField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    phone_public = models.BooleanField(default=False)
    state = models.TextField(choices=[(state.value, state.value) for state in AccountState], default=AccountState.ACTIVE)
    failed = models.IntegerField(default=0)
    locks = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    totp_sealed = models.BinaryField(null=True)
    totp_confirmed = models.BooleanField(default=False)
    totp_step = models.BigIntegerField(default=0)
    must_set_password = models.BooleanField(default=False)
    session_epoch = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        db_table = "accounts_account"
        constraints = (
            models.UniqueConstraint(fields=("phone_index",), condition=Q(state=AccountState.ACTIVE), name="account_phone_of_one_active"),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True) | Q(phone_sealed__isnull=False, phone_index__isnull=False),
                name="account_phone_sealed_and_indexed",
            ),
        )
        indexes = (
            models.Index(fields=("name_key",), name="account_by_name_key"),
            models.Index(fields=("name",), name="account_by_name"),
        )

    @property
    def is_open(self) -> bool:
        """Whether the account may be used at all."""
        return self.state == AccountState.ACTIVE

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: it ends when the password or the epoch changes."""
        return salted_hmac("lianfang.accounts.session", f"{self.password}:{self.session_epoch}", algorithm="sha256").hexdigest()


class RecoveryCode(models.Model):
    """One of ten codes that stand in for a lost second factor; of each only the hash is kept, and it serves once."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    code_hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_recoverycode"
        constraints = (models.UniqueConstraint(fields=("account", "code_hash"), name="recovery_code_once"),)
