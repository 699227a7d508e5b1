"""What goes when an incident ends: those who offered themselves for it, and who was called. Who served where stays, by ids alone."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from lianfang.ground.people import commands as people
from lianfang.ground.people import queries as person_queries
from lianfang.ground.people.types import PersonNotFound
from lianfang.kernel import clock
from lianfang.kernel.ids import PersonId
from lianfang.work.mobilisation.models import Assignment, Call, Force


@transaction.atomic
def erase_book(book: int) -> int:
    """Everybody of the pool who came in this book, and its calls with all answers; how many people and calls.

    Whoever is known by the pool alone is blanked, unless they are in it for something else too: then that row answers for them.
    """
    gone = Force.objects.filter(book=book)
    Assignment.objects.filter(force__in=gone.values("id"), valid_to=None).update(valid_to=clock.today())
    alone = set(gone.filter(own_person=True).values_list("person", flat=True))
    still = Force.objects.exclude(book=book).filter(person__in=alone)
    for person in alone - set(still.values_list("person", flat=True)):
        forget(PersonId(person), "the incident ended", words_too=True)
    still.update(own_person=True)
    calls = Call.objects.filter(book=book)
    count = gone.count() + calls.count()
    calls.delete()
    gone.delete()
    return count


def forget(person_id: PersonId, reason: str, *, words_too: bool = False) -> None:
    """Blank somebody who was known by the pool alone, and has not been listed at a door since."""
    if not person_queries.positions_of(person_id):
        with suppress(PersonNotFound):  # another eraser of the same book has been there
            people.forget_person(person_id, by=None, reason=reason, words_too=words_too)
