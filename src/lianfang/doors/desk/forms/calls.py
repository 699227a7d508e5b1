"""The form that starts a call."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import Dressed
from lianfang.work.mobilisation import wording


class CallForm(Dressed):
    """To whom, what for, how many."""

    words = forms.CharField(
        label=_("What for, and where to come"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("it is sent as it stands; no names, numbers or addresses of residents"),
    )  # fmt: skip
    wanted = forms.IntegerField(label=_("How many are wanted"), min_value=1, max_value=100_000, initial=10)
    able = forms.MultipleChoiceField(
        label=_("Only those who can do, speak or drive all of this"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.value, words) for one, words in wording.ABLE.items()],
    )  # fmt: skip
    organisation = forms.ChoiceField(label=_("Only those of"), required=False)
    force = forms.MultipleChoiceField(
        label=_("Only these people"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}), help_text=_("none chosen: everybody")
    )
    wait_minutes = forms.IntegerField(
        label=_("Minutes until the neighbours are called"),
        min_value=1,
        max_value=1440,
        initial=15,
        help_text=_("if too few have promised by then"),
    )
    app = forms.BooleanField(label=_("Also as a message in the field app, to all who work here"), required=False)
    test = forms.BooleanField(label=_("A communication test: nobody has to come"), required=False)
