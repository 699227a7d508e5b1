"""The base of all forms of the desk: inputs carry the classes of the kit, hints and faults are tied to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PLAIN = {"autocomplete": "off"}
"""For inputs that hold people's data: the browser keeps no list of what was typed."""

_KIT = {"checkbox": "form-check-input", "radio": "", "select": "form-select", "file": "form-control", "hidden": ""}


class Dressed(forms.Form):
    """A form whose inputs carry the classes of the kit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            css = _KIT.get(getattr(field.widget, "input_type", "text"), "form-control")
            if css:
                field.widget.attrs.setdefault("class", css)
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_hint"
            if field.required:
                field.error_messages["required"] = _("This is needed.")

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set what may be chosen in a field, where only the request tells it."""
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} is no field of choices")
        field.choices = list(choices)

    def add_error(self, field: str | None, error: Any) -> None:
        """Add a fault and tie it to its input for screen readers."""
        super().add_error(field, error)
        if field in self.fields:
            self.fields[field].widget.attrs |= {
                "aria-invalid": "true",
                "aria-describedby": f"id_{field}_error",
            }


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, by the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A moment, by the browser's own calendar."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **more)
