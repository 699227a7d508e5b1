"""What a roster changes, in a handful of statements: persons, households, homes, corrections; and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from lianfang.ground.people.commands.rosters import PERSONS
from lianfang.ground.people.commands.sealing import COLUMNS, Checked, Sealed, sealed
from lianfang.ground.people.models import Person, Phone
from lianfang.ground.people.models.persons import PHONE_PURPOSES, PURPOSES
from lianfang.ground.people.queries.phones import further_phones
from lianfang.ground.people.roster_types import RosterChanges, Told
from lianfang.ground.people.rules.papers import Paper, read_paper
from lianfang.ground.people.types import DoorNotFound, PaperKind, Sex
from lianfang.kernel import clock
from lianfang.kernel.columns import column_of, columns_of
from lianfang.kernel.db import POSITIONS, acting, columns_cursor, lock
from lianfang.kernel.ids import AccountId, PersonId
from lianfang.kernel.sealing import Keyring, keyring

# The door gives the position; a door that is none, or has ended, takes nobody in.
_HOUSEHOLDS = """
insert into people_household (id, door_id, position, name, valid_from)
select h.id, d.id, d.lo, '', %s from unnest(%b::uuid[], %b::uuid[]) as h(id, door_id)
join places_place d on d.id = h.door_id and d.level = 'door' and d.valid_to is null
"""
_HOMES = """
insert into people_residence (id, person_id, household_id, door_id, position, kind, relation, valid_from)
select r.id, r.person_id, h.id, h.door_id, h.position, r.kind, r.relation, %s
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[]) as r(id, person_id, household_id, kind, relation)
join people_household h on h.id = r.household_id
"""
_CORRECTED = tuple(column for column in COLUMNS if column != "sex")
_TEXTS = ("name", "name_key", "name_initials", "paper_kind")


def _given(column: str) -> str:
    """A column of a correction: null where it leaves what is there."""
    return f"nullif(c.{column}, '')" if column in _TEXTS else f"c.{column}"


_CORRECT = f"""
update people_person p
set sex = coalesce(nullif(c.sex, 'unknown'), p.sex), {", ".join(f"{column} = coalesce({_given(column)}, p.{column})" for column in _CORRECTED)}
from unnest(
    %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[]
) as c(id, {", ".join(COLUMNS)})
where p.id = c.id
"""
_RELATIONS = """
update people_residence r set relation = c.relation from unnest(%b::uuid[], %b::text[]) as c(id, relation) where r.id = c.id and r.valid_to is null
"""
_END = "update people_residence set valid_to = greatest(valid_from, %s) where id = any(%b::uuid[]) and valid_to is null"
_REOPEN = "update people_residence set valid_to = null where id = any(%b::uuid[])"
_BEGUN = "update people_residence set valid_to = valid_from where id = any(%b::uuid[])"


_PHONES = """
insert into people_phone (person_id, sealed, index, created_at)
select f.*, %b::timestamptz from unnest(%b::uuid[], %b::bytea[], %b::bytea[]) as f
on conflict (person_id, index) do nothing
"""


@dataclass(slots=True)
class ReadyChanges:
    """What a roster changes, sealed and in columns: nothing is left to do but write it."""

    ended: list[UUID]
    persons: list[Any]
    households: list[Any]
    count: int  # of the households
    homes: list[Any]
    corrections: list[Any]
    phones: list[Any]
    relations: list[Any]


def ready(changes: RosterChanges) -> ReadyChanges:
    """Seal what a roster changes. Asks nothing of the database, so that it is done while that is at work on what came before."""
    ring = keyring()
    persons = [sealed(_whole(told), ring, paper_index=told.paper_index, phone_index=told.phone_index) for _, told in changes.persons]
    homes = [(home.residence_id, home.person_id, home.household_id, home.kind, home.relation) for home in changes.homes]
    phones = _further_phones([*changes.persons, *changes.corrections], ring)
    corrected = [_partly(told) for _, told in changes.corrections]
    return ReadyChanges(
        ended=changes.ended,
        persons=[column_of([person for person, _ in changes.persons]), *_by_column(persons)] if persons else [],
        households=columns_of(changes.households, 2) if changes.households else [],
        count=len(changes.households),
        homes=columns_of(homes, 5) if homes else [],
        corrections=[column_of([person for person, _ in changes.corrections]), *_by_column(corrected)] if corrected else [],
        phones=columns_of(phones, 3) if phones else [],
        relations=columns_of(changes.relations, 2) if changes.relations else [],
    )


def take_roster(changes: RosterChanges | ReadyChanges, *, by: AccountId | None, reason: str = "") -> None:
    """Take in what a roster changes, in one transaction. Raises DoorNotFound when a household's door is none in the scope."""
    made, today = changes if isinstance(changes, ReadyChanges) else ready(changes), clock.today()
    with acting(by, reason), columns_cursor() as cursor:
        lock(POSITIONS, shared=True)
        if made.ended:
            cursor.execute(_END, [today, made.ended])
        if made.persons:
            cursor.execute(PERSONS, [clock.now(), *made.persons])
        if made.households:
            cursor.execute(_HOUSEHOLDS, [today, *made.households])
            if cursor.rowcount != made.count:
                raise DoorNotFound
        if made.homes:
            cursor.execute(_HOMES, [today, *made.homes])
        if made.corrections:
            cursor.execute(_CORRECT, made.corrections)
        if made.phones:
            cursor.execute(_PHONES, [clock.now(), *made.phones])
        if made.relations:
            cursor.execute(_RELATIONS, made.relations)


def _further_phones(told: Iterable[tuple[PersonId, Told]], ring: Keyring) -> list[tuple[PersonId, bytes, bytes]]:
    purpose = PHONE_PURPOSES["sealed"]
    return [(person, ring.seal(phone, purpose), ring.blind(phone, purpose)) for person, each in told for phone in each.more_phones]


def _by_column(rows: Sequence[Sealed]) -> list[Any]:
    return [column_of([getattr(row, column) for row in rows]) for column in COLUMNS]


def _whole(told: Told) -> Checked:
    """A person to add: what their paper says of birth and sex fills in what was not told."""
    paper = told.paper or Paper(PaperKind.NONE, "")
    return Checked(told.name, told.sex or paper.sex or Sex.UNKNOWN, told.birth or paper.birth, paper, told.phone)


def _partly(told: Told) -> Sealed:
    """The columns that a correction sets; empty ones keep what is there."""
    row = sealed(_whole(told))
    return row if told.paper else replace(row, paper_kind="")


def told_of(person_id: PersonId) -> Told:
    """What is known of a person, opened: kept sealed by whoever may have to put it back."""
    return told_of_all([person_id])[person_id]


def told_of_all(person_ids: Iterable[PersonId]) -> dict[PersonId, Told]:
    """What is known of some people, opened: for a file whose making is logged (`log_export`); people out of the scope are left out."""
    ring = keyring()
    wanted = list(person_ids)
    further = further_phones(wanted, ring)
    return {PersonId(row.id): _opened(row, further.get(row.id, ()), ring) for row in Person.objects.filter(pk__in=wanted)}


def _opened(row: Person, further: tuple[str, ...], ring: Keyring) -> Told:
    def opened(column: str) -> str:
        value = getattr(row, column)
        return ring.open(bytes(value), PURPOSES[column]) if value else ""

    number, birth = opened("paper_sealed"), opened("birth_sealed")
    day = date.fromisoformat(birth) if birth else None
    return Told(row.name, Sex(row.sex), day, read_paper(number, PaperKind(row.paper_kind)), opened("phone_sealed"), further)


def take_back(changes: RosterChanges, before: Iterable[tuple[PersonId, Told]] = (), *, by: AccountId | None, reason: str = "") -> None:
    """Undo what `take_roster` did with the same changes: homes begun are void, ended ones go on, persons added are closed.

    `before` is what was known of those corrected (`told_of`); everything of them is put back as it was.
    """
    ring = keyring()
    with acting(by, reason), columns_cursor() as cursor:
        lock(POSITIONS, shared=True)
        cursor.execute(_BEGUN, [[home.residence_id for home in changes.homes]])
        cursor.execute(_REOPEN, [changes.ended])
        Person.objects.filter(pk__in=[person for person, _ in changes.persons]).update(ended_at=clock.now())
        for person_id, told in before:
            row = sealed(_whole(told))
            Person.objects.filter(pk=person_id).update(**{column: getattr(row, column) for column in COLUMNS})
            kept = [ring.blind(phone, PHONE_PURPOSES["sealed"]) for phone in told.more_phones]
            Phone.objects.filter(person_id=person_id).exclude(index__in=kept).delete()
