"""Telephone numbers that people have beside the first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lianfang.ground.people.models import Phone
from lianfang.ground.people.models.persons import PHONE_PURPOSES
from lianfang.kernel.sealing import Keyring


def further_phones(person_ids: Iterable[UUID], ring: Keyring) -> dict[UUID, tuple[str, ...]]:
    """The further numbers of some people in full: masked or logged by whoever asks. People who have none are left out."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Phone.objects.filter(person_id__in=list(person_ids)).order_by("person_id", "id").values_list("person_id", "sealed")
    for person, sealed in rows:
        found[person] = (*found.get(person, ()), ring.open(bytes(sealed), PHONE_PURPOSES["sealed"]))
    return found
