"""Pairs that may be one person: taken up once somebody was told of them, and what people say of them."""

from __future__ import annotations

from collections.abc import Iterable

from lianfang.ground.people.models import Apart, Match
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, PersonId


def take_up_pairs(numbers: Iterable[int]) -> None:
    """Note that pairs were taken up. For the system alone: no login of the web may."""
    Match.objects.filter(pk__in=list(numbers)).update(taken_up=True)


def tell_apart(person_id: PersonId, other_id: PersonId, *, by: AccountId | None) -> None:
    """Note that two persons are two, whatever they have in common: nobody is asked about this pair again."""
    one, other = sorted((person_id, other_id))
    Apart.objects.get_or_create(one_id=one, other_id=other, defaults={"said_by": by, "said_at": clock.now()})


def take_for_one(person_id: PersonId, other_id: PersonId) -> None:
    """Undo `tell_apart`."""
    one, other = sorted((person_id, other_id))
    Apart.objects.filter(one_id=one, other_id=other).delete()
