"""Telephone numbers that people have beside the first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lianfang.ground.people.models import Person, Phone
from lianfang.ground.people.models.persons import PHONE_PURPOSES, PURPOSES
from lianfang.kernel.ids import PersonId
from lianfang.kernel.sealing import Keyring, keyring


def further_phones(person_ids: Iterable[UUID], ring: Keyring) -> dict[UUID, tuple[str, ...]]:
    """The further numbers of some people in full: masked or logged by whoever asks. People who have none are left out."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = Phone.objects.filter(person_id__in=list(person_ids)).order_by("person_id", "id").values_list("person_id", "sealed")
    for person, sealed in rows:
        found[person] = (*found.get(person, ()), ring.open(bytes(sealed), PHONE_PURPOSES["sealed"]))
    return found


def numbers_to_reach(person_ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """The first number of each, in full, for a message that is being sent this moment: never shown, written down or logged."""
    ring = keyring()
    rows = Person.objects.filter(pk__in=list(person_ids), phone_sealed__isnull=False).values_list("pk", "phone_sealed")
    return {PersonId(pk): ring.open(bytes(sealed), PURPOSES["phone_sealed"]) for pk, sealed in rows if sealed}
