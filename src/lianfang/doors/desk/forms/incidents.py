"""Forms of incidents and measures: each decision states its authority and its document."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import Dressed, moment_field
from lianfang.ground.incidents.types import Ground

UNCHOSEN = ("", _("choose one"))
"""What stands first where a choice weighs: nobody decides the gravest level, or that people stay at home, by leaving a field as it was."""


class GroundForm(Dressed):
    """On what ground something is decided."""

    authority = forms.CharField(label=_("Deciding authority"), max_length=80)
    document = forms.CharField(label=_("Document"), max_length=80, help_text=_("number of the document or order"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def ground(self) -> Ground:
        """What was typed."""
        told = self.cleaned_data
        return Ground(told["authority"], told["document"], told["reason"])


class OpeningForm(GroundForm):
    """An incident to be opened: everything that must be stated."""

    name = forms.CharField(label=_("Name of the incident"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind of incident"), choices=lambda: [UNCHOSEN, *words.INCIDENTS.items()])
    level = forms.ChoiceField(label=_("Level of response"), choices=lambda: [UNCHOSEN, *words.RESPONSES.items()])
    area = forms.ChoiceField(label=_("Over"), required=False)
    expires_at = moment_field(_("Until (expected)"), help_text=_("it lapses then unless it is renewed"))
    rule_set = forms.ChoiceField(label=_("Rule set"), required=False, help_text=_("none unless you choose one"))
    measures = forms.MultipleChoiceField(
        label=_("Measures from the beginning, over all of it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    drill = forms.BooleanField(label=_("This is a drill"), required=False)
    field_order = ("drill", "name", "kind", "level", "area", "expires_at", "authority", "document", "reason", "rule_set", "measures")


class RaisingForm(GroundForm):
    """A measure to be raised."""

    key = forms.ChoiceField(label=_("Measure"))
    over = forms.CharField(label=_("Over"), max_length=80, help_text=_("an address, a code, or area:NAME"))
    begins_at = moment_field(_("Takes effect"), required=False, help_text=_("empty: now"))
    expires_at = moment_field(_("Until"), help_text=_("it lapses then unless it is renewed"))
    published = forms.BooleanField(label=_("People have been told"), required=False)
    beyond = forms.CharField(
        label=_("Why it goes beyond the rules"), max_length=200, required=False, help_text=_("only where it does; shown to those above")
    )
    field_order = ("key", "over", "begins_at", "expires_at", "authority", "document", "reason", "published", "beyond")


class DecisionForm(GroundForm):
    """A decision about an incident or a measure; the fields that it does not take are left out."""

    until = moment_field(_("Until"))
    at = moment_field(_("From"), required=False, help_text=_("empty: now"))
    level = forms.ChoiceField(label=_("Level of response"), choices=lambda: [UNCHOSEN, *words.RESPONSES.items()])
    phase = forms.ChoiceField(label=_("Phase"), choices=lambda: list(words.PHASES.items()))
    rule_set = forms.ChoiceField(label=_("Rule set"), required=False)
    lift = forms.BooleanField(label=_("Lift all measures that are still in force with it"), required=False)
    superior = forms.BooleanField(label=_("The authority stands above the one that raised it"), required=False)
    beyond = forms.CharField(label=_("Why it goes beyond the rules"), max_length=200, required=False)
    field_order = ("until", "at", "level", "phase", "rule_set", "authority", "document", "reason", "lift", "superior", "beyond")

    def keep(self, *names: str) -> DecisionForm:
        """Only these fields, beside those of the ground."""
        for name in ("until", "at", "level", "phase", "rule_set", "lift", "superior", "beyond"):
            if name not in names:
                self.fields.pop(name)
        return self
