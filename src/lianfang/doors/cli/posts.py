"""What roles and verdicts on accounts are called, on the command line and in the files it writes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianfang.ground.accounts.wording import ROLES

VERDICTS: Mapping[str, Promise] = {
    "added": _("Account made"),
    "granted": _("Role given to a known account"),
    "repeated": _("Already there"),
    "doubtful": _("Doubtful, not taken"),
    "refused": _("Not taken"),
}


def role(word: str) -> str:
    """The name of a role; a word that is none stays as it is."""
    return str(ROLES.get(word, word))


def verdict(word: str) -> str:
    """The name of a verdict on a row."""
    return str(VERDICTS.get(word, word))
