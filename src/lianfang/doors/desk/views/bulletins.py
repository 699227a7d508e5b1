"""Bulletins at the desk: which were published, how one would look now, publishing, withdrawing, and each as a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands, documents, queries, subjects, wording
from lianfang.headquarters.bulletins.definitions import definition, definitions
from lianfang.headquarters.bulletins.documents import MEDIA_TYPES, Form
from lianfang.headquarters.bulletins.documents.layout import laid_out
from lianfang.headquarters.bulletins.releasing import released
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import Issue, IssueId, PeriodBackwards
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import AreaId
from lianfang.ledger.queries import folded_until

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.headquarters.bulletins.types import Subject

LATEST, PAGE = 40, 50
LAG = 5
"""Seconds by which figures may be behind without a word about it."""


def _subject(place: Place, area_id: str) -> Subject:
    """What the address names: the place, or an area administered there."""
    if not area_id:
        return subjects.of_place(place)
    try:
        area = places.area(AreaId(UUID(area_id)))
    except ValueError:
        raise NotFound from None
    if area.home_id != place.pk:
        raise NotFound
    return subjects.of_area(area)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _period(asked: Mapping[str, Any]) -> Period:
    """The days of the address; yesterday, the last whole day, unless said otherwise."""
    last = _day(asked.get("to", ""), _day(asked.get("from", ""), clock.today() - timedelta(days=1)))
    first = _day(asked.get("from", ""), last)
    if last < first:
        raise PeriodBackwards
    return Period(first, last)


def _name(asked: Mapping[str, Any]) -> str:
    return str(asked.get("name") or next(iter(definitions())))


@page("figures.see")
def bulletins(request: DeskRequest) -> HttpResponse:
    """The bulletins published last where the reader answers, and the way to each of their places."""
    reach = access.ranges(request.actor, Ability.FIGURES_SEE)
    held = accounts.grants_of(request.actor.account_id) if request.actor.account_id else []
    today = clock.today()
    mine = [
        {"name": grant.scope_name, "href": reverse("desk:place_bulletins", args=[grant.place_id])}
        for grant in held
        if grant.place_id and grant.revoked_at is None and grant.valid_from <= today and (grant.valid_to is None or today < grant.valid_to)
    ]
    context = {"lines": [_line(issue, named=True) for issue in queries.latest(reach, LATEST)], "mine": mine}
    return pages.show(request, "desk/bulletins/start.html", context)


def _line(issue: Issue, *, named: bool = False) -> dict[str, Any]:
    lang = wording.language()
    return {
        "href": reverse("desk:issue", args=[issue.id]),
        "title": wording.in_language(issue.content["title"], lang) if named else _("No. %(number)s") % {"number": issue.number},
        "number": issue.number,
        "days": wording.period(issue.first, issue.last, lang),
        "issue": issue,
        "revised": len(issue.content["revisions"]),
    }


@page("figures.see", place="place_id")
def place_bulletins(request: DeskRequest, place: Place) -> HttpResponse:
    """The bulletins of a place, and the form that asks for a day or several."""
    subject = _subject(place, request.GET.get("area", ""))
    before = request.GET.get("before", "")
    found = queries.issues(subject.id, before=int(before) if before.isdecimal() else None, limit=PAGE)
    yesterday = clock.today() - timedelta(days=1)
    context = {
        **_frame(request, place, subject),
        "lines": [_line(issue) for issue in found],
        "earlier": found[-1].number if len(found) == PAGE else None,
        "first": yesterday.isoformat(),
        "last": yesterday.isoformat(),
        "today": clock.today().isoformat(),
        "told": queries.told(subject.id, _name({}), yesterday, yesterday),
        "yesterday": wording.day(yesterday, wording.language()),
    }
    return pages.show(request, "desk/bulletins/place.html", context)


def _frame(request: DeskRequest, place: Place, subject: Subject) -> dict[str, Any]:
    return {
        "place": place,
        "subject": subject,
        "crumbs": crumbs(request.actor, place),
        "area": str(subject.area_id) if subject.area_id else "",
        "may_publish": access.may(request.actor, Ability.BULLETINS_PUBLISH, place),
    }


@page("figures.see", place="place_id")
def preview(request: DeskRequest, place: Place) -> HttpResponse:
    """A bulletin as the records stand now. Where its period is published already, the published one is named."""
    subject, period, name = _subject(place, request.GET.get("area", "")), _period(request.GET), _name(request.GET)
    content = whole(definition(name), subject, period)
    content = released(content) if "release" in request.GET else content
    asked = {"name": name, "from": period.first.isoformat(), "to": period.last.isoformat(), **_area(subject)}
    file = reverse("desk:bulletin_file", args=[place.pk, "FORM"])
    told = queries.told(subject.id, name, period.first, period.last)
    counted = folded_until()
    context = {
        **_frame(request, place, subject),
        **_sheet(content, place, subject, period),
        "files": [(form.upper(), f"{file.replace('FORM', form)}?{urlencode(asked)}") for form in Form],
        "asked": asked,
        "told": _line(told) if told else None,
        "ahead": period.last > clock.today(),
        "running": period.last == clock.today(),
        "behind": counted if (clock.now() - counted).total_seconds() > LAG else None,
    }
    return pages.show(request, "desk/bulletins/sheet.html", context)


def _area(subject: Subject) -> dict[str, str]:
    return {"area": str(subject.area_id)} if subject.area_id else {}


def _sheet(content: Mapping[str, Any], place: Place, subject: Subject, period: Period, issue: Issue | None = None) -> dict[str, Any]:
    """The layout, with the way from each number to what is behind it."""
    named = {"issue": str(issue.id)} if issue else {}
    days = urlencode({"from": period.first.isoformat(), "to": period.last.isoformat(), **named})
    whole_of = (
        reverse("desk:area_figure", args=[subject.area_id, "KEY"]) if subject.area_id else reverse("desk:figure", args=[place.pk, "KEY"])
    )
    return {
        "sheet": laid_out(content, wording.language(), issue),
        "trace": f"{whole_of}?{days}",
        "part_trace": f"{reverse('desk:figure', args=[UUID(int=0), 'KEY'])}?{days}",
        "as_of": content["as_of"],
        "release": bool(content.get("release")),
    }


@page("figures.see", place="place_id")
def bulletin_file(request: DeskRequest, place: Place, form: str) -> HttpResponse:
    """The same as a file."""
    subject, period, name = _subject(place, request.GET.get("area", "")), _period(request.GET), _name(request.GET)
    return _file(whole(definition(name), subject, period), form, released_only="release" in request.GET)


def _file(content: Mapping[str, Any], form: str, issue: Issue | None = None, *, released_only: bool = False) -> HttpResponse:
    if form not in set(Form):
        raise NotFound
    wanted = Form(form)
    told = released(content) if released_only else content
    answer = HttpResponse(documents.made(wanted, told, wording.language(), issue), content_type=MEDIA_TYPES[wanted])
    answer["Content-Disposition"] = f'attachment; filename="{documents.file_name(content, wanted)}"'
    return answer


@page("bulletins.publish", place="place_id", methods=("POST",))
def publish(request: DeskRequest, place: Place) -> HttpResponse:
    """Keep the bulletin as it is now."""
    subject, period, name = _subject(place, request.POST.get("area", "")), _period(request.POST), _name(request.POST)
    issue = commands.publish(definition(name), subject, period, by=request.actor)
    notices.say(request, notices.Notice(_("No. %(number)s is published. It stays as it is.") % {"number": issue.number}, "ok"))
    return HttpResponseRedirect(reverse("desk:issue", args=[issue.id]))


def _issue(actor: Actor, issue_id: UUID) -> Issue:
    del actor
    return queries.issue(IssueId(issue_id))


@page("figures.see", place=Of("issue_id", _issue))
def issue(request: DeskRequest, issue: Issue, place: Place) -> HttpResponse:
    """A published bulletin, as it was; what later issues say about it stands beside."""
    subject = subjects.of_area(places.area(issue.area_id)) if issue.area_id else subjects.of_place(place)
    content = released(issue.content) if "release" in request.GET else issue.content
    file = reverse("desk:issue_file", args=[issue.id, "FORM"])
    later = [one for one in queries.earlier(issue.subject_id, issue.definition, issue.first) if one.number > issue.number]
    revised = [_line(one) for one in later if any(told["issue"] == str(issue.id) for told in one.content["revisions"])]
    context = {
        **_frame(request, place, subject),
        **_sheet(content, place, subject, Period(issue.first, issue.last), issue),
        "issue": issue,
        "files": [(form.upper(), file.replace("FORM", form)) for form in Form],
        "revised": revised,
        "who": accounts.names_of({issue.published_by}).get(issue.published_by, "") if issue.published_by else "",
        "previous": next((_line(one) for one in queries.issues(issue.subject_id, before=issue.number, limit=1)), None),
    }
    return pages.show(request, "desk/bulletins/sheet.html", context)


@page("figures.see", place=Of("issue_id", _issue))
def issue_file(request: DeskRequest, issue: Issue, place: Place, form: str) -> HttpResponse:
    """A published bulletin as a file."""
    del place
    return _file(issue.content, form, issue, released_only="release" in request.GET)


@page("bulletins.publish", place=Of("issue_id", _issue), methods=("POST",))
def withdraw(request: DeskRequest, issue: Issue, place: Place) -> HttpResponse:
    """Take a bulletin back, with a reason that everybody reads."""
    del place
    commands.withdraw(issue, request.POST.get("reason", ""), by=request.actor)
    notices.say(request, notices.Notice(_("Withdrawn. It stays readable with your reason, and the period can be published anew."), "ok"))
    return HttpResponseRedirect(reverse("desk:issue", args=[issue.id]))
