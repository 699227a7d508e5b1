"""The form of somebody who came from elsewhere."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import Dressed, day_field
from lianfang.doors.desk.forms.matters import terms
from lianfang.doors.desk.saying import said
from lianfang.kernel import clock
from lianfang.ledger.kinds.returns import Means
from lianfang.work.rounds import lists
from lianfang.work.rounds.rules import FollowUp, rules_on


def _rule_name(rule: FollowUp) -> str:
    """A rule set as its document calls it, or in English."""
    return rule.term if (get_language() or "").startswith("zh") else rule.english


class ArrivalForm(Dressed):
    """Who came, from where, when, how, and by which rule they are followed up."""

    subject = forms.ChoiceField(label=_("Who"), required=False)
    origin = forms.CharField(label=_("From where"), max_length=40, help_text=_("full name or code of a division, or a country"))
    arrived_on = day_field(_("Arrived on"))
    means = forms.ChoiceField(label=_("Came by"), choices=lambda: terms(Means))
    rule = forms.ChoiceField(
        label=_("Follow-up"),
        required=False,
        choices=lambda: [("", _("none is asked for")), *((rule.key, _rule_name(rule)) for rule in rules_on(clock.today()))],
    )

    def clean_origin(self) -> str:
        """The code of the place or country that is named."""
        try:
            return lists.WhereTo().read(self.cleaned_data["origin"]) or ""
        except lists.WhereToNotUnderstood as refused:
            raise forms.ValidationError(said(refused)) from None

    def clean_arrived_on(self) -> object:
        """A day that has come."""
        if self.cleaned_data["arrived_on"] > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["arrived_on"]
