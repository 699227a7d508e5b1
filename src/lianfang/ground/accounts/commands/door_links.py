"""Links behind the QR codes of doors: made when a sign is printed, replaced when one has leaked."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from lianfang.ground.accounts.models import DoorLink
from lianfang.ground.accounts.rules.codes import token_hash
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import AccountId, PlaceId
from lianfang.kernel.sealing import keyring

_PURPOSE = "accounts_doorlink.token"


def _token(door_id: PlaceId, generation: int) -> str:
    """26 letters and digits that only the holder of the keyring can make."""
    return base64.b32encode(keyring().blind(f"{door_id}:{generation}", _PURPOSE)).decode().rstrip("=").lower()


def door_links(door_ids: Sequence[PlaceId], *, by: AccountId | None) -> dict[PlaceId, str]:
    """The present link of each door, made where there is none: for printing the signs of a building."""
    with acting(by):
        known = dict(DoorLink.objects.filter(door_id__in=door_ids).values_list("door_id", "generation"))
        now = clock.now()
        missing = [door_id for door_id in dict.fromkeys(door_ids) if door_id not in known]
        DoorLink.objects.bulk_create(
            [DoorLink(door_id=door_id, token_index=token_hash(_token(door_id, 1)), created_at=now) for door_id in missing],
            batch_size=1000,
            ignore_conflicts=True,
        )
    return {door_id: _token(door_id, known.get(door_id, 1)) for door_id in door_ids}


def renew_door_link(door_id: PlaceId, *, by: AccountId | None) -> str:
    """A new link for a door; the old one leads nowhere from now on."""
    with acting(by):
        row = DoorLink.objects.select_for_update().filter(pk=door_id).first()
        if row is None:
            return door_links([door_id], by=by)[door_id]
        row.generation += 1
        row.token_index = token_hash(_token(door_id, row.generation))
        row.save(update_fields=["generation", "token_index"])
    return _token(door_id, row.generation)
