"""The forms that open a round, give it more time and take it back, and the one that brings a filled list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import Dressed, moment_field
from lianfang.ledger.kinds import questions


class RoundForm(Dressed):
    """A round over a place, or over one of its areas."""

    name = forms.CharField(label=_("Name of the round"), max_length=80)
    area = forms.ChoiceField(label=_("Over"), required=False)
    form = forms.ChoiceField(
        label=_("What is asked at the door"), choices=lambda: [(one.name, gettext(one.english)) for one in questions.current()]
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=200, required=False, help_text=_("shown to those who are asked"))
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False, help_text=_("shown to those who are asked"))
    closes_at = moment_field(_("Deadline"))
    repeat_days = forms.IntegerField(label=_("Again every so many days"), min_value=1, max_value=90, required=False)


class MoreTimeForm(Dressed):
    """A later deadline of a round, and why."""

    until = moment_field(_("New deadline"))
    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("kept in the log of changes"))


class TakeBackForm(Dressed):
    """Why a round is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("kept in the log of changes"))


class FilledListForm(Dressed):
    """A list of missing doors that was filled in."""

    file = forms.FileField(
        label=_("The filled list"),
        help_text=_("The workbook of missing doors, with outcomes typed in from the paper. The same list again changes nothing."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
