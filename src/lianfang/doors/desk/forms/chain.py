"""Forms of appointing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import PLAIN, Dressed, day_field


class AppointForm(Dressed):
    """Somebody by name and number, for how long and why."""

    name = forms.CharField(label=_("Name"), max_length=50, widget=forms.TextInput(attrs=PLAIN))
    phone = forms.CharField(
        label=_("Phone"),
        max_length=24,
        help_text=_("Somebody known by this number gets the role; for anybody else an account and a joining link are made"),
        widget=forms.TextInput(attrs={"inputmode": "tel", **PLAIN}),
    )
    valid_to = day_field(
        _("Until (first day it no longer holds)"), required=False, help_text=_("for a stand-in or a take-over; else leave it empty")
    )
    reason = forms.CharField(label=_("On what ground"), max_length=200, required=False)
