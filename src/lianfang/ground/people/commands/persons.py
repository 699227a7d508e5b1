"""Adding and correcting persons."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Unpack

from lianfang.ground.people.commands.households import leave_all
from lianfang.ground.people.commands.sealing import Checked, Sealed, checked, sealed
from lianfang.ground.people.models import Look, Person
from lianfang.ground.people.models.persons import PURPOSES
from lianfang.ground.people.rules.papers import read_paper
from lianfang.ground.people.types import (
    Added,
    Alike,
    NewPerson,
    PaperKind,
    PaperUnreadable,
    PersonCorrection,
    PersonNotFound,
    SamePaper,
    Sex,
)
from lianfang.kernel import clock
from lianfang.kernel.db import acting, erasing
from lianfang.kernel.ids import AccountId, PersonId
from lianfang.kernel.sealing import keyring

FORGOTTEN = "—"


def add_person(new: NewPerson, *, by: AccountId | None, though_known: bool = False) -> Added:
    """Add somebody; the answer names others in the scope who may be the same.

    Raises PersonInvalid by field, and SamePaper when somebody in the scope has this paper, unless `though_known`: papers are
    read wrongly. Somebody outside the scope is never named: the database notes the pair for whoever answers for both.
    Adding the same id twice with the same name is done once.
    """
    row = sealed(checked(new))
    with acting(by):
        alike = _alike(row, new.id)
        paper = next((found for found in alike if found.by == "paper"), None)
        if paper and not though_known:
            raise SamePaper(person_id=paper.person_id)
        Person(id=new.id, created_at=clock.now(), **asdict(row)).save(force_insert=True)
    return Added(new.id, tuple(alike))


def _alike(row: Sealed, person_id: PersonId) -> list[Alike]:
    """People in the scope with the same paper, or with the same phone and name."""
    known = Person.objects.filter(ended_at__isnull=True).exclude(pk=person_id).order_by("created_at", "id")
    found: list[Alike] = []
    if row.paper_index:
        found += [Alike(PersonId(pk), "paper") for pk in known.filter(paper_index=row.paper_index).values_list("pk", flat=True)[:5]]
    if row.phone_index:
        same = known.filter(phone_index=row.phone_index, name=row.name).values_list("pk", flat=True)[:5]
        found += [Alike(PersonId(pk), "phone") for pk in same if pk not in {each.person_id for each in found}]
    return found


def correct_person(
    person_id: PersonId, *, by: AccountId | None, reason: str = "", though_known: bool = False, **corrections: Unpack[PersonCorrection]
) -> tuple[Alike, ...]:
    """Correct some fields of a person; what the number of a paper says of birth and sex follows it. Answers who may be the same.

    Raises PersonNotFound, PersonInvalid and SamePaper as adding does. The log keeps that a sealed field changed, not its values.
    """
    with acting(by, reason):
        row = Person.objects.select_for_update().filter(pk=person_id).first()
        if row is None:
            raise PersonNotFound
        known = _as_known(row)
        wanted = checked(_asked(known, corrections))
        columns = sealed(wanted)
        alike = _alike(columns, person_id)
        paper = next((found for found in alike if found.by == "paper"), None)
        if paper and wanted.paper.number != known.paper and not though_known:
            raise SamePaper(person_id=paper.person_id)
        changed = _changed(known, wanted)
        for column in changed:
            setattr(row, column, getattr(columns, column))
        if changed:
            row.save(update_fields=changed)
    return tuple(alike)


def _asked(known: NewPerson, corrections: PersonCorrection) -> NewPerson:
    """The person as they would be entered now: with a new number, what the old one said of kind, birth and sex is forgotten."""
    asked = replace(known, **corrections)
    if "paper" in corrections and "paper_kind" not in corrections:
        asked = replace(asked, paper_kind=None)
    try:
        says = read_paper(asked.paper, asked.paper_kind)
    except PaperUnreadable:
        return asked
    if says.birth and "birth" not in corrections:
        asked = replace(asked, birth=None)
    if says.sex and "sex" not in corrections:
        asked = replace(asked, sex=None)
    return asked


def _changed(known: NewPerson, wanted: Checked) -> list[str]:
    """The columns of the fields that differ; the others keep their bytes, so that the log names only what changed."""
    differing = {
        ("name", "name_key", "name_initials"): known.name != wanted.name,
        ("sex",): known.sex != wanted.sex,
        ("birth_sealed",): known.birth != wanted.birth,
        ("paper_kind", "paper_sealed", "paper_index"): (known.paper_kind, known.paper) != (wanted.paper.kind, wanted.paper.number),
        ("phone_sealed", "phone_index"): known.phone != wanted.phone,
    }
    return [column for columns, differs in differing.items() if differs for column in columns]


def _as_known(row: Person) -> NewPerson:
    """A row as it would be entered: the start of a correction."""
    ring = keyring()

    def opened(column: str) -> str:
        value = getattr(row, column)
        return ring.open(bytes(value), PURPOSES[column]) if value else ""

    birth = opened("birth_sealed")
    return NewPerson(
        id=PersonId(row.id),
        name=row.name,
        sex=Sex(row.sex),
        birth=date.fromisoformat(birth) if birth else None,
        paper=opened("paper_sealed"),
        paper_kind=PaperKind(row.paper_kind),
        phone=opened("phone_sealed"),
    )


def end_person(person_id: PersonId, on: date, *, by: AccountId | None, reason: str = "") -> None:
    """Close a person's row (death, or a second row for the same person): residence ends on that day, nothing is deleted."""
    with acting(by, reason):
        row = Person.objects.select_for_update().filter(pk=person_id).first()
        if row is None:
            raise PersonNotFound
        leave_all(person_id, on)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])


def forget_person(person_id: PersonId, *, by: AccountId | None, reason: str, words_too: bool = False) -> None:
    """Blank the row of somebody who was kept with their consent alone, or for an incident that ended: the id stays, nothing else.

    `words_too`: what was written as reason when somebody looked at them goes as well (as owner: the log of looks is only added to).
    """
    with acting(by, reason):
        row = Person.objects.select_for_update().filter(pk=person_id).first()
        if row is None:
            raise PersonNotFound
        row.name = row.name_key = row.name_initials = FORGOTTEN
        row.sex, row.paper_kind = Sex.UNKNOWN.value, PaperKind.NONE.value
        row.birth_sealed = row.paper_sealed = row.paper_index = row.phone_sealed = row.phone_index = None
        row.ended_at = clock.now()
        row.save()
        if words_too:
            with erasing():
                Look.objects.filter(person_id=person_id).update(reason=FORGOTTEN)
