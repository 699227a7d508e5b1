"""The one form of residents: what help is needed, and how to call back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = (
    ("medicine", _("Doctor or medicine")),
    ("food", _("Food and goods")),
    ("care", _("Care for the old or for children")),
    ("repair", _("Water, power, heating")),
    ("talk", _("Somebody to talk to")),
    ("other", _("Something else")),
)


class HelpForm(forms.Form):
    """Short on purpose: what, a line, a number."""

    kind = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect, choices=KINDS)
    words = forms.CharField(
        label=_("In a few words"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Number to call back"),
        max_length=20,
        required=False,
        help_text=_("Left empty, somebody comes to the door"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
