"""The roster of an incident: who is called, who came, where they are now; on the page and in Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianfang.doors.desk import moments, pages, workbooks
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.views.incidents import Held, held
from lianfang.doors.desk.whereabouts import crumbs, places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.headquarters.playbooks import queries as playbooks
from lianfang.kernel import clock
from lianfang.work.mobilisation import wording
from lianfang.work.mobilisation.types import Answer

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lianfang.ground.places.models import Place
    from lianfang.headquarters.playbooks.roster_types import OnRoster

PER_PAGE = 200
_NONE = "none"


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
    people = [
        (
            number, row["one"].name, row["one"].organisation, _(", ").join(row["one"].duties), row["answer"],
            moments.moment(row["one"].first) if row["one"].first else "", row["where"], row["one"].post,
        )
        for number, row in enumerate(_rows(playbooks.roster(incident.told, limit=workbooks.ROWS_AT_MOST)), 1)
    ]  # fmt: skip
    sums = [
        (one.name or _("not known here"), one.people, one.called, one.coming, one.came, one.here)
        for one in playbooks.roster_by_organisation(incident.told)
    ]
    head = (_("Organisation"), _("People"), _("Called"), _("Are coming"), pgettext("on duty", "Came"), _("There now"))
    each = (_("No."), _("Name"), _("Organisation"), _("What as"), _("Answer"), _("First came"), _("Where now"), _("Post"))
    book = [workbooks.sheet(_("By organisation"), title, head, sums, (36, 10, 10, 10, 10, 10)),
            workbooks.sheet(_("One by one"), title, each, people, (6, 12, 28, 36, 14, 18, 28, 20))]  # fmt: skip
    return workbooks.sent(book, f"roster-{clock.today()}")
