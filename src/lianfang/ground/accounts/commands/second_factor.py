"""The second factor: an authenticator app (RFC 6238) and ten recovery codes."""

from __future__ import annotations

import pyotp
from django.db import transaction
from django.db.models import Q

from lianfang.ground.accounts.models import Account, RecoveryCode
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.rules.codes import RECOVERY_CODES, is_recovery_code, new_recovery_code, recovery_hash
from lianfang.ground.accounts.types import CodeWrong, SecondFactorMissing, SecondFactorOffer
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId
from lianfang.kernel.sealing import keyring

ISSUER = "联防"
_STEP = 30
_DRIFT = (0, -1, 1)
_PURPOSE = PURPOSES["totp_sealed"]


def offer_second_factor(account_id: AccountId) -> SecondFactorOffer:
    """A new key for an authenticator app. It counts once `confirm_second_factor` has seen a code of it.

    Raises CodeWrong for an account whose second factor is set: it is changed by a reset only.
    """
    secret = pyotp.random_base32()
    with acting(account_id):
        row = Account.objects.select_for_update().get(pk=account_id)
        if row.totp_confirmed:
            raise CodeWrong
        row.totp_sealed, row.totp_step = keyring().seal(secret, _PURPOSE), 0
        row.save(update_fields=["totp_sealed", "totp_step"])
    return SecondFactorOffer(secret, pyotp.TOTP(secret).provisioning_uri(name=row.login, issuer_name=ISSUER))


def confirm_second_factor(account_id: AccountId, code: str) -> list[str]:
    """Set the second factor by a first code; the recovery codes are shown now and never again. Raises CodeWrong."""
    with acting(account_id):
        row = Account.objects.select_for_update().get(pk=account_id)
        if row.totp_confirmed or not row.totp_sealed:
            raise SecondFactorMissing
        step = _step_of(row, code)
        if step is None:
            raise CodeWrong
        row.totp_confirmed, row.totp_step = True, step
        row.save(update_fields=["totp_confirmed", "totp_step"])
        return _new_recovery_codes(account_id)


def renew_recovery_codes(account_id: AccountId, code: str) -> list[str]:
    """Ten new recovery codes against a code of the app; the old ones are worthless. Raises CodeWrong, SecondFactorMissing."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account_id)
        if not row.totp_confirmed:
            raise SecondFactorMissing
        if not _spend_step(row, code):
            raise CodeWrong
        with acting(account_id):
            return _new_recovery_codes(account_id)


def _new_recovery_codes(account_id: AccountId) -> list[str]:
    RecoveryCode.objects.filter(account_id=account_id, used_at=None).update(used_at=clock.now())
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(account_id=account_id, code_hash=recovery_hash(code)) for code in codes])
    return codes


def passes(account_id: AccountId, code: str) -> bool:
    """Whether a code of the app or a recovery code is right. Either serves once: it is spent by asking."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account_id)
        if is_recovery_code(code):
            unused = Q(account_id=account_id, code_hash=recovery_hash(code), used_at=None)
            return bool(RecoveryCode.objects.filter(unused).update(used_at=clock.now()))
        return _spend_step(row, code)


def _spend_step(row: Account, code: str) -> bool:
    step = _step_of(row, code)
    if step is None:
        return False
    row.totp_step = step
    row.save(update_fields=["totp_step"])
    return True


def _step_of(row: Account, code: str) -> int | None:
    """The half minute a code belongs to, now or next to it; None when wrong or spent: a code seen over a shoulder is worthless."""
    typed = code.strip().replace(" ", "")
    totp = pyotp.TOTP(keyring().open(bytes(row.totp_sealed or b""), _PURPOSE))
    now = int(clock.now().timestamp()) // _STEP
    steps = (now + drift for drift in _DRIFT)
    return next((step for step in steps if step > row.totp_step and pyotp.utils.strings_equal(totp.at(step * _STEP), typed)), None)
