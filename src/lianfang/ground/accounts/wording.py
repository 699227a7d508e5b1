"""What roles are called, for every door: stored values are English words of the field."""

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
"""Roles that a grant gives."""
