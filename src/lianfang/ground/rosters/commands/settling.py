"""What a person settles: questions and their undoing, rows that wait mended in place or set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from lianfang.ground.people import commands as people_commands
from lianfang.ground.people import queries as people
from lianfang.ground.people.roster_types import Known, KnownHome, NewHome, RosterChanges, Told
from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.papers import read_paper
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.people.types import ResidenceKind
from lianfang.ground.rosters.commands.erasing import KEPT
from lianfang.ground.rosters.commands.planning import entry_of, seal_reasons
from lianfang.ground.rosters.loading_types import (
    SETTLEMENTS,
    AlreadySettled,
    AnswerWrong,
    MendedByHand,
    NotSettled,
    QuestionKind,
    RowNotFound,
    SetAside,
    SettledByHand,
    Settlement,
    StillUnreadable,
    TooLateToUndo,
    Verdict,
)
from lianfang.ground.rosters.models import Question, Roster, Row
from lianfang.ground.rosters.models.rows import QUESTION_PURPOSES, ROW_PURPOSES
from lianfang.ground.rosters.queries.standing import Stands
from lianfang.ground.rosters.rules.matching import Entry, Matching, Outcome
from lianfang.ground.rosters.rules.staged import kept, restored
from lianfang.ground.rosters.rules.values import read_phones
from lianfang.ground.rosters.types import Column, RosterRow, Weight
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId, new_id
from lianfang.kernel.sealing import keyring

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

Mended = Mapping[str, str]
"""What somebody typed over the values of a row: name, paper, phone, address; missing ones stay as they were."""


def row_held(row_id: int) -> Row:
    """A row that can still be decided, locked. Raises RowNotFound."""
    row = Row.objects.select_for_update(of=("self",)).filter(pk=row_id).select_related("roster__community").first()
    if row is None or row.sealed is None:
        raise RowNotFound
    return row


def values_of(row: Row) -> RosterRow:
    """What a row says. Raises RowNotFound when it is not kept any more."""
    if row.sealed is None:
        raise RowNotFound
    names = [each["sheet"] for each in row.roster.layouts]
    return restored(keyring().open(bytes(row.sealed), ROW_PURPOSES["sealed"]), sheet=names[row.sheet], line=row.line)


def mend_row(row_id: int, mended: Mended, *, door_id: PlaceId | None = None, by: AccountId | None) -> Verdict:
    """Take a waiting row in with values that somebody mended, at a door they chose or at the one its address names.

    Raises StillUnreadable with the reasons by field, AlreadySettled. What is a question stays one, under the row's new values.
    """
    with acting(by, "roster row mended"):
        row = row_held(row_id)
        if row.verdict != Verdict.WAITING or row.settled_at is not None:
            raise AlreadySettled
        values = _mended(values_of(row), mended)
        door = door_id or _door_of(row.roster, values)
        outcome, changes = _compared(row, values, door)
        if outcome.verdict is Verdict.WAITING and outcome.asked is None:
            raise StillUnreadable({"name": outcome.reasons[0]})
        _write_down(row, values, door, outcome, by)
        if outcome.asked is not None:
            _ask_again(row, outcome)
            return Verdict.WAITING
        for piece in changes:
            people_commands.take_roster(piece, by=by, reason=f"roster {row.roster_id}")
    return outcome.verdict


def _mended(values: RosterRow, mended: Mended) -> RosterRow:
    """The values of a row with what was typed over them, in normal form. Raises StillUnreadable by field."""
    told = {name: text.strip() for name, text in mended.items() if name in _TYPED and text.strip()}
    faults = tuple(fault for fault in values.faults if fault.weight is not Weight.WAITS and _TYPED_OVER.get(fault.column) not in told)
    row, wrong = replace(values, faults=faults), {}
    for name, text in told.items():
        try:
            row = _TYPED[name](row, text)
        except Refused as refused:
            wrong[name] = refused
    if wrong:
        raise StillUnreadable(wrong)
    return row


def _with_paper(row: RosterRow, text: str) -> RosterRow:
    paper = read_paper(text)
    return replace(row, paper=paper.number, paper_kind=paper.kind, birth=paper.birth or row.birth, sex=paper.sex or row.sex)


_TYPED: dict[str, Callable[[RosterRow, str], RosterRow]] = {
    "name": lambda row, text: replace(row, name=normal_name(text)),
    "paper": _with_paper,
    "phone": lambda row, text: replace(row, phones=read_phones(text)[0] or (normal_phone(text),)),
    "address": lambda row, text: replace(row, address=text, building="", unit="", room=""),
}
_TYPED_OVER = {Column.PAPER: "paper", Column.NAME: "name", Column.PHONE: "phone", Column.ADDRESS: "address"}


def _door_of(roster: Roster, values: RosterRow) -> PlaceId:
    stands = Stands(roster.community, accept_likely=True)
    if values.address:
        stands.read([values])
        stand = stands.of(values)
        if stand.door is not None:
            return stand.door
        raise StillUnreadable({"address": stand.reasons[0]})
    raise StillUnreadable({"address": StillUnreadable()})


def _compared(row: Row, values: RosterRow, door: PlaceId, *, alone: bool = False) -> tuple[Outcome, list[RosterChanges]]:
    """The row against who is known at this moment; `alone` compares with nobody: it is somebody new."""
    read = entry_of(values, door, ordinal=row.ordinal, content=bytes(row.content), indexes=people.BlindIndexes())
    if isinstance(read, Outcome):
        return read, []
    community: Place = row.roster.community
    known = [] if alone else people.known_in(community.range)
    matching = Matching(known, birth_of=people.birth_of, earlier=())
    outcome = matching.take(read[0])
    return outcome, list(matching.changes(people.households_in(community.range), at_once=1))


def _write_down(row: Row, values: RosterRow, door: PlaceId, outcome: Outcome, by: AccountId | None) -> None:
    row.sealed = keyring().seal(kept(values).decode(), ROW_PURPOSES["sealed"])
    row.door_id, row.person_id, row.verdict = door, outcome.person_id, outcome.verdict
    reasons: tuple[Refused, ...] = outcome.reasons if outcome.asked else (MendedByHand(), *outcome.reasons)
    row.reason, row.said_sealed = reasons[0].code, seal_reasons(reasons)
    if outcome.asked is None:
        row.settled_by, row.settled_at = by, clock.now()
    row.save()


def _ask_again(row: Row, outcome: Outcome) -> None:
    asked = outcome.asked
    if asked is None:
        return
    Question.objects.filter(row_id=row.id, settlement="").delete()
    Question.objects.create(
        roster_id=row.roster_id, position=row.position, row_id=row.id, kind=asked.kind, person_id=asked.person_id, door_id=asked.door,
        other_door_id=asked.other_door,
    )  # fmt: skip


def set_aside(row_id: int, *, by: AccountId | None) -> None:
    """Leave a waiting row out for good. Raises AlreadySettled."""
    with acting(by, "roster row set aside"):
        row = row_held(row_id)
        if row.verdict != Verdict.WAITING:
            raise AlreadySettled
        row.verdict, row.reason, row.said_sealed = Verdict.REFUSED, SetAside.code, seal_reasons([SetAside()])
        row.settled_by, row.settled_at = by, clock.now()
        row.save()
        Question.objects.filter(row_id=row.id, settlement="").delete()


def take_up_again(row_id: int, *, by: AccountId | None) -> None:
    """Undo `set_aside`: the row waits again. Raises NotSettled."""
    with acting(by, "roster row taken up again"):
        row = row_held(row_id)
        if row.reason != SetAside.code:
            raise NotSettled
        row.verdict, row.settled_by, row.settled_at = Verdict.WAITING, None, None
        row.save()


def settle(question_id: int, answer: Settlement, *, by: AccountId | None) -> None:
    """Settle a question; what it changes can be undone. Raises AlreadySettled, AnswerWrong."""
    with acting(by, f"roster question {answer}"):
        question = _question(question_id)
        if question.settlement:
            raise AlreadySettled
        if answer not in SETTLEMENTS[QuestionKind(question.kind)]:
            raise AnswerWrong
        changes, person = _changes(question, answer)
        before = [(each, people_commands.told_of(each)) for each, _ in changes.corrections]
        if changes:
            people_commands.take_roster(changes, by=by, reason=f"roster {question.roster_id}")
        if answer is Settlement.OTHER:
            people_commands.tell_apart(PersonId(question.person_id), person, by=by)
        question.settlement, question.settled_by, question.settled_at = answer, by, clock.now()
        question.changes = msgspec.to_builtins(replace(changes, corrections=[], persons=[(each, Told()) for each, _ in changes.persons]))
        question.before_sealed = (
            keyring().seal(msgspec.json.encode(before).decode(), QUESTION_PURPOSES["before_sealed"]) if before else None
        )
        question.save()
        if question.row is not None:
            _row_settled(
                question.row, Verdict.ADDED if answer is Settlement.OTHER else Verdict.CHANGED if changes else Verdict.UNCHANGED, person, by
            )


def undo(question_id: int, *, by: AccountId | None) -> None:
    """Take a settlement back: what it began is void, what it ended goes on, what it corrected is as before. Raises NotSettled."""
    with acting(by, "roster question undone"):
        question = _question(question_id)
        if not question.settlement:
            raise NotSettled
        if question.roster.erased_at is not None:
            raise TooLateToUndo(days=KEPT.days)
        changes = msgspec.convert(question.changes, RosterChanges, strict=False)
        before: list[tuple[PersonId, Told]] = []
        if question.before_sealed is not None:
            text = keyring().open(bytes(question.before_sealed), QUESTION_PURPOSES["before_sealed"])
            before = msgspec.json.decode(text, type=list[tuple[UUID, Told]])
        for person, _ in changes.persons:  # only of somebody else
            people_commands.take_for_one(PersonId(question.person_id), person)
        people_commands.take_back(changes, before, by=by, reason=f"roster {question.roster_id}")
        question.settlement, question.settled_by, question.settled_at, question.changes, question.before_sealed = "", None, None, None, None
        question.save()
        if question.row is not None:
            row = question.row
            row.verdict, row.person_id, row.settled_by, row.settled_at = Verdict.WAITING, None, None, None
            row.save()


def _question(question_id: int) -> Question:
    found = (
        Question.objects.select_for_update(of=("self",))
        .filter(pk=question_id)
        .select_related("row__roster__community", "roster__community")
        .first()
    )
    if found is None:
        raise RowNotFound
    return found


def _row_settled(row: Row, verdict: Verdict, person: PersonId, by: AccountId | None) -> None:
    row.verdict, row.person_id, row.reason, row.said_sealed = verdict, person, SettledByHand.code, seal_reasons([SettledByHand()])
    row.settled_by, row.settled_at = by, clock.now()
    row.save()


def _changes(question: Question, answer: Settlement) -> tuple[RosterChanges, PersonId]:
    """What an answer changes, and whom the row means then."""
    person = PersonId(question.person_id)
    if answer is Settlement.STAYS:
        return RosterChanges(), person
    community: Place = question.roster.community
    known = next((one for one in people.known_in(community.range) if one.person_id == person), None)
    if answer is Settlement.LEFT:
        return RosterChanges(ended=[home.residence_id for home in known.homes] if known else []), person
    row = question.row
    if row is None or (known is None and answer is not Settlement.OTHER):
        raise AnswerWrong
    entry = _entry(row, PlaceId(question.door_id) if question.door_id else None)
    if answer is Settlement.OTHER:
        outcome, pieces = _compared(row, values_of(row), entry.door, alone=True)
        return pieces[0], outcome.person_id or person
    if known is None:
        raise AnswerWrong
    if answer is Settlement.TAKE:
        return RosterChanges(corrections=[(person, _told(entry))]), person
    return _moved(known, entry, community, both=answer is Settlement.BOTH), person


def _entry(row: Row, door: PlaceId | None) -> Entry:
    chosen = door or (PlaceId(row.door_id) if row.door_id else None)
    read = (
        entry_of(values_of(row), chosen, ordinal=row.ordinal, content=bytes(row.content), indexes=people.BlindIndexes()) if chosen else None
    )
    if read is None or isinstance(read, Outcome):
        raise StillUnreadable
    return read[0]


def _told(entry: Entry) -> Told:
    return Told(entry.name, entry.sex, entry.birth, entry.paper, entry.phone, tuple(phone for phone, _ in entry.more_phones))


def _moved(known: Known, entry: Entry, community: Place, *, both: bool) -> RosterChanges:
    """To the roster's door: out of the other in all senses, or registered there and living here."""
    standing = dict(reversed(people.households_in(community.range)))
    household = standing.get(entry.door)
    changes = RosterChanges()
    if household is None:
        household = HouseholdId(new_id())
        changes.households.append((household, entry.door))
    relation = entry.relation.value if entry.relation else ""
    elsewhere = [home for home in known.homes if home.door_id != entry.door]
    kinds = (ResidenceKind.ACTUAL,) if both else tuple({*entry.kinds, *(home.kind for home in elsewhere)})
    there = {home.kind for home in known.homes if home.door_id == entry.door}
    changes.ended += [home.residence_id for home in elsewhere if home.kind in kinds]
    changes.homes += [NewHome(new_id(), known.person_id, household, kind, relation) for kind in kinds if kind not in there]
    if both and not any(home.kind is ResidenceKind.REGISTERED for home in known.homes):
        changes.homes += _registered(known, elsewhere)
    return changes


def _registered(known: Known, elsewhere: list[KnownHome]) -> list[NewHome]:
    return [NewHome(new_id(), known.person_id, home.household_id, ResidenceKind.REGISTERED, home.relation) for home in elsewhere[:1]]
