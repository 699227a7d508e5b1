"""The form of a take-over."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import Dressed, day_field


class TakeoverForm(Dressed):
    """Which body stands in, on what paper, until when; who of it holds which offices."""

    taken_by = forms.ChoiceField(label=_("Which body takes it over"))
    document = forms.CharField(label=_("On what ground"), max_length=200, help_text=_("the paper that says so, with its number"))
    until = day_field(
        _("Until (the day it gives back)"),
        required=False,
        help_text=_("on that day everything goes back by itself; empty: until somebody says"),
    )
    deputy = forms.ChoiceField(
        label=_("Who stands in"), required=False, help_text=_("gets the offices ticked below and what is open there")
    )
    offices = forms.MultipleChoiceField(
        label=_("Offices handed over"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("those who hold them now hold them again when everything goes back"),
    )  # fmt: skip
