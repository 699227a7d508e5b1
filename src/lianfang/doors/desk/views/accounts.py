"""Administration of accounts: list, one account, making, correcting, links to print, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages, words
from lianfang.doors.desk.forms.accounts import AccountForm
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.navigation import administration_tabs
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import fault_of
from lianfang.doors.desk.views.myself import qr
from lianfang.doors.desk.whereabouts import places_named
from lianfang.ground.accounts import access, commands, queries
from lianfang.ground.accounts.types import LoginTaken, LoginWrong, NewAccount, PhoneTaken
from lianfang.ground.people.types import NameCharacterWrong, NameLengthWrong, PhoneUnreadable
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import AccountId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lianfang.ground.accounts.types import AccountSeen, GrantSeen, JoiningLink

PER_PAGE = 50
_FIELD_OF: tuple[tuple[type[Refused], str], ...] = (
    (LoginTaken, "login"),
    (LoginWrong, "login"),
    (PhoneTaken, "phone"),
    (PhoneUnreadable, "phone"),
    (NameLengthWrong, "name"),
    (NameCharacterWrong, "name"),
)


@page("accounts.see", methods=("GET", "POST"))
def accounts(request: DeskRequest) -> HttpResponse:
    """Accounts within what the reader answers for; looked for by POST, since what is typed is a name."""
    text = request.POST.get("text", "").strip()
    closed = request.POST.get("closed") == "on" or request.GET.get("closed") == "on"
    ranges = access.ranges(request.actor, "accounts.see")
    found = queries.accounts_within(ranges, text, after=request.GET.get("after", ""), limit=PER_PAGE + 1, closed=closed)
    shown = found[:PER_PAGE]
    held = queries.grants_of_many([account.account_id for account in shown])
    where = places_named({grant.place_id for grants in held.values() for grant in grants if grant.place_id})
    context = {
        "accounts": [{"seen": account, "grants": [_grant_line(grant, where) for grant in held[account.account_id]]} for account in shown],
        "text": text,
        "closed": closed,
        "further": shown[-1].login if len(found) > PER_PAGE else "",
        "tabs": administration_tabs(request.actor, request.path),
        "may_edit": bool(access.ranges(request.actor, "accounts.edit")),
    }
    return pages.show(request, "desk/accounts/list.html", context)


def _scope(grant: GrantSeen, where: Mapping[UUID, str]) -> str:
    """What a grant covers, in words that tell one 1单元 from another."""
    return where.get(grant.place_id, grant.scope_name) if grant.place_id else grant.scope_name


def _grant_line(grant: GrantSeen, where: Mapping[UUID, str]) -> str:
    scope = _scope(grant, where)
    return f"{words.word(words.ROLES, grant.role)} · {scope}" if scope else words.word(words.ROLES, grant.role)


@page("accounts.see")
def account(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """One account: what it answers for, how it signs in, its devices."""
    wanted = AccountId(account_id)
    access.require_account(request.actor, "accounts.see", wanted)
    seen = queries.account(wanted)
    grants = queries.grants_of(wanted, ended=True)
    givers = queries.names_of(grant.given_by for grant in grants if grant.given_by)
    where = places_named({grant.place_id for grant in grants if grant.place_id})
    today = clock.today()
    context = {
        "account": seen,
        "grants": [
            {
                "seen": grant,
                "holds": grant.revoked_at is None and (grant.valid_to is None or grant.valid_to > today),
                "where": _scope(grant, where),
                "given_by": givers.get(grant.given_by, "") if grant.given_by else _("the local administrator"),
            }
            for grant in grants
        ],
        "devices": queries.devices_of(wanted),
        "may_edit": _allowed(request, "accounts.edit", wanted),
        "may_grant": wanted != request.actor.account_id and bool(request.actor.holding("grants.give")),
    }
    return pages.show(request, "desk/accounts/page.html", context)


def _allowed(request: DeskRequest, ability: str, account_id: AccountId) -> bool:
    try:
        access.require_account(request.actor, ability, account_id)
    except (Denied, Refused):
        return False
    return True


@page("accounts.edit", methods=("GET", "POST"))
def account_new(request: DeskRequest) -> HttpResponse:
    """A new account; its first role is given on the next page."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = NewAccount(name=form.cleaned_data["name"], login=form.cleaned_data["login"], phone=form.cleaned_data["phone"])
        try:
            made = commands.add_account(new, by=request.actor)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("The account is made. Now give it a role; without one it sees nothing.")))
            return HttpResponseRedirect(f"{reverse('desk:grant_new')}?account={made}")
    context = {
        "form": form,
        "title": _("New account"),
        "button": _("Make the account"),
        "under": _("the login may be left empty: it is then made from the name"),
    }
    return pages.show(request, "desk/accounts/form.html", context)


@page("accounts.edit", methods=("GET", "POST"))
def account_correct(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Correct name or phone of an account."""
    wanted = AccountId(account_id)
    access.require_account(request.actor, "accounts.edit", wanted)
    seen = queries.account(wanted)
    form = AccountForm(request.POST or None, initial={"name": seen.name})
    del form.fields["login"]
    form.fields["phone"].help_text = _("Now {phone}; leave empty to keep it").format(phone=seen.phone or _("none"))
    if request.method == "POST" and form.is_valid():
        try:
            commands.correct_account(wanted, by=request.actor, name=form.cleaned_data["name"], phone=form.cleaned_data["phone"] or None)
        except Refused as refused:
            fault_of(form, refused, _FIELD_OF)
        else:
            notices.say(request, Notice(_("Saved.")))
            return HttpResponseRedirect(reverse("desk:account", args=[wanted]))
    context = {"form": form, "account": seen, "title": _("Correct"), "button": _("Save")}
    return pages.show(request, "desk/accounts/form.html", context)


@page("accounts.edit", methods=("POST",))
def account_link(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """A joining link to print: the first one, or after a reset. It is shown in this answer and never again."""
    wanted = AccountId(account_id)
    seen = queries.account(wanted)
    make = commands.reset if seen.has_password else commands.invite
    return links_page(request, [(seen, make(wanted, by=request.actor))])


@page("accounts.edit", methods=("POST",))
def account_phone(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """A link with which a phone joins the account; the token stands behind the hash, so that no log ever has it."""
    wanted = AccountId(account_id)
    link = commands.invite_phone(wanted, by=request.actor)
    return links_page(request, [(queries.account(wanted), link)], for_phone=True)


def links_page(request: DeskRequest, links: Sequence[tuple[AccountSeen, JoiningLink]], *, for_phone: bool = False) -> HttpResponse:
    """Joining links as cards to cut apart."""
    cards = []
    for seen, link in links:
        path = f"{reverse('field:join_page')}#{link.token}" if for_phone else reverse("desk:join", args=[link.token])
        address = request.build_absolute_uri(path)
        cards.append({"name": seen.name, "link": link, "address": address, "qr": qr(address), "for_phone": for_phone})
    return pages.show(request, "desk/accounts/links.html", {"links": cards})


@page("accounts.edit", methods=("POST",))
def account_close(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Close an account; its grants stay on record and hold no more."""
    commands.close_account(AccountId(account_id), by=request.actor, reason=request.POST.get("reason", ""))
    notices.say(request, Notice(_("The account is closed: it signs in no more, and its devices are cut off.")))
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))


@page("accounts.edit", methods=("POST",))
def account_sessions(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """End all sessions of an account."""
    commands.end_sessions(AccountId(account_id), by=request.actor)
    notices.say(request, Notice(_("All sessions of this account are ended.")))
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))
