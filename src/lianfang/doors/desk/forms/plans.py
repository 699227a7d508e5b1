"""Forms of plans and of the switch: what a secretary fills in peacetime, and what is confirmed when it counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import Dressed, moment_field
from lianfang.doors.desk.forms.incidents import GroundForm
from lianfang.ground.organisations.force_types import PostKind, TeamKind
from lianfang.headquarters.playbooks import wording
from lianfang.headquarters.playbooks.types import Part, Section
from lianfang.work.mobilisation import wording as able


class NewPlanForm(Dressed):
    """A plan to be drawn up from an example."""

    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    example = forms.ChoiceField(label=_("Begin with"), help_text=_("everything in it can be changed"))
    approver = forms.ChoiceField(label=_("Who approves the branches"), required=False)


class PlanForm(Dressed):
    """What a plan says of the incident it opens."""

    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    level = forms.ChoiceField(label=_("Level of response"), choices=lambda: list(words.RESPONSES.items()))
    days = forms.IntegerField(label=_("Expected days"), min_value=1, max_value=365)
    approver = forms.ChoiceField(label=_("Who approves the branches"), required=False)
    assign = forms.BooleanField(label=_("Allot everybody who can be sent to what is needed"), required=False)
    measures = forms.MultipleChoiceField(
        label=_("Measures from the beginning, over all of it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Why it is changed"), max_length=200, required=False)


_TEXTS = {
    Section.BODIES: _("What it is for"),
    Section.POSTS: _("Duty of the post"),
    Section.CALLS: _("Words of the message"),
    Section.ORDERS: _("Text"),
}
_NUMBERS = {
    Section.POSTS: _("People at once"),
    Section.NEEDS: _("People at least"),
    Section.CALLS: _("People wanted"),
}
_MINUTES = {Section.CALLS: _("Minutes until the neighbours are called"), Section.ORDERS: _("Minutes to acknowledge")}
_KINDS: dict[Section, list[tuple[str, Any]]] = {
    Section.TEAMS: [
        (TeamKind.PIONEER, _("Pioneer team")), (TeamKind.COMMANDO, _("Commando team")), (TeamKind.VOLUNTEER, _("Volunteer team")),
        (TeamKind.GUARD, _("Guard team")), (TeamKind.SUPERVISORS, _("Voluntary supervisors")), (TeamKind.OTHER, _("Other team")),
    ],
    Section.POSTS: [
        (PostKind.PIONEER, _("Pioneer post")), (PostKind.MODEL, _("Model post")), (PostKind.CHECKPOINT, _("Checkpoint")),
        (PostKind.SAMPLING, _("Sampling post")), (PostKind.SERVICE, _("Service post")), (PostKind.PATROL, _("Patrol post")),
        (PostKind.OTHER, _("Other post")),
    ],
}  # fmt: skip
_OF = {Section.TEAMS: Section.BODIES, Section.POSTS: Section.BODIES, Section.NEEDS: Section.POSTS}


class PartForm(Dressed):
    """One part of a plan; the fields that its step does not take are left out."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("{place} becomes the name of each place"))
    each = forms.ChoiceField(label=_("Where"), choices=lambda: list(wording.EACH.items()))
    kind = forms.ChoiceField(label=_("Kind"))
    text = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("no names, numbers or addresses of residents")
    )
    number = forms.IntegerField(min_value=1, max_value=100_000)
    most = forms.IntegerField(label=_("People at most"), min_value=1, max_value=100_000)
    of = forms.ChoiceField(label=_("Belongs to"), required=False)
    of_party = forms.BooleanField(label=_("Of the Party: led by a full member"), required=False)
    risky = forms.BooleanField(label=_("With a risk: nobody under 18"), required=False)
    able = forms.MultipleChoiceField(
        label=_("Required"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(a.value, w) for a, w in able.ABLE.items()],
    )
    down_to = forms.ChoiceField(label=_("Goes down to"), choices=lambda: [(k, words.LEVELS[k]) for k in ("street", "community")])
    minutes = forms.IntegerField(min_value=1, max_value=10_000)
    hours = forms.IntegerField(label=_("Hours to complete"), min_value=1, max_value=1_000)

    def __init__(self, *args: Any, section: Section, parts: tuple[Part, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = {
            "kind": section in _KINDS, "text": section in _TEXTS, "number": section in _NUMBERS, "most": section is Section.NEEDS,
            "of": section in _OF, "of_party": section in (Section.TEAMS, Section.NEEDS), "risky": section is Section.NEEDS,
            "able": section in (Section.NEEDS, Section.CALLS), "down_to": section is Section.ORDERS, "minutes": section in _MINUTES,
            "hours": section is Section.ORDERS,
        }  # fmt: skip
        for name, has in taken.items():
            if not has:
                del self.fields[name]
        for name, labels in (("text", _TEXTS), ("number", _NUMBERS), ("minutes", _MINUTES)):
            if name in self.fields:
                self.fields[name].label = labels[section]
        if "kind" in self.fields:
            self.offer("kind", _KINDS[section])
        if "of" in self.fields:
            self.offer("of", [("", _("none")), *((one.key, one.name) for one in parts if one.section is _OF[section])])

    def part(self, key: str, section: Section) -> Part:
        """What was typed."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        told["able"] = tuple(told.get("able", ()))
        return Part(key=key, section=section, **told)


class PeopleForm(Dressed):
    """Who is bound to a part of a plan at one place."""

    people = forms.MultipleChoiceField(label=_("People"), required=False, widget=forms.CheckboxSelectMultiple)
    leader = forms.ChoiceField(label=_("Who leads"), required=False)

    def chosen(self) -> list[str]:
        """The people as typed, whoever leads first."""
        leader, people = self.cleaned_data["leader"], self.cleaned_data["people"]
        return [leader, *(one for one in people if one != leader)] if leader else list(people)


class SwitchForm(GroundForm):
    """The switch: on what ground, until when."""

    level = forms.ChoiceField(label=_("Level of response"), choices=lambda: list(words.RESPONSES.items()))
    expires_at = moment_field(_("Until (expected)"), help_text=_("it lapses then unless it is renewed"))
    approver = forms.ChoiceField(label=_("Who approves the branches"), required=False)
    sure = forms.BooleanField(label=_("I have looked at what will happen"))
    field_order = ("authority", "document", "reason", "level", "expires_at", "approver", "sure")


class StandDownForm(GroundForm):
    """The way back; for each body whether it is dissolved or stays."""

    sure = forms.BooleanField(label=_("I have looked at what will be closed"))
