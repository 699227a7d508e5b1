"""Forms of rosters: a file, a row mended in place, an export."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import PLAIN, Dressed


class RosterForm(Dressed):
    """A roster to be brought."""

    file = forms.FileField(
        label=_("Roster"),
        help_text=_(".xlsx, .xls or .csv as you keep it: titles, notes and merged cells may stay. It is only tried first."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


class RowForm(Dressed):
    """Values typed over those of a row; what is left empty stays as the file has it."""

    name = forms.CharField(label=_("Name"), max_length=50, required=False, widget=forms.TextInput(attrs=PLAIN))
    paper = forms.CharField(label=_("ID number"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN))
    address = forms.CharField(label=_("Address, as 3-2-501"), max_length=100, required=False, widget=forms.TextInput(attrs=PLAIN))


class ExportForm(Dressed):
    """What an export is for."""

    reason = forms.CharField(label=_("What for"), max_length=200, help_text=_("Kept in the log of looks, for every person in the file."))
