"""Bulletins over the machine interface: as the records stand now, those published, and each as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands, documents, queries, reading, subjects, wording
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.bulletins.documents import MEDIA_TYPES, Form
from lianfang.headquarters.bulletins.releasing import released
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import Issue, IssueId, IssueNotFound, PeriodBackwards, Subject
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.figures import Period, declared
from lianfang.kernel.ids import AreaId, PlaceId

router = Router(tags=["bulletins"])
PAGE = 50


class Asked(Schema):
    """Local days from `first` to `last`, both included; `area`: an area administered at the place, instead of the place itself."""

    first: date | None = None
    last: date | None = None
    area: UUID | None = None


class IssueOut(Schema):
    """A published bulletin; its numbers are read at the address of the issue."""

    id: UUID
    definition: str
    version: int
    number: int
    first: date
    last: date
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str


class IssuesOut(Schema):
    """A page of published bulletins; `next` goes into `after` for the page after."""

    rows: list[IssueOut]
    next: str | None


class ToldOut(Schema):
    """A figure as an issue tells it, and `now`, what the records say of the same days today; None where the figure is no more."""

    key: str
    value: int
    unit: str
    events: bool
    denominator: int | None
    as_of: datetime
    now: int | None


class FiguresOut(Schema):
    """The figures of an issue."""

    rows: list[ToldOut]


def _subject(place_id: UUID, area: UUID | None) -> Subject:
    """The place, or an area administered there."""
    if area is None:
        return subjects.of_place(places.place(PlaceId(place_id)))
    found = places.area(AreaId(area))
    if found.home_id != place_id:
        raise NotFound
    return subjects.of_area(found)


def _issue(place_id: UUID, issue_id: UUID) -> Issue:
    issue = queries.issue(IssueId(issue_id))
    if issue.place_id != place_id:
        raise IssueNotFound
    return issue


def _shown(issue: Issue) -> IssueOut:
    return IssueOut(
        id=issue.id, definition=issue.definition, version=issue.version, number=issue.number, first=issue.first, last=issue.last,
        published_at=issue.published_at, withdrawn_at=issue.withdrawn_at, withdrawn_because=issue.withdrawn_because,
    )  # fmt: skip


def _period(first: date | None, last: date | None) -> Period:
    until = last or max(first or clock.today(), clock.today())
    if first and until < first:
        raise PeriodBackwards
    return Period(first or until, until)


def _answer(content: Mapping[str, Any], form: Form, issue: Issue | None) -> HttpResponse:
    """JSON holds both languages; files are in the language asked for."""
    answer = HttpResponse(documents.made(form, content, wording.language(), issue), content_type=MEDIA_TYPES[form])
    if form is not Form.JSON:
        answer["Content-Disposition"] = f'attachment; filename="{documents.file_name(content, form)}"'
    return answer


@router.get("/{place_id}/issues", response=IssuesOut, summary="The published bulletins of a place or an area")
@at(Ability.FIGURES_SEE, place="place_id")
def list_issues(
    request: HttpRequest, place_id: UUID, area: UUID | None = None, after: Annotated[str, Field(pattern="^[0-9]{0,9}$")] = ""
) -> IssuesOut:
    """The latest number first, withdrawn ones too. `area`: those of an area administered at the place."""
    found = queries.issues(_subject(place_id, area).id, before=int(after) if after else None, limit=PAGE)
    return IssuesOut(rows=[_shown(issue) for issue in found], next=str(found[-1].number) if len(found) == PAGE else None)


@router.get("/{place_id}/issues/{issue_id}", summary="A published bulletin")
@at(Ability.FIGURES_SEE, place="place_id")
def show_issue(request: HttpRequest, place_id: UUID, issue_id: UUID, form: Form = Form.JSON, *, release: bool = False) -> HttpResponse:
    """As it was published, for ever. `form`: json, pdf, xlsx; `release`: for the public."""
    issue = _issue(place_id, issue_id)
    return _answer(released(issue.content) if release else issue.content, form, issue)


@router.get("/{place_id}/issues/{issue_id}/figures", response=FiguresOut, summary="The figures of a published bulletin")
@at(Ability.FIGURES_SEE, place="place_id")
def show_issue_figures(request: HttpRequest, place_id: UUID, issue_id: UUID) -> FiguresOut:
    """Each as it was published beside what the records say now; the rows behind one are at `/figures/{key}/{place_id}/trace`."""
    issue = _issue(place_id, issue_id)
    known = [key for key in issue.content["figures"] if key in declared()]
    [now] = reading.values(known, [_subject(place_id, issue.area_id).ranges], Period(issue.first, issue.last))
    return FiguresOut(
        rows=[
            ToldOut(
                key=key, value=told["value"], unit=told["unit"], events=told["events"], denominator=told["denominator"],
                as_of=told["as_of"], now=now[key].value if key in now else None,
            )
            for key, told in issue.content["figures"].items()
        ]
    )  # fmt: skip


@router.get("/{place_id}/{name}", summary="A bulletin of a place or area and period, as the records stand now")
@at(Ability.FIGURES_SEE, place="place_id")
def show_bulletin(request: HttpRequest, place_id: UUID, name: str, asked: Query[Asked], form: Form = Form.JSON) -> HttpResponse:
    """Computed, not published."""
    return _answer(whole(definition(name), _subject(place_id, asked.area), _period(asked.first, asked.last)), form, None)


@router.post("/{place_id}/{name}/publish", response=IssueOut, summary="Publish a bulletin")
@at(Ability.BULLETINS_PUBLISH, place="place_id")
def publish_bulletin(request: HttpRequest, place_id: UUID, name: str, asked: Query[Asked]) -> IssueOut:
    """Compute it and keep it for ever. The same period twice is refused (409)."""
    period = _period(asked.first, asked.last)
    return _shown(commands.publish(definition(name), _subject(place_id, asked.area), period, by=caller(request).actor))
