"""Forms of the end of an incident: on what ground, and what is held back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk.forms.dressing import Dressed
from lianfang.headquarters.closing.types import ItemKind
from lianfang.kernel import clock

KINDS = {
    ItemKind.RECORD.value: _("Record"),
    ItemKind.MATTER.value: _("Matter"),
    ItemKind.PERSON.value: _("Person"),
    ItemKind.DOOR.value: _("Door"),
}


class HoldForm(Dressed):
    """Holding an item back."""

    kind = forms.ChoiceField(label=_("What is held"), choices=lambda: list(KINDS.items()))
    item = forms.UUIDField(label=_("Number of the item"), help_text=_("as in the address of its page"))
    why = forms.CharField(label=_("Reason"), max_length=200, help_text=_("complaint, inspection or trial; it stays in the log"))
    authority = forms.CharField(label=_("Held for"), max_length=80, help_text=_("the authority that asks for it"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    keeper = forms.CharField(label=_("Keeper"), max_length=80, help_text=_("login of the one person who may open it"))

    def item_id(self) -> UUID:
        """What was named."""
        found: UUID = self.cleaned_data["item"]
        return found


class OpenForm(Dressed):
    """Why a held item is opened."""

    why = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It is kept with your name and the time."))


def half_a_year_on() -> str:
    """The day that is offered as the end of a hold."""
    return f"{clock.today() + timedelta(days=180):%Y-%m-%d}"
