"""One's own account: password, second step of signing in, recovery codes, devices, sessions, and what one looked at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

import segno
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.backends import ModelBackend
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.forms.accounts import CodeForm, PasswordForm
from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.saying import said
from lianfang.ground.accounts import commands, queries
from lianfang.ground.accounts.types import CodeWrong, LocalOnly, Owed, PasswordWrong, SecondFactorMissing
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import AccountId, DeviceId

if TYPE_CHECKING:
    from lianfang.ground.accounts.types import AccountSeen


def own_id(request: DeskRequest) -> AccountId:
    """The account of whoever asks; the desk has nobody without one."""
    if request.actor.account_id is None:
        raise LocalOnly
    return request.actor.account_id


def qr(address: str, *, scale: int = 4) -> SafeString:
    """A QR code as an inline drawing."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, scale=scale, xmldecl=False, svgns=False, omitsize=True)
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - segno writes paths only; the text is not in it


def _account(request: DeskRequest) -> AccountSeen:
    return queries.account(own_id(request))


@page(SIGNED_IN)
def me(request: DeskRequest) -> HttpResponse:
    """My account (/desk/me/)."""
    return _me(request, PasswordForm())


def _me(request: DeskRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
    account = _account(request)
    context = {
        "account": account,
        "grants": queries.grants_of(account.account_id),
        "devices": queries.devices_of(account.account_id),
        "form": form,
    }
    return pages.show(request, "desk/account/me.html", context, status=status)


@page(SIGNED_IN, methods=("GET", "POST"))
def password(request: DeskRequest) -> HttpResponse:
    """Change one's password; where it is owed after a reset, this is the only page there is."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if commands.change_password(own_id(request), form.cleaned_data["present"], form.cleaned_data["password"]):
                return _password_changed(request)
            form.add_error("present", said(PasswordWrong()))
        except Refused as refused:
            form.add_error("password", said(refused))
    if pages.step_owed(request) is Owed.PASSWORD:
        return pages.show(request, "desk/account/owed_password.html", {"form": form})
    return _me(request, form)


def _password_changed(request: DeskRequest) -> HttpResponse:
    """All sessions ended with the old password; this one goes on."""
    account = ModelBackend().get_user(own_id(request))
    if account is not None:
        update_session_auth_hash(request, account)
    notices.say(request, Notice(_("Your password is changed. All other sessions are ended.")))
    return HttpResponseRedirect(reverse("desk:me"))


@page(SIGNED_IN, methods=("GET", "POST"))
def second_factor(request: DeskRequest) -> HttpResponse:
    """Set up the authenticator app: a QR code, then a first code of it."""
    if _account(request).has_second_factor:
        return HttpResponseRedirect(reverse("desk:me"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = commands.confirm_second_factor(own_id(request), form.cleaned_data["code"])
        except (CodeWrong, SecondFactorMissing) as wrong:
            form.add_error("code", said(wrong))
        else:
            return pages.show(request, "desk/account/recovery.html", {"codes": codes, "login": request.actor.login})
    offer = commands.offer_second_factor(own_id(request)) if request.method == "GET" else None
    context = {"form": form, "offer": offer, "qr": qr(offer.address) if offer else "", "owed": pages.step_owed(request) is not None}
    return pages.show(request, "desk/account/second_factor.html", context)


@page(SIGNED_IN, methods=("GET", "POST"))
def recovery(request: DeskRequest) -> HttpResponse:
    """New recovery codes against a code of the app; the old ones are worthless from then on."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = commands.renew_recovery_codes(own_id(request), form.cleaned_data["code"])
        except (CodeWrong, SecondFactorMissing) as wrong:
            form.add_error("code", said(wrong))
        else:
            return pages.show(request, "desk/account/recovery.html", {"codes": codes, "login": request.actor.login})
    return pages.show(request, "desk/account/recovery_new.html", {"form": form})


@page(SIGNED_IN, methods=("POST",))
def sign_out_everywhere(request: DeskRequest) -> HttpResponse:
    """End all sessions of one's account but this one."""
    account_id = own_id(request)
    commands.end_sessions(account_id, by=request.actor)
    account = ModelBackend().get_user(account_id)
    if account is not None:
        update_session_auth_hash(request, account)
    notices.say(request, Notice(_("All other sessions are ended.")))
    return HttpResponseRedirect(reverse("desk:me"))


@page(SIGNED_IN, methods=("POST",))
def cut_off(request: DeskRequest, device_id: UUID) -> HttpResponse:
    """Refuse a device from now on: one's own, or of an account one answers for."""
    stolen = request.POST.get("stolen") == "yes"
    commands.cut_off(DeviceId(device_id), by=request.actor, stolen=stolen)
    notices.say(request, Notice(_("The device is cut off. What a phone still delivers waits for a decision; then it wipes itself.")))
    return HttpResponseRedirect(pages.came_from(request))
