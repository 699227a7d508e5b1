"""Forms of records at a door and of matters."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import PLAIN, Dressed
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.ledger.kinds.notes import Topic
from lianfang.ledger.kinds.words import Choice


def terms(kind: type[Choice], *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The choices of a record's field, in the reader's language."""
    return [(member.value, gettext(member.english)) for member in kind if member.value not in without]


class VisitForm(Dressed):
    """A visit with more than its outcome."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=lambda: [(sign.state, sign.name) for sign in words.SIGNS.values() if sign.key])
    people_seen = forms.IntegerField(label=_("People seen"), min_value=0, max_value=99, required=False)
    wants_help = forms.BooleanField(label=_("The household asks for help"), required=False)
    channel = forms.ChoiceField(
        label=_("How it was learned"), choices=lambda: [(value, words.CHANNELS[value]) for value in ("seen", "phone", "paper", "neighbour")]
    )
    at = forms.DateTimeField(
        label=_("When, if not just now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class RemarkForm(Dressed):
    """Something worth knowing, in free words; kept sealed."""

    topic = forms.ChoiceField(label=_("About"), choices=lambda: terms(Topic))
    remark = forms.CharField(
        label=_("In a few words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, **PLAIN}),
        help_text=_("kept sealed; read only at this door"),
    )


class MatterForm(Dressed):
    """A matter to be raised."""

    about = forms.ChoiceField(label=_("What it is about"), choices=lambda: terms(About))
    owner = forms.ChoiceField(label=_("Who settles it"), required=False)
    due_at = forms.DateTimeField(label=_("By when"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    urgent = forms.BooleanField(label=_("Before all others"), required=False)
    remark = forms.CharField(
        label=_("In a few words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **PLAIN}),
        help_text=_("kept sealed; read by those who settle it"),
    )


class SettleForm(Dressed):
    """How a matter was settled."""

    settlement = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect, choices=lambda: terms(Settlement, without=("handed_over",)))
    remark = forms.CharField(label=_("In a few words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, **PLAIN}))


class HandOverForm(Dressed):
    """To whom a matter goes, and by when."""

    owner = forms.ChoiceField(label=_("To whom"))
    due_at = forms.DateTimeField(label=_("By when"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
