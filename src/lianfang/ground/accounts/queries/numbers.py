"""Numbers that may stand where everybody reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianfang.ground.accounts.models import Account, DutyPhone
from lianfang.ground.accounts.models.accounts import PURPOSES
from lianfang.ground.accounts.types import AccountState
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.sealing import keyring


def public_numbers(account_ids: Iterable[AccountId]) -> dict[AccountId, str]:
    """The numbers of those who agreed that they stand on public sheets."""
    ring, purpose = keyring(), PURPOSES["phone_sealed"]
    rows = Account.objects.filter(
        pk__in=set(account_ids), phone_public=True, phone_sealed__isnull=False, state=AccountState.ACTIVE
    ).values_list("pk", "phone_sealed")
    return {AccountId(pk): ring.open(bytes(sealed), purpose) for pk, sealed in rows if sealed}


def number_is_public(account_id: AccountId) -> bool:
    """Whether the holder of an account agreed."""
    return Account.objects.filter(pk=account_id, phone_public=True).exists()


def duty_phone(path: Sequence[PlaceId]) -> str:
    """The number that is always answered for the nearest of some places, the nearest first; empty where none has one."""
    known = dict(DutyPhone.objects.filter(place_id__in=path).exclude(phone="").values_list("place_id", "phone"))
    return next((known[place_id] for place_id in path if place_id in known), "")
