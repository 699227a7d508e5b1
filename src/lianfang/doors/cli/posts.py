"""What roles and verdicts on accounts are called, on the command line and in the files it writes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: Mapping[str, Promise] = {
    "administrator": _("Administrator"),
    "city_command": _("City command"),
    "district_command": _("District command"),
    "street_duty": _("Street duty officer"),
    "community_secretary": _("Community secretary"),
    "community_worker": _("Community worker"),
    "grid_worker": _("Grid worker"),
    "compound_leader": _("Compound leader"),
    "building_leader": _("Building leader"),
    "unit_leader": _("Unit leader"),
    "group_leader": _("Ten-household leader"),
    "data_protection": _("Data-protection officer"),
    "volunteer": _("Volunteer"),
}

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
