"""Attendance by day, place and organisation; each person's own record of service, and asking that it be mended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianfang.doors.desk import moments, notices, pages, workbooks
from lianfang.doors.desk.forms.dressing import Dressed, moment_field
from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.myself import own_id
from lianfang.doors.desk.whereabouts import crumbs, places_named, readable
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import RecordId
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands, queries
from lianfang.work.mobilisation.types import Spell, TimesWrong

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

_DAYS, _MOST_DAYS, _LISTED = 7, 92, 200


def _period(request: DeskRequest) -> tuple[date, date]:
    """The days of the address; the last week where they are none, a quarter at most."""
    try:
        first, last = date.fromisoformat(request.GET.get("from", "")), date.fromisoformat(request.GET.get("to", ""))
    except ValueError:
        last = clock.today()
        return last - timedelta(days=_DAYS - 1), last
    last = min(max(first, last), clock.today())
    return max(min(first, last), last - timedelta(days=_MOST_DAYS - 1)), last


@page("members.see", place="place_id")
def attendance(request: DeskRequest, place: Place) -> HttpResponse:
    """Who was on duty: each day, at each place and post, of each organisation; then spell by spell."""
    first, last = _period(request)
    ranges = readable(request.actor, "members.see", place)
    spells = queries.spells(ranges, *_bounds(first, last), limit=_LISTED + 1)
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "first": first,
        "last": last,
        "days": queries.attended_by_day(ranges, first, last),
        "places": _by_place(queries.attended_by_place(ranges, first, last)),
        "bodies": _by_organisation(queries.attended_by_organisation(ranges, first, last)),
        "spells": lines(spells[:_LISTED], last),
        "more": len(spells) > _LISTED,
        "may_correct": access.may(request.actor, "records.settle", place),
    }
    return pages.show(request, "desk/duty/attendance.html", context)


def _bounds(first: date, last: date) -> tuple[Any, Any]:
    return clock.day_bounds(first)[0], clock.day_bounds(last)[1]


def _by_place(rows: Any) -> list[dict[str, Any]]:
    where = places_named({one for one, _post, _sums in rows})
    posts = organisations.posts_named({post for _one, post, _sums in rows if post})
    return [{"where": where.get(one, ""), "post": posts.get(post, "") if post else "", "sums": sums} for one, post, sums in rows]


def _by_organisation(rows: Any) -> list[dict[str, Any]]:
    """In the order of the tree of organisations; those of none known come last."""
    sums = dict(rows)
    names = organisations.names_of_organisations([one for one in sums if one])
    return [{"name": name, "sums": sums[one]} for one, name in names.items()] + (
        [{"name": _("not known here"), "sums": sums[None]}] if None in sums else []
    )


def lines(spells: list[Spell], on: date) -> list[dict[str, Any]]:
    """Spells of duty with who, where, at which post, of which organisation, in words."""
    names = queries.names_on_duty(spells)
    where = places_named({one.place_id for one in spells})
    posts = organisations.posts_named({one.post_id for one in spells if one.post_id})
    whose = queries.organisations_of([one.account_id for one in spells], on)
    bodies = organisations.names_of_organisations(whose.values())
    return [
        {
            "spell": one,
            "name": names.get(one.account_id, ""),
            "where": where.get(one.place_id, ""),
            "post": posts.get(one.post_id, "") if one.post_id else "",
            "body": bodies.get(whose[one.account_id], "") if one.account_id in whose else "",
        }
        for one in spells
    ]


@page("members.see", place="place_id")
def attendance_list(request: DeskRequest, place: Place) -> HttpResponse:
    """The same as a workbook: days, places and posts, organisations, spells."""
    first, last = _period(request)
    ranges = readable(request.actor, "members.see", place)
    title = _("Attendance: %(place)s, %(first)s to %(last)s") % {"place": place.name, "first": first.isoformat(), "last": last.isoformat()}
    sums = (_("People"), _("Times"), _("Hours"))
    days = [(one.isoformat(), *_sums(told)) for one, told in queries.attended_by_day(ranges, first, last)]
    where = [(one["where"], one["post"], *_sums(one["sums"])) for one in _by_place(queries.attended_by_place(ranges, first, last))]
    bodies = [(one["name"], *_sums(one["sums"])) for one in _by_organisation(queries.attended_by_organisation(ranges, first, last))]
    spells = [
        (
            number, one["name"], one["body"], one["where"], one["post"], moments.moment(one["spell"].began_at),
            moments.moment(one["spell"].ended_at) if one["spell"].ended_at else "", round(one["spell"].minutes / 60, 1),
        )
        for number, one in enumerate(lines(queries.spells(ranges, *_bounds(first, last), limit=workbooks.ROWS_AT_MOST), last), 1)
    ]  # fmt: skip
    book = [
        workbooks.sheet(_("By day"), title, (_("Day"), *sums), days, (14, 10, 10, 10)),
        workbooks.sheet(_("By place"), title, (_("Where"), _("Post"), *sums), where, (30, 24, 10, 10, 10)),
        workbooks.sheet(_("By organisation"), title, (_("Organisation"), *sums), bodies, (36, 10, 10, 10)),
        workbooks.sheet(
            _("One by one"), title, (_("No."), _("Name"), _("Organisation"), _("Where"), _("Post"), _("From"), _("Until"), _("Hours")), spells,
            (6, 12, 28, 28, 20, 16, 16, 8),
        ),
    ]  # fmt: skip
    return workbooks.sent(book, f"attendance-{last}")


def _sums(told: Any) -> tuple[int, int, float]:
    return told.people, told.spells, round(told.minutes / 60, 1)


@page(SIGNED_IN)
def my_record(request: DeskRequest) -> HttpResponse:
    """What I really did, drawn from records: duty, posts, where I was sent, what was certified (/desk/me/record/)."""
    account = own_id(request)
    with access.scoped(access.local_administrator()):  # one's own record is whole, wherever one served
        person = accounts.persons_of([account]).get(account)
        context = {
            "spells": lines(queries.spells_of(account, *([person] if person else [])), clock.today()),
            "served": placed(organisations.serving_of(person)) if person else [],
            "sent": placed(queries.sent_of_person(person)) if person else [],
            "certified": organisations.served_by(person) if person else [],
            "linked": person is not None,
            "name": accounts.names_of([account]).get(account, ""),
        }
    return pages.show(request, "desk/account/record.html", context)


def placed(found: Any) -> list[dict[str, Any]]:
    """What has a place, with it in words."""
    where = places_named({one.place_id for one in found})
    return [{"one": one, "where": where.get(one.place_id, "")} for one in found]


@page(SIGNED_IN, methods=("POST",))
def record_wrong(request: DeskRequest, record_id: UUID) -> HttpResponse:
    """Say that a line of one's own record is wrong, and what is right: a matter for whoever answers there, the words sealed."""
    words = request.POST.get("words", "").strip()[:300]
    if not words:
        notices.say(request, Notice(_("Write what is right."), "bad"))
        return HttpResponseRedirect(reverse("desk:my_record"))
    with access.scoped(access.local_administrator()):  # as above: one's own, wherever it was
        request.saved.append(matters.ask_to_correct(RecordId(record_id), words, by=request.actor))
    notices.say(request, Notice(_("It is noted: whoever answers there looks into it within three days.")))
    return HttpResponseRedirect(reverse("desk:my_record"))


class SpellForm(Dressed):
    """When somebody really came and went."""

    begins = moment_field(pgettext_lazy("on duty", "Came"))
    ends = moment_field(gettext_lazy("Went"), required=False)


def _spell(actor: Actor, record_id: UUID) -> Spell:
    del actor  # row security shows what lies in the scope; the frame asks for the place
    return queries.spell(record_id)


@page("records.settle", place=Of("record_id", _spell), methods=("GET", "POST"))
def spell_correct(request: DeskRequest, record: Spell, place: Place) -> HttpResponse:
    """Mend when somebody was on duty: the first record stays readable."""
    form = SpellForm(
        request.POST or None,
        initial={"begins": clock.local(record.began_at), "ends": clock.local(record.ended_at) if record.ended_at else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            request.saved.extend(commands.correct_spell(record, form.cleaned_data["begins"], form.cleaned_data["ends"], by=request.actor))
        except Refused as refused:
            fault_of(form, refused, ((TimesWrong, "ends"),))
        else:
            notices.say(request, Notice(_("Corrected. The first record stays readable.")))
            return HttpResponseRedirect(reverse("desk:attendance", args=[place.id]))
    [line] = lines([record], clock.today())
    title = _("Duty of %(name)s") % {"name": line["name"]}
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": title, "do": _("Correct (leaves a trace)")}
    return pages.show(request, "desk/organisations/form.html", context)
