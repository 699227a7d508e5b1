"""Forms about persons: adding, correcting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import PLAIN, Dressed, day_field


def choices(table: Any, *, empty: Any = None) -> list[tuple[str, Any]]:
    """The choices of a table of words."""
    listed = [(value, name) for value, name in table.items()]
    return [("", empty), *listed] if empty is not None else listed


class PersonForm(Dressed):
    """Somebody to be added at a door."""

    name = forms.CharField(label=_("Name"), max_length=50, widget=forms.TextInput(attrs=PLAIN))
    relation = forms.ChoiceField(label=_("Relation"), required=False, choices=lambda: choices(words.RELATIONS, empty=_("not recorded")))
    kind = forms.ChoiceField(
        label=_("Residence"),
        choices=[("actual", _("lives here")), ("both", _("lives and is registered here")), ("registered", _("only registered here"))],
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", **PLAIN}))
    paper_kind = forms.ChoiceField(
        label=_("Paper"), required=False, choices=lambda: choices(words.PAPERS, empty=_("recognised by its number"))
    )
    paper = forms.CharField(label=_("Number of the paper"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=lambda: choices(words.SEXES, empty=_("by the paper")))
    birth = day_field(_("Date of birth"), required=False)
    since = day_field(_("Since"), required=False)


class CorrectionForm(Dressed):
    """What is wrong about a person: only what is filled in is changed."""

    name = forms.CharField(label=_("Name"), max_length=50, required=False, widget=forms.TextInput(attrs=PLAIN))
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", **PLAIN}))
    paper_kind = forms.ChoiceField(
        label=_("Paper"), required=False, choices=lambda: choices(words.PAPERS, empty=_("recognised by its number"))
    )
    paper = forms.CharField(label=_("Number of the paper"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=lambda: choices(words.SEXES, empty=_("as it is")))
    birth = day_field(_("Date of birth"), required=False)
    reason = forms.CharField(
        label=_("On what ground"),
        max_length=120,
        required=False,
        help_text=_("for example: as the paper says"),
        widget=forms.TextInput(attrs=PLAIN),
    )
