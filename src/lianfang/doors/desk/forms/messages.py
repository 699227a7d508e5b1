"""The form that writes a message to workers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.doors.desk.forms.dressing import Dressed
from lianfang.work.outreach.rules import LONGEST, LONGEST_TITLE


class MessageForm(Dressed):
    """A short message."""

    area = forms.ChoiceField(label=pgettext_lazy("a message", "To whom"), required=False)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    words = forms.CharField(
        label=_("What is to be done"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("no names and numbers of residents: give the door, the rest stands there"),
    )
