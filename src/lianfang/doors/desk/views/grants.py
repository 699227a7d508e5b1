"""Giving and revoking roles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.accounts import GrantForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.whereabouts import place_meant
from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.rules.roles import CHAIN, Role, may_give
from lianfang.ground.accounts.types import AlreadyHeld, LongerThanYours, NotForYou, OverArea, OverPlace, PeriodWrong, ScopeEnded
from lianfang.ground.places.types import Ambiguous
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import AccountId, AreaId, GrantId, PlaceId

if TYPE_CHECKING:
    from lianfang.ground.accounts.types import Scope

_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (NotForYou, "role"),
    (AlreadyHeld, "role"),
    (LongerThanYours, "valid_to"),
    (PeriodWrong, "valid_to"),
    (ScopeEnded, "where"),
    (Ambiguous, "where"),
    (NotFound, "where"),
)


def roles_to_give(request: DeskRequest) -> list[str]:
    """The roles the reader may give somewhere, highest first."""
    own = [Role(grant.role) for grant in request.actor.holding("grants.give")]
    every = (*CHAIN, Role.ADMINISTRATOR, Role.DATA_PROTECTION)
    return [role for role in every if any(may_give(held, role) for held in own)]


def scope_meant(request: DeskRequest, text: str) -> Scope:
    """The place or area that words mean, within sight; raises NotFound or Ambiguous."""
    place, area = place_meant(request.actor, text)
    if area is not None:
        return OverArea(AreaId(area.id))
    if place is None:
        raise NotFound
    return OverPlace(PlaceId(place.id))


def _account_asked(request: DeskRequest) -> AccountId | None:
    try:
        return AccountId(UUID(request.GET.get("account", "")))
    except ValueError:
        return None


@page("grants.give", methods=("GET", "POST"))
def grant_new(request: DeskRequest) -> HttpResponse:
    """Give an account a role over a place or an area. The account comes with the address, or is named by its login."""
    account_id = _account_asked(request)
    initial = {"role": request.GET.get("role", ""), "where": request.GET.get("where", "")}
    form = GrantForm(request.POST or None, roles=roles_to_give(request), today=clock.today(), initial=initial)
    if account_id is not None:
        access.require_account(request.actor, "accounts.see", account_id)
        del form.fields["login"]
    if request.method == "POST" and form.is_valid():
        try:
            holder = account_id or queries.account_id_of_login(form.cleaned_data["login"])
            _give(request, holder, form)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            return HttpResponseRedirect(reverse("desk:account", args=[holder]))
    account = queries.account(account_id) if account_id else None
    context = {
        "form": form,
        "account": account,
        "title": _("Give a role"),
        "button": _("Give the role"),
        "under": account.name if account else "",
    }
    return pages.show(request, "desk/accounts/form.html", context)


def _give(request: DeskRequest, holder: AccountId, form: forms.Form) -> None:
    said = form.cleaned_data
    grant = commands.NewGrant(
        Role(said["role"]),
        scope_meant(request, said["where"]),
        valid_from=said["valid_from"],
        valid_to=said["valid_to"],
        reason=said["reason"],
    )
    made = commands.give(holder, grant, by=request.actor)
    notices.say(request, Notice(_("The role is given."), undo=reverse("desk:grant_revoke", args=[made]), undo_words=_("Revoke it")))


@page("grants.give", methods=("POST",))
def grant_revoke(request: DeskRequest, grant_id: UUID) -> HttpResponse:
    """End a grant now; giving it again is one step away."""
    wanted = GrantId(grant_id)
    commands.revoke(wanted, by=request.actor, reason=request.POST.get("reason", "").strip())
    ended = queries.grant(wanted)
    again = f"{reverse('desk:grant_new')}?account={ended.account_id}&role={ended.role}&where={ended.place_id or ''}"
    notices.say(request, Notice(_("The role is revoked. It can be given again:"), "warn", link=again, link_words=_("Give it again")))
    return HttpResponseRedirect(reverse("desk:account", args=[ended.account_id]))
