"""Runs: how far an activation or a standing down is, taking back, going on; the way back itself, its letters and its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.plans import StandDownForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import tried
from lianfang.doors.desk.views.incidents import Held, decides, held
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.doors.desk.workbooks import XLSX
from lianfang.ground.accounts import access
from lianfang.ground.incidents import types as incident_types
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.headquarters.playbooks import commands, documents, queries, types, wording
from lianfang.headquarters.playbooks.commands.standing_down import STANDING
from lianfang.headquarters.playbooks.queries.still_open import bodies, preview
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import OrganisationId

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = ((incident_types.GroundMissing, "authority"),)
NO_ORGANISATION = UUID(int=0)
"""In an address: the letter about those who have no organisation."""


def held_run(actor: Actor, run_id: UUID) -> types.RunSeen:
    """The run of a page; the frame asks about its place."""
    del actor
    return queries.run(run_id)


OF_RUN = Of("run_id", held_run)


@page("members.see", place=OF_RUN)
def run(request: DeskRequest, run: types.RunSeen, place: Place) -> HttpResponse:
    """How far a run is, step by step; it goes on without the reader, who may leave and come back."""
    down = run.kind is types.RunKind.STANDING_DOWN
    letters = queries.letters(run.run_id) if down else []
    exports = access.may(request.actor, "exports.make", place) and access.may(request.actor, "people.reveal", place)
    context = _progress(run) | {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "refused": [{"one": one, "why": wording.said(one.message, one.facts)} for one in queries.refused(run.run_id)],
        "may": access.may(request.actor, "incidents.open", place),
        "ground": queries.ground(run.run_id),
        "down": down,
        "opened": any(step.key == types.Section.INCIDENT and step.done for step in run.steps) or down,
        "gone_out": queries.gone_out(run.run_id),
        "letters": [_letter(*one) for one in letters],
        "report": bool(queries.found(run.run_id)) if down else False,
        "may_export": exports,
    }
    return pages.show(request, "desk/plans/run.html", context)


def _letter(organisation: OrganisationId | None, people: int, days: int, minutes: int) -> dict[str, Any]:
    name = organisations.organisation(organisation).name if organisation else _("People without an organisation")
    return {"id": organisation or NO_ORGANISATION, "name": name, "people": people, "days": days, "hours": f"{minutes / 60:.1f}"}


def _progress(run: types.RunSeen) -> dict[str, Any]:
    names = wording.STEPS[run.kind]
    return {
        "run": run,
        "steps": [{"name": names[step.key], "step": step} for step in run.steps],
        "state": wording.STATES[run.state],
        "why": wording.said(run.message, run.facts) if run.state is types.RunState.HELD else "",
    }


@page("members.see", place=OF_RUN)
def run_progress(request: DeskRequest, run: types.RunSeen, place: Place) -> HttpResponse:
    """The same alone, asked every second by the page; when nothing moves any more the page is opened anew."""
    del place
    answer = pages.part(request, "desk/plans/progress.html", _progress(run))
    if not run.moving:
        answer["HX-Refresh"] = "true"
    return answer


@page("incidents.open", place=OF_RUN, methods=("POST",))
def run_undo(request: DeskRequest, run: types.RunSeen, place: Place) -> HttpResponse:
    """Take back the last step, or all of it."""
    del place
    (commands.undo_all if request.POST.get("what") == "all" else commands.undo_last)(run.run_id, by=request.actor)
    notices.say(request, Notice(_("It is being taken back.")))
    return HttpResponseRedirect(reverse("desk:run", args=[run.run_id]))


@page("incidents.open", place=OF_RUN, methods=("POST",))
def run_go_on(request: DeskRequest, run: types.RunSeen, place: Place) -> HttpResponse:
    """Let a run that was held go on."""
    del place
    commands.go_on(run.run_id, by=request.actor)
    return HttpResponseRedirect(reverse("desk:run", args=[run.run_id]))


@page("places.see", place=Of("incident_id", held), methods=("GET", "POST"))
def stand_down(request: DeskRequest, incident: Held, place: Place) -> HttpResponse:
    """The way back: what is open, in numbers; each body by name, whether it is dissolved or stays; confirmed by authority and document."""
    decides(request.actor, incident)
    told = incident.told
    standing = bodies(told)
    form = StandDownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = types.StandDown(form.ground(), _kept(request, standing))
        begun = tried(form, lambda: commands.stand_down(told.incident_id, asked, by=request.actor), _FIELD_OF)
        if begun is not None:
            return HttpResponseRedirect(reverse("desk:run", args=[begun.run_id]))
    context = {
        "incident": told,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "form": form,
        "lines": [{"name": wording.WAY_BACK[line.section], "line": line} for line in preview(told)],
        "bodies": [{"body": one, "chosen": request.POST.get(f"body-{one.branch_id}", "")} for one in standing],
        "kinds": [(kind.value, words.word(words.ORGANISATIONS, kind)) for kind in STANDING],
    }
    return pages.show(request, "desk/plans/stand_down.html", context)


def _kept(request: DeskRequest, standing: list[Any]) -> dict[UUID, OrganisationKind]:
    """The bodies that stay, as chosen; a kind that is none of those offered is refused by the command."""
    chosen = {one.branch_id: request.POST.get(f"body-{one.branch_id}", "") for one in standing}
    return {body: OrganisationKind(kind) for body, kind in chosen.items() if kind in {*OrganisationKind}}


@page("exports.make", place=OF_RUN)
def run_report(request: DeskRequest, run: types.RunSeen, place: Place, form: str) -> HttpResponse:
    """The closing report, as PDF or workbook."""
    del request, place
    if form == "xlsx":
        return _file(documents.report_sheet(run.run_id), XLSX, "report.xlsx")
    return _file(documents.report(run.run_id, _lang()), "application/pdf", "report.pdf")


@page("exports.make", place=OF_RUN)
def run_letter(request: DeskRequest, run: types.RunSeen, place: Place, organisation_id: UUID) -> HttpResponse:
    """The letter of service to one organisation; each name in it is a look, and logged."""
    access.require(request.actor, "people.reveal", place)
    organisation = None if organisation_id == NO_ORGANISATION else OrganisationId(organisation_id)
    return _file(documents.letter(run.run_id, organisation, by=request.actor, lang=_lang()), "application/pdf", "letter.pdf")


def _lang() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
