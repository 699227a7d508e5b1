"""Rosters of a community: brought, looked at, corrected, tried, loaded, fetched back with verdicts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.rosters import ExportForm, RosterForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.doors.desk.workbooks import XLSX
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places.types import Level
from lianfang.ground.rosters import commands, queries
from lianfang.ground.rosters.loading_types import AT_WORK, NotACommunity, State, Verdict
from lianfang.ground.rosters.rules import templates
from lianfang.ground.rosters.types import Column
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import AccountId

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place
    from lianfang.ground.rosters.loading_types import RosterSeen, Summary

VERDICTS = {
    Verdict.ADDED: (gettext_lazy("added"), "ok"),
    Verdict.MERGED: (gettext_lazy("merged"), ""),
    Verdict.CHANGED: (gettext_lazy("changed"), "pri"),
    Verdict.UNCHANGED: (gettext_lazy("unchanged"), ""),
    Verdict.WAITING: (gettext_lazy("waiting"), "warn"),
    Verdict.REFUSED: (gettext_lazy("refused"), "bad"),
}
STATES = {
    State.RECEIVED: (gettext_lazy("will be read"), "pri"),
    State.READING: (gettext_lazy("being read"), "pri"),
    State.AGAIN: (gettext_lazy("being compared"), "pri"),
    State.TRIED: (gettext_lazy("ready to load"), "warn"),
    State.ORDERED: (gettext_lazy("will be loaded"), "pri"),
    State.LOADING: (gettext_lazy("being loaded"), "pri"),
    State.LOADED: (gettext_lazy("loaded"), "ok"),
    State.REFUSED: (gettext_lazy("not readable"), "bad"),
    State.DROPPED: (gettext_lazy("put away"), ""),
}
COLUMNS = {
    Column.NUMBER: gettext_lazy("serial number"), Column.NAME: gettext_lazy("name"), Column.SEX: gettext_lazy("sex"),
    Column.BIRTH: gettext_lazy("date of birth"), Column.AGE: gettext_lazy("age"), Column.PAPER: gettext_lazy("ID number"),
    Column.PAPER_KIND: gettext_lazy("kind of paper"), Column.PHONE: gettext_lazy("telephone"),
    Column.RELATION: gettext_lazy("relation to the head"), Column.HEAD: gettext_lazy("name of the head"),
    Column.HOUSEHOLD: gettext_lazy("household number"), Column.PROVINCE: gettext_lazy("province of the address"),
    Column.CITY: gettext_lazy("city of the address"), Column.COUNTY: gettext_lazy("county of the address"),
    Column.STREET: gettext_lazy("street office"), Column.COMMUNITY: gettext_lazy("community of the address"),
    Column.GRID: gettext_lazy("grid of the address"), Column.GROUP: gettext_lazy("village group"), Column.COMPOUND: gettext_lazy("compound of the address"),
    Column.BUILDING: gettext_lazy("building number"), Column.UNIT: gettext_lazy("unit number"), Column.FLOOR: gettext_lazy("floor number"),
    Column.ROOM: gettext_lazy("room number"), Column.ADDRESS: gettext_lazy("address"), Column.REGISTERED: gettext_lazy("registered address"),
    Column.LIVING: gettext_lazy("how they live there"), Column.WORKPLACE: gettext_lazy("workplace"),
    Column.FROM_PLACE: gettext_lazy("where from"), Column.ARRIVED: gettext_lazy("day of arrival"), Column.REMARK: gettext_lazy("remarks"),
    Column.NONE: gettext_lazy("not taken over"),
}  # fmt: skip


def found(actor: Actor, roster_id: UUID) -> RosterSeen:
    """The roster that an address names."""
    del actor
    return queries.roster(roster_id)


_FACT = re.compile(r"\{\w+\}")  # of one row: left out where many are counted
OF_ROSTER = Of("roster_id", found)


@page("people.edit", place="place_id", methods=("GET", "POST"))
def rosters(request: DeskRequest, place: Place) -> HttpResponse:
    """The rosters of a community, and where a new one is brought."""
    if place.at_level is not Level.COMMUNITY:
        raise NotACommunity(name=place.name)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster_id = commands.receive(place, file.read(), file.name, by=request.actor.account_id)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "file"),))
        else:
            return HttpResponseRedirect(reverse("desk:roster", args=[roster_id]))
    history = queries.history(place.place_id)
    names = accounts.names_of(AccountId(one.brought_by) for one in history if one.brought_by)
    rows = [
        {"seen": one, "state": STATES[one.state], "who": names.get(AccountId(one.brought_by), "") if one.brought_by else ""}
        for one in history
    ]
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "rows": rows, "templates": templates.templates()}
    return pages.show(request, "desk/rosters/list.html", context)


@page("people.edit", place=OF_ROSTER)
def roster(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """One roster: progress while it is read or loaded, then what it would do, or what it did."""
    working = roster.state in AT_WORK
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "roster": roster,
        "state": STATES[roster.state],
        "working": working,
        "sums": sums(roster.summary),
        "reasons": _reasons(roster.summary),
        "layouts": [] if working else _layouts(roster.roster_id),
        "left_out": queries.left_out_sheets(roster.roster_id),
        "workers": [] if working else [layout["sheet"] for layout in queries.layouts_of(roster.roster_id) if layout.get("workers")],
        "may_import": access.may(request.actor, "accounts.edit", place),
        "columns": list(COLUMNS.items()),
        "missing": queries.missing_of(roster.roster_id) if roster.state is State.TRIED else [],
        "nothing_new": roster.summary.rows and roster.summary.rows == roster.summary.unchanged,
        "may_lay_out": access.may(request.actor, "places.edit", place),
        "may_export": roster.state is State.LOADED and access.may(request.actor, "exports.make", place),
        "export_form": ExportForm(),
    }
    return pages.show(request, "desk/rosters/page.html", context)


@page("people.edit", place="place_id")
def roster_template(request: DeskRequest, place: Place) -> HttpResponse:
    """An empty roster in the order of a real form."""
    del place
    note = _(
        "One person a row. Enter ID and telephone numbers as text. The door in one cell may be 3-2-501 or 3栋2单元501室. Headings may be moved; rows may be added."
    )
    return _file(templates.template(request.GET.get("form", ""), note), "template.xlsx")


def sums(summary: Summary) -> list[dict[str, Any]]:
    """The verdicts with their numbers."""
    return [
        {"verdict": verdict.value, "name": name, "tone": tone, "count": getattr(summary, verdict.value)}
        for verdict, (name, tone) in VERDICTS.items()
    ]


def _reasons(summary: Summary) -> list[dict[str, Any]]:
    from lianfang.ground.rosters.rules.staged import reason_words  # the one table of reasons

    ordered = sorted(summary.reasons.items(), key=lambda pair: -pair[1])
    return [{"code": code, "text": _FACT.sub("…", _(reason_words(code))), "count": count} for code, count in ordered]


def _layouts(roster_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "sheet": layout["sheet"],
            "persons": bool({"name", "head"} & set(layout["columns"])),
            "unsure": sum(sure in ("likely", "unsure") for sure in layout["sure"]),
            "columns": [
                {"index": index, "heading": heading, "column": column, "sure": sure, "samples": "  ".join(samples)}
                for index, (heading, column, sure, samples) in enumerate(
                    zip(layout["headings"], layout["columns"], layout["sure"], layout["samples"], strict=True)
                )
            ],
        }
        for number, layout in enumerate(queries.layouts_of(roster_id))
    ]


@page("people.edit", place=OF_ROSTER)
def roster_progress(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """How far it has come, asked every second by the page; when it is done the page is opened anew."""
    del place
    answer = pages.part(request, "desk/rosters/progress.html", {"roster": roster, "state": STATES[roster.state]})
    if roster.state not in AT_WORK:
        answer["HX-Refresh"] = "true"
    return answer


@page("people.edit", place=OF_ROSTER, methods=("POST",))
def roster_columns(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """Say what the columns of a sheet are; it is read again, and the community remembers."""
    del place
    for layout in _layouts(roster.roster_id):
        if str(layout["number"]) == request.POST.get("sheet"):
            told = [Column(request.POST.get(f"c{one['index']}", one["column"])) for one in layout["columns"]]
            commands.say_columns(roster.roster_id, layout["sheet"], told, by=request.actor.account_id)
    return _to(roster)


@page("people.edit", place=OF_ROSTER, methods=("POST",))
def roster_again(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """Compare again: with the missing doors laid out, or with addresses taken that are not as written."""
    doors = request.POST.get("doors") == "add"
    if doors:
        access.require(request.actor, "places.edit", place)
    commands.ask_again(roster.roster_id, add_doors=doors, accept_likely=request.POST.get("likely") == "take")
    return _to(roster)


@page("people.edit", place=OF_ROSTER, methods=("POST",))
def roster_load(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """Have it loaded."""
    del request, place
    commands.order(roster.roster_id)
    return _to(roster)


@page("people.edit", place=OF_ROSTER, methods=("POST",))
def roster_drop(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """Put a roster away that was not loaded."""
    commands.drop(roster.roster_id)
    notices.say(request, Notice(_("The roster was put away. Nothing was changed.")))
    return HttpResponseRedirect(reverse("desk:rosters", args=[place.id]))


@page("people.edit", place=OF_ROSTER)
def roster_answer(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """The file with verdict and reason beside every row: for whoever brought it, and for those who may take people's data out."""
    if roster.brought_by != request.actor.account_id and not access.may(request.actor, "exports.make", place):
        raise Denied
    content = commands.answer_file(roster.roster_id, (_("Verdict"), _("Reason")), lambda verdict: str(VERDICTS[verdict][0]), said)
    return _file(content, "verdicts.xlsx")


@page("exports.make", place=OF_ROSTER, methods=("POST",))
def roster_export(request: DeskRequest, roster: RosterSeen, place: Place) -> HttpResponse:
    """The people of today in the roster's layout, marked and logged."""
    access.require(request.actor, "people.reveal", place)
    form = ExportForm(request.POST)
    if not form.is_valid() or request.actor.account_id is None:
        notices.say(request, Notice(_("Write what the list is for: it is kept in the log of looks."), "bad"))
        return _to(roster)
    mark = _("Taken out by {login} on {moment}; internal, not to be passed on").format(
        login=request.actor.login, moment=clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    )
    content, _count = commands.export_roster(roster.roster_id, mark, form.cleaned_data["reason"], by=request.actor.account_id)
    return _file(content, "roster.xlsx")


def _to(roster: RosterSeen) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:roster", args=[roster.roster_id]))


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
