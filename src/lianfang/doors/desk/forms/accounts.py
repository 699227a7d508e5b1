"""Forms of sign-in, one's own account, and the administration of accounts and grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import PLAIN, Dressed, day_field


class SignInForm(Dressed):
    """Login and password."""

    login = forms.CharField(
        label=_("Login"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(Dressed):
    """The code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=24,
        help_text=_("Six digits from the app, or a recovery code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class _NewPassword(Dressed):
    password = forms.CharField(
        label=_("New password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("The same once more"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two are not the same."))
        return cleaned


class JoinForm(_NewPassword):
    """What a joining link asks: the last four digits of the phone, then a password."""

    digits = forms.CharField(
        label=_("Last four digits of your phone"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **PLAIN}),
    )
    field_order = ("digits", "password", "again")

    def __init__(self, *args: Any, needs_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_phone:
            del self.fields["digits"]


class PasswordForm(_NewPassword):
    """Change of one's own password."""

    present = forms.CharField(
        label=_("Present password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("present", "password", "again")


class AccountForm(Dressed):
    """A new account with its first grant."""

    name = forms.CharField(label=_("Name"), max_length=50, widget=forms.TextInput(attrs=PLAIN))
    login = forms.CharField(
        label=_("Login"),
        max_length=32,
        required=False,
        help_text=_("Lower-case letters and digits, for example the pinyin of the name"),
        widget=forms.TextInput(attrs=PLAIN),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        required=False,
        help_text=_("The joining link asks for its last four digits"),
        widget=forms.TextInput(attrs={"inputmode": "tel", **PLAIN}),
    )


class GrantForm(Dressed):
    """A role over a place or area, from day to day."""

    login = forms.CharField(label=_("Login of the account"), max_length=32, widget=forms.TextInput(attrs=PLAIN))
    role = forms.ChoiceField(label=_("Role"))
    where = forms.CharField(
        label=_("Place"), max_length=80, help_text=_("Twelve-digit code, an address such as 3-2, or area:NAME for a grid or compound")
    )
    valid_from = day_field(_("From"))
    valid_to = day_field(_("Until (first day it no longer holds)"), required=False)
    reason = forms.CharField(label=_("On what ground"), max_length=200, required=False)

    def __init__(self, *args: Any, roles: list[str], today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"valid_from": today, **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.offer("role", [(role, words.word(words.ROLES, role)) for role in roles])


class ImportForm(Dressed):
    """An Excel list of accounts."""

    file = forms.FileField(
        label=_("List (.xlsx, .xls, .csv)"),
        help_text=_("Columns: name, phone, role, place; one account a row. The first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    role = forms.ChoiceField(label=_("Role, where the list names none"), required=False)
    accept_doubtful = forms.BooleanField(label=_("Take doubtful rows too: I have looked at how their places were read"), required=False)

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("role", [("", _("as the list says")), *((role, words.word(words.ROLES, role)) for role in roles)])
