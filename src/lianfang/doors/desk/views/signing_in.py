"""Sign-in in two steps, joining links, language and size of type."""

from __future__ import annotations

import base64
import json
from binascii import Error as NotBase64
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.backends import ModelBackend
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language

from lianfang.doors.desk import pages
from lianfang.doors.desk.forms.accounts import CodeForm, JoinForm, SignInForm
from lianfang.doors.desk.frame import back, public
from lianfang.doors.desk.saying import said
from lianfang.ground.accounts import commands, queries
from lianfang.ground.accounts.types import CodeNeeded, DigitsNeeded, DigitsWrong, JoiningRefused, SignedIn
from lianfang.kernel import clock
from lianfang.kernel.errors import Invalid, Refused
from lianfang.kernel.sealing import SealBroken, keyring

if TYPE_CHECKING:
    from django.http import HttpRequest

BACKEND = "django.contrib.auth.backends.ModelBackend"
_TICKET = "desk.sign_in_ticket"
_TICKET_TIME = timedelta(minutes=5)
_YEAR = 365 * 24 * 3600


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("desk:home")


def _ticket(name: str, password: str) -> str:
    """What the second step needs of the first, sealed for five minutes: the password is typed once and kept nowhere."""
    until = (clock.now() + _TICKET_TIME).isoformat()
    return base64.urlsafe_b64encode(keyring().seal(json.dumps([name, password, until]), _TICKET)).decode()


def _read_ticket(ticket: str) -> tuple[str, str] | None:
    try:
        name, password, until = json.loads(keyring().open(base64.urlsafe_b64decode(ticket), _TICKET))
    except (SealBroken, NotBase64, ValueError, IndexError):
        return None
    return (name, password) if clock.now().isoformat() < until else None


def _enter(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    account = ModelBackend().get_user(signed_in.account_id)
    if account is None:
        return HttpResponseRedirect(reverse("desk:sign_in"))
    login(request, account, backend=BACKEND)
    return HttpResponseRedirect(_next(request))


@public("signing in is how one gets an account", methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login and password; then, where a second factor is set, its code."""
    form = SignInForm(request.POST or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["login"], form.cleaned_data["password"]
        try:
            return _enter(request, commands.sign_in(name, password))
        except CodeNeeded:
            context = {"form": CodeForm(), "ticket": _ticket(name, password), "next": _next(request)}
            return pages.show(request, "desk/account/code.html", context)
        except Refused as said_no:
            refused = said_no
    cast = getattr(settings, "LIANFANG_CAST", ()) if settings.LIANFANG_DEMO else ()
    context = {"form": form, "refused": refused, "next": _next(request), "cast": cast}
    return pages.show(request, "desk/account/sign_in.html", context, status=403 if refused else 200)


@public("the second step of signing in", methods=("POST",))
def code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor, with the sealed ticket of the first step."""
    ticket = request.POST.get("ticket", "")
    known = _read_ticket(ticket)
    if known is None:
        return HttpResponseRedirect(reverse("desk:sign_in"))
    form = CodeForm(request.POST)
    refused: Refused | None = None
    if form.is_valid():
        try:
            return _enter(request, commands.sign_in(*known, form.cleaned_data["code"]))
        except Refused as said_no:
            refused = said_no
    context = {"form": form, "refused": refused, "ticket": ticket, "next": _next(request)}
    return pages.show(request, "desk/account/code.html", context, status=403 if refused else 200)


@public("somebody without a password yet opens the link they were handed", methods=("GET", "POST"))
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Last four digits of the phone, then a password; signed in at once."""
    try:
        link = queries.joining(token)
    except JoiningRefused as refused:
        return pages.alone(request, refused)
    form = JoinForm(request.POST or None, needs_phone=link.needs_phone)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        try:
            commands.join(token, form.cleaned_data.get("digits", ""), password)
            return _enter(request, commands.sign_in(link.login, password))
        except (DigitsNeeded, DigitsWrong) as wrong:
            form.add_error("digits", said(wrong))
        except Invalid as wrong:
            form.add_error("password", said(wrong))
        except Refused as refused:
            return pages.alone(request, refused)
    return pages.show(request, "desk/account/join.html", {"form": form, "link": link})


@public("whoever is signed in leaves; nobody is harmed by leaving twice", methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign_in"))


@public("the choice of language needs no account", methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie."""
    wanted = request.POST.get("language", "")
    response = back(request, reverse("desk:home"))
    if check_for_language(wanted) and wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@public("the size of type needs no account", methods=("POST",))
def elder(request: HttpRequest) -> HttpResponse:
    """Large type on or off, kept in a cookie."""
    response = back(request, reverse("desk:home"))
    value = "on" if request.POST.get("elder") == "on" else "off"
    response.set_cookie(pages.ELDER_COOKIE, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response
