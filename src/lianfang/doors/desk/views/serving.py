"""People of an incident: its roster on the page and in Excel; and the record of service of one of them, also of somebody without an account."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianfang.doors.desk import moments, notices, pages
from lianfang.doors.desk.forms.dressing import Dressed
from lianfang.doors.desk.forms.incidents import moment_field
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.attendance import lines, placed
from lianfang.doors.desk.views.incidents import Held, held
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.kernel import clock, sheets
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import OrganisationId, PlaceId
from lianfang.work.mobilisation import commands, queries, wording
from lianfang.work.mobilisation.types import Answer, ForceSeen, TimesWrong

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.headquarters.playbooks.roster_types import OnRoster

PER_PAGE, _IN_A_FILE = 200, 1_000_000  # hardly more go into a sheet: nobody is left out
_NONE = "none"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(Ability.MEMBERS_SEE, place=Of("incident_id", held))
def roster(request: DeskRequest, place: Place, incident: Held) -> HttpResponse:
    """Who is called, who came, where they are now: by organisation, then one by one."""
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    sums = playbooks.roster_by_organisation(incident.told)
    asked = request.GET.get("of", "")
    chosen = next((one for one in sums if asked == (str(one.organisation_id) if one.organisation_id else _NONE)), None)
    found = playbooks.roster(
        incident.told, organisation=chosen.organisation_id if chosen else None, one=chosen is not None, after=after, limit=PER_PAGE + 1
    )
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "incident": incident.told,
        "sums": [{"one": one, "of": str(one.organisation_id) if one.organisation_id else _NONE} for one in sums],
        "all": {name: sum(getattr(one, name) for one in sums) for name in ("people", "called", "coming", "came", "here")},
        "chosen": asked if chosen else "",
        "rows": _rows(found[:PER_PAGE]),
        "further": after + PER_PAGE if len(found) > PER_PAGE else None,
        "may_export": access.may(request.actor, Ability.EXPORTS_MAKE, place),
        "now": clock.now(),
    }
    return pages.show(request, "desk/incidents/roster.html", context)


def _rows(found: list[OnRoster]) -> list[dict[str, Any]]:
    where = places_named({one.here for one in found if one.here})
    return [{"one": one, "answer": _answer(one.answer), "where": where.get(one.here, "") if one.here else ""} for one in found]


def _answer(told: str | None) -> str:
    """Nothing for whoever was not called."""
    if told is None:
        return ""
    return str(wording.ANSWERS[Answer(told)]) if told else _("no answer yet")


@page(Ability.EXPORTS_MAKE, place=Of("incident_id", held))
def roster_list(request: DeskRequest, place: Place, incident: Held) -> HttpResponse:
    """The same as a workbook, masked as on the page."""
    access.require(request.actor, Ability.MEMBERS_SEE, place)
    title = _("Roster of %(name)s, %(at)s") % {"name": incident.told.name, "at": moments.moment(clock.now())}
    number = count(1)
    people = [
        (
            next(number), row["one"].name, row["one"].organisation, _(", ").join(row["one"].duties), row["answer"],
            moments.moment(row["one"].first) if row["one"].first else "", row["where"], row["one"].post,
        )
        for row in _rows(playbooks.roster(incident.told, limit=_IN_A_FILE))
    ]  # fmt: skip
    sums = [
        (one.name or _("not known here"), one.people, one.called, one.coming, one.came, one.here)
        for one in playbooks.roster_by_organisation(incident.told)
    ]
    head = (_("Organisation"), _("People"), _("Called"), _("Are coming"), pgettext("on duty", "Came"), _("There now"))
    each = (_("No."), _("Name"), _("Organisation"), _("What as"), _("Answer"), _("First came"), _("Where now"), _("Post"))
    book = [_sheet(_("By organisation"), title, head, sums, (36, 10, 10, 10, 10, 10)),
            _sheet(_("One by one"), title, each, people, (6, 12, 28, 36, 14, 18, 28, 20))]  # fmt: skip
    answer = HttpResponse(sheets.write(book), content_type=_EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="roster-{clock.today()}.xlsx"'
    return answer


def _sheet(name: str, title: str, head: tuple[str, ...], rows: list[Any], widths: tuple[int, ...]) -> sheets.Page:
    styles = {1: sheets.Style.TITLE, 2: sheets.Style.HEADING}
    return sheets.Page(name, [(title,), head, *rows], widths=widths, styles=styles, merged=(1,), frozen=2)


class DutyForm(Dressed):
    """One duty as the paper at the post says."""

    post = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    begins = moment_field(pgettext_lazy("on duty", "Came"))
    ends = moment_field(gettext_lazy("Went"))


def _force(actor: Actor, force_id: UUID) -> ForceSeen:
    del actor  # row security shows what lies in the scope; the frame asks for the place
    return queries.force(force_id)


@page(Ability.MEMBERS_SEE, place=Of("force_id", _force), methods=("GET", "POST"))
def service(request: DeskRequest, place: Place, force: ForceSeen) -> HttpResponse:
    """What somebody of the pool really did, from records alone: to be printed, handed to them, and mended; duty signed on paper is typed in here."""
    here = next((one for one in [place, *reversed(places.ancestors(place))] if one.at_level is not Level.DOOR), place)
    if here.at_level in {Level.UNIT, Level.BUILDING}:
        here = places.community_of(here) or here
    posts = {str(one.post_id): one for one in organisations.posts(places.ranges_of(here), limit=PER_PAGE)}
    form = DutyForm(request.POST or None)
    form.offer("post", [("", here.name), *((key, one.name) for key, one in posts.items())])
    if request.method == "POST" and form.is_valid():
        told, post = form.cleaned_data, posts.get(form.cleaned_data["post"])
        try:
            request.saved.extend(
                commands.duty_from_paper(
                    force.person_id, post.place_id if post else PlaceId(here.id), told["begins"], told["ends"], by=request.actor,
                    post=post.post_id if post else None,
                )
            )  # fmt: skip
        except (NotFound, Denied):
            raise
        except Refused as refused:
            fault_of(form, refused, ((TimesWrong, "ends"), (Refused, "begins")))
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:service", args=[force.force_id]))
    person = force.person_id
    account = accounts.accounts_of_persons([person]).get(person)
    body = next(iter(organisations.names_of_organisations([OrganisationId(one) for one in _home(force)]).values()), "")
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "force": force,
        "body": body,
        "came": wording.CAME[force.came],
        "spells": lines(queries.spells_of(person, *([account] if account else [])), clock.today()),
        "served": placed(organisations.serving_of(person)),
        "sent": placed(queries.sent_of_person(person)),
        "certified": organisations.served_by(person),
        "may_correct": access.may(request.actor, Ability.RECORDS_SETTLE, place),
        "may_write": access.may(request.actor, Ability.DUTY_RECORD, here),
        "form": form,
        "now": clock.now(),
    }
    return pages.show(request, "desk/duty/service.html", context, status=422 if request.method == "POST" else 200)


def _home(force: ForceSeen) -> list[OrganisationId]:
    return list(organisations.homes_of([force.person_id], clock.today()).values())
