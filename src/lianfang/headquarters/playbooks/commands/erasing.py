"""What goes when an incident ends for good: who stood in its items. What was raised, where and when, stays."""

from __future__ import annotations

from django.db import transaction

from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.ledger.queries import incident_of_book


@transaction.atomic
def erase_book(book: int) -> int:
    """Nobody is named any more in the items of the runs of the incident whose book this is; how many items named somebody."""
    incident = incident_of_book(book)
    if incident is None:
        return 0
    return Item.objects.filter(run__in=Run.objects.filter(incident=incident)).exclude(people=[]).update(people=[])
