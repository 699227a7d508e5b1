"""What the product says when it will not do a thing.

Contexts subclass these in their `types.py`. The docstring of the class is the English message, with the
facts as `{names}`; doors translate it (gettext msgid = docstring) and then put the facts in. Facts never hold personal data.
"""

from __future__ import annotations

from functools import cache
from inspect import cleandoc
from typing import Any, ClassVar


class Refused(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(str(self))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")

    @property
    def message(self) -> str:
        """The untranslated template."""
        return _first_paragraph(type(self).__doc__ or "")

    def __str__(self) -> str:
        return self.message.format(**self.facts) if self.facts else self.message


@cache
def _first_paragraph(docstring: str) -> str:
    """The message in a refusal's docstring. Remembered: a roster says the same few things of tens of thousands of rows."""
    return cleandoc(docstring).split("\n\n")[0].replace("\n", " ")


class NotFound(Refused):
    """This does not exist, or it lies outside what you answer for."""


class Denied(Refused):
    """You may see this, but not do that here."""


class Conflict(Refused):
    """Somebody else changed this in the meantime."""


class Invalid(Refused):
    """Some fields need mending."""

    def __init__(self, fields: dict[str, Refused] | None = None, **facts: Any) -> None:
        self.fields = fields or {}
        super().__init__(**facts)
