"""Forms of records at a door and of matters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import PLAIN, Dressed, moment_field
from lianfang.doors.desk.saying import said
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.errands import About, Settlement
from lianfang.ledger.kinds.notes import Topic
from lianfang.ledger.kinds.words import Choice
from lianfang.work.rounds import lists


def terms(kind: type[Choice], *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The choices of a record's field, in the reader's language."""
    return [(member.value, gettext(member.english)) for member in kind if member.value not in without]


def _outcomes() -> list[tuple[str, Any]]:
    return [(sign.state, sign.name) for sign in words.SIGNS.values() if sign.key]


class VisitForm(Dressed):
    """A visit with more than its outcome."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=_outcomes)
    people_seen = forms.IntegerField(label=_("People seen"), min_value=0, max_value=99, required=False)
    wants_help = forms.BooleanField(label=_("The household asks for help"), required=False)
    household = forms.ChoiceField(label=_("Speaks for"), required=False)
    unlisted = forms.IntegerField(label=_("Seen here, not on the list"), min_value=0, max_value=99, required=False)
    unseen = forms.IntegerField(label=_("On the list, known to nobody here"), min_value=0, max_value=99, required=False)
    away_to = forms.CharField(
        label=_("Where they are, if away or moved"),
        max_length=40,
        required=False,
        help_text=_("full name or code of a division, or a country"),
    )
    next_try_at = moment_field(_("Next try, where one is agreed"), required=False, help_text=_("else it is planned by rule"))
    channel = forms.ChoiceField(
        label=_("How it was learned"), choices=lambda: [(value, words.CHANNELS[value]) for value in ("seen", "phone", "paper", "neighbour")]
    )
    at = moment_field(_("When, if not just now"), required=False)

    def clean_away_to(self) -> str | None:
        """The code of the place or country that is named."""
        try:
            return lists.WhereTo().read(self.cleaned_data["away_to"])
        except lists.WhereToNotUnderstood as refused:
            raise forms.ValidationError(said(refused)) from None


class CorrectionForm(Dressed):
    """What a visit really found; without an outcome it did not happen."""

    outcome = forms.ChoiceField(required=False, choices=lambda: [("", ""), *_outcomes()])
    people_seen = forms.IntegerField(label=_("People seen"), min_value=0, max_value=99, required=False)
    away_to = forms.CharField(max_length=40, required=False)
    reason = forms.ChoiceField(choices=lambda: terms(Ground), required=False)

    clean_away_to = VisitForm.clean_away_to


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
    due_at = moment_field(_("By when"))
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
    due_at = moment_field(_("By when"))
