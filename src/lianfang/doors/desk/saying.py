"""What the product says when it will not do a thing, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext

from lianfang.doors.desk import moments, words
from lianfang.kernel.errors import Denied, Refused

if TYPE_CHECKING:
    from django.forms import Form

Done = TypeVar("Done")


def _shown(name: str, fact: Any) -> Any:
    if isinstance(fact, datetime):
        return moments.moment(fact)
    if isinstance(fact, date):
        return moments.day(fact)
    if isinstance(fact, Refused):
        return said(fact)
    if isinstance(fact, str):
        return words.fact(name, str(fact))
    return fact


def said(refused: Refused) -> str:
    """The message of a refusal: its template translated, then its facts put in."""
    template = gettext(refused.message)
    return template.format(**{name: _shown(name, fact) for name, fact in refused.facts.items()})


def fault_of(form: Form, refused: Refused, fields: Sequence[tuple[type[Refused], str]]) -> None:
    """Put a refusal beside the field it is about, else above the form. One by fields goes to each of its own."""
    for name, one in getattr(refused, "fields", {}).items():
        form.add_error(name if name in form.fields else None, said(one))
    if not getattr(refused, "fields", {}):
        name = next((field for kind, field in fields if isinstance(refused, kind) and field in form.fields), None)
        form.add_error(name, said(refused))


def tried(form: Form, do: Callable[[], Done], fields: Sequence[tuple[type[Refused], str]]) -> Done | None:
    """Do what a form asks for; None where it is refused, with the reason beside its field. Who may not is told so by the frame."""
    try:
        return do()
    except Denied:
        raise
    except Refused as refused:
        fault_of(form, refused, fields)
        return None
