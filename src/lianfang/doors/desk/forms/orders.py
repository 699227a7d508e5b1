"""Forms of orders."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import PLAIN, Dressed, moment_field
from lianfang.ledger.kinds.orders import Answer, DownTo


class OrderForm(Dressed):
    """An order down the tree."""

    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("no names, numbers or addresses of residents"),
    )
    document = forms.CharField(label=_("Document"), max_length=80, required=False)
    down_to = forms.ChoiceField(label=_("Goes down to"), choices=lambda: [(one.value, gettext(one.english)) for one in DownTo])
    area = forms.ChoiceField(label=_("Over"), required=False)
    incident = forms.ChoiceField(label=_("Incident"), required=False)
    acknowledge_by = moment_field(_("Received by"))
    due_at = moment_field(_("Completed by"))


class AnswerForm(Dressed):
    """What a place answers."""

    place = forms.ChoiceField(label=_("For"))
    answer = forms.ChoiceField(label=_("Answer"), choices=lambda: [(one.value, gettext(one.english)) for one in Answer])
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, help_text=_("sealed; what hinders it"), widget=forms.TextInput(attrs=PLAIN)
    )
