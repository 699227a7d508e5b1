"""Forms of posts and teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import PLAIN, Dressed
from lianfang.ground.organisations.force_types import Hours, PostKind, TeamKind
from lianfang.ground.organisations.rules import hours_read

ROUND_THE_CLOCK = "00:00-24:00"


class PostForm(Dressed):
    """A post: what it is called, what is done there, when and by how many."""

    name = forms.CharField(label=_("Name of the post"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: [(one.value, words.word(words.POSTS, one.value)) for one in PostKind])
    duty = forms.CharField(label=_("What is done there"), max_length=120, help_text=_("it stands on the poster; no names"))
    hours = forms.CharField(
        label=_("Manned at"),
        widget=forms.Textarea(attrs={"rows": 3}),
        initial=ROUND_THE_CLOCK,
        help_text=_("a shift a line: 08:00-20:00; on some days only: 1-5 08:00-20:00 (1 is Monday); round the clock: 00:00-24:00"),
    )
    needed = forms.IntegerField(label=_("People at once"), min_value=1, max_value=99, initial=1)
    organisation = forms.ChoiceField(label=_("Of which organisation"), required=False)
    incident = forms.ChoiceField(label=_("Incident"), required=False)

    def clean_hours(self) -> list[Hours]:
        """The shifts as they were written."""
        found = hours_read(self.cleaned_data["hours"])
        if not found:
            raise forms.ValidationError(gettext("This is no shift. Write for example: 1-5 08:00-20:00"))
        return found


class TeamForm(Dressed):
    """A team and what it is for."""

    name = forms.CharField(label=_("Name of the team"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: [(one.value, words.word(words.TEAMS, one.value)) for one in TeamKind])
    tasks = forms.CharField(label=_("Tasks"), max_length=200, required=False, help_text=_("several with commas between them"))
    organisation = forms.ChoiceField(label=_("Of which organisation"), required=False)
    incident = forms.ChoiceField(label=_("Incident"), required=False)
    of_party = forms.BooleanField(label=_("A Party team: led by a full member"), required=False)
    leader = forms.CharField(label=pgettext_lazy("of a team", "Leader"), max_length=50, required=False, widget=forms.TextInput(attrs=PLAIN))
    phone = forms.CharField(
        label=_("Telephone of the leader"), max_length=20, required=False, help_text=_("where several have this name"),
        widget=forms.TextInput(attrs=PLAIN),
    )  # fmt: skip


class WhoForm(Dressed):
    """Somebody, by name or out of the pool."""

    force = forms.ChoiceField(label=_("From the pool"), required=False)
    name = forms.CharField(label=_("Or by name"), max_length=50, required=False, widget=forms.TextInput(attrs=PLAIN))
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        help_text=_("where several have this name"),
        widget=forms.TextInput(attrs=PLAIN),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is said."""
        said = super().clean() or self.cleaned_data
        if not said.get("force") and not said.get("name", "").strip():
            self.add_error("name", gettext("Choose or name somebody."))
        return said
