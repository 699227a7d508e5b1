"""What stored words are called on a phone, in both languages at once: it changes its language without network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_noop as _

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLES: Mapping[str, str] = {
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


def both(table: Mapping[str, str], value: str) -> dict[str, str]:
    """The name of a stored value in both languages; the value itself where the table has none."""
    return in_both(table.get(value, value))


def in_both(message: str) -> dict[str, str]:
    """A message of the catalogue in both languages."""
    with translation.override("zh-hans"):
        chinese = translation.gettext(message) if message else ""
    return {"zh": chinese, "en": message}
