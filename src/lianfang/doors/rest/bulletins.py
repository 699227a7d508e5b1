"""Bulletins over the machine interface: as the records stand now, those published, and each as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from lianfang.doors.rest.frame import at, caller
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands, documents, queries, subjects, wording
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.bulletins.documents import MEDIA_TYPES, Form
from lianfang.headquarters.bulletins.releasing import released
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import Issue, IssueId, IssueNotFound, PeriodBackwards
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import PlaceId

router = Router(tags=["bulletins"])


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


@router.get("/{place_id}/issues", response=list[IssueOut], summary="The published bulletins of a place")
@at(Ability.FIGURES_SEE, place="place_id")
def list_issues(request: HttpRequest, place_id: UUID, before: int | None = None) -> list[IssueOut]:
    """The latest number first, withdrawn ones too; `before` is the number of the last one seen."""
    return [_shown(issue) for issue in queries.issues(place_id, before=before)]


@router.get("/{place_id}/issues/{issue_id}", summary="A published bulletin")
@at(Ability.FIGURES_SEE, place="place_id")
def show_issue(request: HttpRequest, place_id: UUID, issue_id: UUID, form: Form = Form.JSON, release: bool = False) -> HttpResponse:  # noqa: FBT001, FBT002 - a query parameter
    """As it was published, for ever. `form`: json, pdf, xlsx; `release`: for the public."""
    issue = queries.issue(IssueId(issue_id))
    if issue.place_id != place_id:
        raise IssueNotFound
    return _answer(released(issue.content) if release else issue.content, form, issue)


@router.get("/{place_id}/{name}", summary="A bulletin of a place and period, as the records stand now")
@at(Ability.FIGURES_SEE, place="place_id")
def show_bulletin(
    request: HttpRequest,
    place_id: UUID,
    name: str,
    first: date | None = None,
    last: date | None = None,
    form: Form = Form.JSON,
) -> HttpResponse:
    """Computed, not published. Local days from `first` to `last`, both included."""
    subject = subjects.of_place(places.place(PlaceId(place_id)))
    return _answer(whole(definition(name), subject, _period(first, last)), form, None)


@router.post("/{place_id}/{name}/publish", response=IssueOut, summary="Publish a bulletin")
@at(Ability.BULLETINS_PUBLISH, place="place_id")
def publish_bulletin(request: HttpRequest, place_id: UUID, name: str, first: date | None = None, last: date | None = None) -> IssueOut:
    """Compute it and keep it for ever. The same period twice is refused (409)."""
    subject = subjects.of_place(places.place(PlaceId(place_id)))
    return _shown(commands.publish(definition(name), subject, _period(first, last), by=caller(request).actor))
