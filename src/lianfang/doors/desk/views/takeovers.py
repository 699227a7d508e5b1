"""Take-over (接管): a body out of action is stood in for, and takes everything back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.takeovers import TakeoverForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.organisations import seated
from lianfang.doors.desk.whereabouts import crumbs, places_named, readable
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Ability, Role
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.reporting_types import TakeoverNotFound
from lianfang.ground.organisations.types import OrganisationKind, OrganisationSeen
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks import commands, queries
from lianfang.headquarters.playbooks.takeover_types import DeputyAmongThem, DeputyMissing, OfficeOffered, TakenOver, TakingOver, UntilWrong
from lianfang.kernel.errors import Denied, NotFound, Refused
from lianfang.kernel.ids import AccountId, GrantId, OrganisationId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lianfang.ground.places.models import Place
    from lianfang.kernel.ranges import Range

_OF_AN_OFFICE = (Role.CITY_COMMAND, Role.DISTRICT_COMMAND, Role.STREET_DUTY, Role.COMMUNITY_SECRETARY, Role.COMMUNITY_WORKER)
_OWN = (OrganisationKind.COMMITTEE, OrganisationKind.DEPARTMENT, OrganisationKind.PARTY_COMMITTEE)
"""Bodies whose people hold the offices of their seat."""
_SHOWN = 200
_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (DeputyMissing, "deputy"), (DeputyAmongThem, "deputy"), (UntilWrong, "until"), (Refused, "taken_by"),
)  # fmt: skip


@page(Ability.GRANTS_GIVE, place=Of("organisation_id", seated), methods=("GET", "POST"))
def takeover_new(request: DeskRequest, place: Place, organisation: OrganisationSeen) -> HttpResponse:
    """Let another body do everything that this one does."""
    form, offered = TakeoverForm(request.POST or None), queries.offices_at(place)
    around = (places.ancestors(place) or [place])[-1]
    within = readable(request.actor, Ability.GRANTS_GIVE, around)
    _offer(form, organisation, offered, within)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        asked = TakingOver(
            organisation.organisation_id, OrganisationId(UUID(told["taken_by"])), told["document"],
            AccountId(UUID(told["deputy"])) if told["deputy"] else None,
            tuple(GrantId(UUID(one)) for one in told["offices"]), told["until"],
        )  # fmt: skip
        try:
            done = commands.take_over(asked, by=request.actor)
        except (NotFound, Denied):
            raise
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("Handed over: %(what)s.") % {"what": _counted(done)}))
            return HttpResponseRedirect(reverse("desk:organisation", args=[organisation.organisation_id]))
    title = _("Take over from %(name)s") % {"name": organisation.name}
    context = {"place": place, "crumbs": crumbs(request.actor, place), "form": form, "title": title, "do": _("Take over")}
    status = 422 if request.method == "POST" else 200
    return pages.show(request, "desk/organisations/form.html", context, status=status)


def _offer(form: TakeoverForm, body: OrganisationSeen, offered: list[OfficeOffered], within: list[Range]) -> None:
    others = [one for one in organisations.organisations_seated(within, None, limit=_SHOWN) if one.organisation_id != body.organisation_id]
    form.offer("taken_by", [(str(one.organisation_id), one.name) for one in others])
    people = {
        one.account_id: f"{one.name} · {words.word(words.ROLES, one.role.value)} · {one.scope_name}"
        for one in accounts.holders(within)
        if one.role in _OF_AN_OFFICE
    }
    form.offer("deputy", [("", "–"), *((str(one), name) for one, name in people.items())])
    listed = offered[:_SHOWN]
    where = places_named({one.holder.place_id for one in listed if one.holder.place_id})
    form.offer("offices", [(str(one.holder.grant_id), _line(one, where)) for one in listed])
    if more := len(offered) - len(listed):
        form.fields["offices"].help_text = _(
            "%(n)s more further inside are not listed: hand them over with the body of their own place"
        ) % {"n": more}
    if body.kind in _OWN:
        form.fields["offices"].initial = [str(one.holder.grant_id) for one in offered if one.whole]


def _line(one: OfficeOffered, where: Mapping[UUID, str]) -> str:
    """The office, who holds it and over what: a unit with its building, as there is a first one in each."""
    held = where.get(one.holder.place_id, "") if one.holder.place_id else ""
    return f"{words.word(words.ROLES, one.holder.role.value)} · {one.holder.name} · {held or one.holder.scope_name}"


def _counted(done: TakenOver) -> str:
    """In words: 2 sponsorships, 1 post, …; what there was nothing of is left out."""
    moved = done.moved
    many = (
        (_("sponsorships"), moved.sponsorships), (_("posts"), moved.posts), (_("teams"), moved.teams),
        (_("offices"), done.offices), (_("open matters"), done.matters),
    )  # fmt: skip
    return _(", ").join(f"{name} {count}" for name, count in many if count) or _("nothing was held")


@page(Ability.GRANTS_GIVE, place=Of("organisation_id", seated), methods=("POST",))
def takeover_end(request: DeskRequest, place: Place, organisation: OrganisationSeen) -> HttpResponse:
    """Give everything back to this body."""
    del place
    told = organisations.takeover_of(organisation.organisation_id)
    try:
        if told is None:
            raise TakeoverNotFound
        done = commands.give_back(told.takeover_id, by=request.actor)
    except Denied:
        raise
    except Refused as refused:
        notices.say(request, Notice(said(refused), "bad"))
    else:
        notices.say(request, Notice(_("Given back: %(what)s.") % {"what": _counted(done)}))
    return HttpResponseRedirect(reverse("desk:organisation", args=[organisation.organisation_id]))
