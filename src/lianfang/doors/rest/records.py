"""What was recorded, over the machine interface. Records come in through the intake process (POST /intake/records)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import PlaceId
from lianfang.ledger import kinds
from lianfang.ledger import queries as ledger

router = Router(tags=["records"])
PAGE = 50


class KindOut(Schema):
    """A kind of record: its name, version, words and the JSON schema of its payload."""

    name: str
    version: int
    english: str
    term: str
    payload: dict[str, Any]


class LineOut(Schema):
    """One record as kept, with what holds of it after corrections."""

    id: UUID
    kind: str
    version: int
    place: UUID
    position: str
    actor: UUID | None
    effective_at: datetime
    recorded_at: datetime
    corrects: UUID | None
    payload: dict[str, Any]
    standing: dict[str, Any] | None
    withdrawn: bool


class LinesOut(Schema):
    """A page of records, newest first; `next` goes into `before` for the page after."""

    records: list[LineOut]
    next: str | None


@router.get("/kinds", response=list[KindOut], summary="Kinds of records")
@at("")
def list_kinds(request: HttpRequest) -> list[KindOut]:
    """All kinds and versions, with the schema of their payload."""
    return [
        KindOut(name=kind.name, version=kind.version, english=kind.english, term=kind.term, payload=kind.schema()) for kind in kinds.every()
    ]


@router.get("/places/{place_id}/records", response=LinesOut, summary="What was recorded at a place")
@at(Ability.RECORDS_SEE, place="place_id")
def list_records(request: HttpRequest, place_id: UUID, before: Annotated[str, Field(max_length=100)] = "") -> LinesOut:
    """Records inside the place and at its former positions, newest first, a page at a time."""
    lines = ledger.history(places.reading_ranges(places.place(PlaceId(place_id))), before=_cursor(before), limit=PAGE)
    return LinesOut(
        records=[
            LineOut(
                id=line.id,
                kind=line.kind,
                version=line.version,
                place=line.place,
                position=str(line.position),
                actor=line.actor,
                effective_at=line.effective_at,
                recorded_at=line.recorded_at,
                corrects=line.corrects,
                payload=dict(line.payload),
                standing=None if line.standing is None else dict(line.standing),
                withdrawn=line.withdrawn,
            )
            for line in lines
        ],
        next=f"{lines[-1].effective_at.isoformat()}~{lines[-1].id}" if len(lines) == PAGE else None,
    )


def _cursor(before: str) -> tuple[datetime, UUID] | None:
    """The place in the list that a `next` names; anything else begins at the newest."""
    moment, _, record = before.partition("~")
    try:
        return datetime.fromisoformat(moment), UUID(record)
    except ValueError:
        return None
