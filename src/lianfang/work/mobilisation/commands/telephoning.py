"""The telephone tree on paper (电话树): the desk rings the first of each ten, each of whom rings nine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import RevealField
from lianfang.ground.places import queries as places
from lianfang.kernel import paper
from lianfang.kernel.errors import Denied
from lianfang.kernel.ids import PersonId
from lianfang.work.mobilisation import queries
from lianfang.work.mobilisation.models import Summons
from lianfang.work.mobilisation.types import NobodyToCall

TEMPLATE = Path(__file__).parents[1] / "paper" / "tree.typ"
TOGETHER, MOST = 10, 2_000
FIELDS = (RevealField.NAME, RevealField.PHONE)


def telephone_tree(call_id: UUID, words: Mapping[str, object], *, by: Actor, reason: str) -> bytes:
    """The PDF: full names and numbers, each look logged. People out of sight are left to their own desk, and counted on the sheet.

    `words` are those of the sheet, in the reader's language. Raises CallNotFound, Denied, NobodyToCall.
    """
    told = queries.call(call_id)
    place = places.place(told.place_id)
    access.require(by, "people.reveal", place)
    access.require(by, "exports.make", place)
    if by.account_id is None:
        raise Denied
    persons = [
        PersonId(one) for one in Summons.objects.filter(call_id=call_id).order_by("wave", "id").values_list("person", flat=True)[:MOST]
    ]
    full = people.reveal_for_export(persons, FIELDS, reason, by=by.account_id)
    rows = [full[one] for one in persons if one in full]
    if not rows:
        raise NobodyToCall
    groups = [rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER)]
    facts: dict[str, Any] = {
        **words,
        "words": told.words,
        "place": place.name,
        "first": [_row(group[0]) for group in groups],
        "groups": [[_row(one) for one in group] for group in groups],
        "left_out": len(persons) - len(rows),
    }
    return paper.compile(TEMPLATE, facts)


def _row(one: Mapping[RevealField, str]) -> list[str]:
    return [one.get(field, "") for field in FIELDS]
