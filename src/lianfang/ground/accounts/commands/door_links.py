"""Links behind the QR codes of doors: made when a sign is printed, replaced when one has leaked, opened with six digits."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from django.db.models import F, Q

from lianfang.ground.accounts.models import DoorLink
from lianfang.ground.accounts.rules.codes import same, token_hash
from lianfang.ground.accounts.rules.passwords import TRIES, lock_time
from lianfang.ground.accounts.types import DoorCodeLocked, DoorCodeWrong, DoorSign
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.sealing import keyring

_TOKEN, _CODE = "accounts_doorlink.token", "accounts_doorlink.code"
_DIGITS = 6


def _token(door_id: PlaceId, generation: int) -> str:
    """26 letters and digits that only the holder of the keyring can make."""
    return base64.b32encode(keyring().blind(f"{door_id}:{generation}", _TOKEN)).decode().rstrip("=").lower()


def _code(door_id: PlaceId, generation: int) -> str:
    number = int.from_bytes(keyring().blind(f"{door_id}:{generation}", _CODE), "big")
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def _sign(door_id: PlaceId, generation: int) -> DoorSign:
    return DoorSign(door_id, _token(door_id, generation), _code(door_id, generation))


def door_signs(door_ids: Sequence[PlaceId], *, by: AccountId | None) -> list[DoorSign]:
    """The present sign of each door, its link made where there is none: for printing those of a building."""
    with acting(by):
        known = dict(DoorLink.objects.filter(door_id__in=door_ids).values_list("door_id", "generation"))
        now = clock.now()
        missing = [door_id for door_id in dict.fromkeys(door_ids) if door_id not in known]
        DoorLink.objects.bulk_create(
            [DoorLink(door_id=door_id, token_index=token_hash(_token(door_id, 1)), created_at=now) for door_id in missing],
            batch_size=1000,
            ignore_conflicts=True,
        )
    return [_sign(door_id, known.get(door_id, 1)) for door_id in door_ids]


def renew_door_sign(door_id: PlaceId, *, by: AccountId | None) -> DoorSign:
    """A new link and new digits for a door; the old ones lead nowhere from now on."""
    with acting(by):
        row = DoorLink.objects.select_for_update().filter(pk=door_id).first()
        if row is None:
            return door_signs([door_id], by=by)[0]
        row.generation += 1
        row.token_index = token_hash(_token(door_id, row.generation))
        row.failed, row.locks, row.locked_until = 0, 0, None
        row.save()
    return _sign(door_id, row.generation)


def open_with_code(door_id: PlaceId, code: str) -> None:
    """Check the six digits of the card inside a door. Raises DoorCodeWrong, DoorCodeLocked.

    Every try is counted before it is checked. Catch the refusal inside the transaction, so that the count is kept.
    """
    now = clock.now()
    unlocked = Q(pk=door_id) & (Q(locked_until=None) | Q(locked_until__lte=now))
    counted = DoorLink.objects.filter(unlocked, failed__lt=TRIES).update(failed=F("failed") + 1)
    row = DoorLink.objects.filter(pk=door_id).first()
    if row is None:
        raise DoorCodeWrong
    right = counted and same(_code(door_id, row.generation), code.strip())
    if right:
        DoorLink.objects.filter(pk=door_id).update(failed=0, locks=0, locked_until=None)
        return
    if row.failed >= TRIES:
        until = now + lock_time(row.locks)
        DoorLink.objects.filter(unlocked, failed__gte=TRIES).update(failed=0, locks=F("locks") + 1, locked_until=until)
        row.locked_until = until
    if not counted:
        raise DoorCodeLocked(until=clock.local(row.locked_until or now).strftime("%H:%M"))
    raise DoorCodeWrong
