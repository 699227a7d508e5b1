"""Forms about places: names, buildings, doors, points, endings, the phrase of a layout."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianfang.doors.desk import words
from lianfang.doors.desk.forms.dressing import Dressed, day_field


class RenameForm(Dressed):
    """A new name from a day."""

    name = forms.CharField(label=pgettext_lazy("of a place", "Name"), max_length=80)


class BuildingForm(Dressed):
    """One building, house or site."""

    name = forms.CharField(
        label=pgettext_lazy("of a place", "Name"), max_length=80, help_text=_("as it stands on the wall: 3栋, 12号, 东站工地")
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=lambda: [(kind, words.KINDS[kind]) for kind in ("building", "house", "site")])


class DoorForm(Dressed):
    """One door."""

    label = forms.CharField(label=_("What stands on the door"), max_length=20)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=lambda: [(kind, words.KINDS[kind]) for kind in ("dwelling", "shop", "office", "bed")]
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    floor = forms.IntegerField(label=_("Floor"), required=False, min_value=-9, max_value=200)


class PointForm(Dressed):
    """A point by longitude and latitude (WGS-84)."""

    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, widget=forms.NumberInput(attrs={"step": "any"}))
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, widget=forms.NumberInput(attrs={"step": "any"}))


class EndForm(Dressed):
    """The day on which a place ended."""

    on = day_field(_("First day on which it is no more"))


class LayoutForm(Dressed):
    """The phrase that lays out buildings."""

    compound = forms.CharField(
        label=_("Compound they belong to"),
        max_length=80,
        required=False,
        help_text=_("founded when there is none of this name; two compounds may each have a building 3"),
    )
    phrase = forms.CharField(
        label=_("Buildings in one line"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("Which buildings, how many units, floors and doors a floor; what is left out; how rooms are numbered."),
    )


class AreaForm(Dressed):
    """A new area of some buildings."""

    name = forms.CharField(label=pgettext_lazy("of a place", "Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: list(words.AREAS.items()))
