"""Rows of a roster and the questions it raised, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from lianfang.ground.people.rules.masking import masked_number, masked_phone
from lianfang.ground.rosters.loading_types import QuestionKind, QuestionSeen, RowNotFound, RowSeen, Settlement, Verdict
from lianfang.ground.rosters.models import Question, Row
from lianfang.ground.rosters.models.rows import ROW_PURPOSES
from lianfang.ground.rosters.queries.standing import Stands
from lianfang.ground.rosters.rules.staged import as_refusal, restored
from lianfang.ground.rosters.types import RosterRow
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PersonId, PlaceId
from lianfang.kernel.sealing import keyring


def rows_of(roster_id: UUID, verdict: Verdict | None = None, *, reason: str = "", after: int = -1, limit: int = 50) -> list[RowSeen]:
    """Rows that are persons in the order of the file, beyond an ordinal; optionally of one verdict and one reason."""
    found = Row.objects.filter(roster_id=roster_id, person=True, ordinal__gt=after).select_related("roster")
    if verdict is not None:
        found = found.filter(verdict=verdict)
    if reason:
        found = found.filter(reason=reason)
    return [seen(row) for row in found.order_by("ordinal")[:limit]]


def row(row_id: int) -> RowSeen:
    """One row, with the doors its address may mean. Raises RowNotFound."""
    found = Row.objects.filter(pk=row_id).select_related("roster__community").first()
    if found is None:
        raise RowNotFound
    return seen(found, alternatives=_alternatives(found))


def place_of_row(row_id: int) -> tuple[UUID, PlaceId]:
    """The roster of a row and its community: what access is asked about. Raises RowNotFound."""
    found = Row.objects.filter(pk=row_id).values_list("roster_id", "roster__community_id").first()
    if found is None:
        raise RowNotFound
    return found[0], PlaceId(found[1])


def place_of_question(question_id: int) -> tuple[UUID, PlaceId]:
    """The roster of a question and its community. Raises RowNotFound."""
    found = Question.objects.filter(pk=question_id).values_list("roster_id", "roster__community_id").first()
    if found is None:
        raise RowNotFound
    return found[0], PlaceId(found[1])


def questions(
    roster_id: UUID, kinds: Sequence[QuestionKind] = tuple(QuestionKind), *, after: int = 0, limit: int = 50
) -> list[QuestionSeen]:
    """Questions of a roster, settled ones too, beyond a number."""
    found = Question.objects.filter(roster_id=roster_id, kind__in=list(kinds), pk__gt=after).select_related("row__roster")
    return [_asked(each) for each in found.order_by("id")[:limit]]


def question(question_id: int) -> QuestionSeen:
    """One question. Raises RowNotFound."""
    found = Question.objects.filter(pk=question_id).select_related("row__roster").first()
    if found is None:
        raise RowNotFound
    return _asked(found)


def _asked(each: Question) -> QuestionSeen:
    return QuestionSeen(
        question_id=each.id,
        kind=QuestionKind(each.kind),
        person_id=PersonId(each.person_id),
        row=seen(each.row) if each.row else None,
        door_id=PlaceId(each.door_id) if each.door_id else None,
        other_door_id=PlaceId(each.other_door_id) if each.other_door_id else None,
        settlement=Settlement(each.settlement) if each.settlement else None,
        settled_by=each.settled_by,
        settled_at=each.settled_at,
    )


def reasons_of(found: Row) -> tuple[Refused, ...]:
    """Why a row got its verdict."""
    if found.said_sealed is None:
        return (as_refusal(found.reason, {}),) if found.reason else ()
    said: list[Any] = msgspec.json.decode(keyring().open(bytes(found.said_sealed), ROW_PURPOSES["said_sealed"]))
    return tuple(as_refusal(code, facts) for code, facts in said)


def seen(found: Row, alternatives: tuple[PlaceId, ...] = ()) -> RowSeen:
    """A row as pages show it; papers and telephone numbers masked."""
    sheet = found.roster.layouts[found.sheet]["sheet"]
    told = _values(found)
    values = {} if told is None else {
        "paper": masked_number(told.paper), "phone": "、".join(masked_phone(phone) for phone in told.phones), "sex": told.sex or "",
        "birth": told.birth.isoformat()[:4] if told.birth else "", "relation": told.relation or "",
    }  # fmt: skip
    return RowSeen(
        row_id=found.id,
        ordinal=found.ordinal,
        sheet=sheet,
        line=found.line,
        name=told.name if told else "",
        address=told.address if told else "",
        verdict=Verdict(found.verdict) if found.verdict else Verdict.WAITING,
        reasons=reasons_of(found),
        person_id=PersonId(found.person_id) if found.person_id else None,
        door_id=PlaceId(found.door_id) if found.door_id else None,
        values=values,
        alternatives=alternatives,
        settled=found.settled_at is not None,
    )


def _values(found: Row) -> RosterRow | None:
    if found.sealed is None:
        return None
    sheet = found.roster.layouts[found.sheet]["sheet"]
    return restored(keyring().open(bytes(found.sealed), ROW_PURPOSES["sealed"]), sheet=sheet, line=found.line)


def _alternatives(found: Row) -> tuple[PlaceId, ...]:
    told = _values(found)
    if told is None or not told.address or found.door_id:
        return ()
    stands = Stands(found.roster.community, accept_likely=False)
    stands.read([told])
    return stands.of(told).alternatives
