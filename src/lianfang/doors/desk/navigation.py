"""The main entries of the desk, the tabs of administration, and the crumbs of a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianfang.ground.accounts import access

if TYPE_CHECKING:
    from lianfang.doors.desk.words import Text
    from lianfang.ground.accounts.access import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation; `count` is what waits there."""

    name: Text
    href: str
    icon: str
    current: bool
    count: int = 0
    late: bool = False

    @property
    def count_words(self) -> str:
        """The count as a screen reader says it."""
        return ngettext("%(n)d waits", "%(n)d wait", self.count) % {"n": self.count}


_MAIN: Sequence[tuple[Text, str, str, tuple[str, ...]]] = (
    (_("Mine"), "desk:home", "home", ()),
    (_("Places"), "desk:places", "place", ("places.see",)),
    (_("Incidents"), "desk:incidents", "alert", ("places.see",)),
    (_("Rounds"), "desk:rounds", "tick", ("figures.see",)),
    (_("Matters"), "desk:matters", "matter", ("matters.see",)),
    (_("Bulletins"), "desk:bulletins", "print", ("figures.see",)),
    (_("Duty"), "desk:duty", "duty", ("duty.record",)),
    (_("Administration"), "desk:administration", "people", ("accounts.see", "looks.see")),
)
_PREFIXES = {
    "desk:incidents": ("/desk/incidents/", "/desk/measures/", "/desk/orders/", "/desk/plans/", "/desk/runs/"),
    "desk:places": (
        "/desk/places/",
        "/desk/areas/",
        "/desk/people/",
        "/desk/rosters/",
        "/desk/organisations/",
        "/desk/posts/",
        "/desk/teams/",
        "/desk/calls/",
    ),
    "desk:matters": ("/desk/matters/", "/desk/quarantine/"),
    "desk:duty": ("/desk/duty/", "/desk/messages/"),
    "desk:administration": ("/desk/accounts/", "/desk/looks/all/"),
}


def entries(actor: Actor, path: str, counts: dict[str, tuple[int, bool]]) -> list[Entry]:
    """The entries this reader has a use for; counts by the name of the address, with whether something is late."""
    shown = []
    for name, address, icon, abilities in _MAIN:
        if abilities and not any(access.ranges(actor, ability) for ability in abilities):
            continue
        href = reverse(address)
        current = path.startswith(_PREFIXES.get(address, (href,))) if address != "desk:home" else path == href
        count, late = counts.get(address, (0, False))
        shown.append(Entry(name, href, icon, current, count, late))
    return shown


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above a list; `count` is what stands behind it, None where nobody counts."""

    name: Text
    href: str
    current: bool
    count: int | None = None


def administration_tabs(actor: Actor, path: str) -> list[Tab]:
    """Accounts and the log of looks, as far as the reader may see them."""
    tabs: Sequence[tuple[Text, str, str]] = (
        (_("Accounts"), "desk:accounts", "accounts.see"),
        (_("Log of looks"), "desk:looks_all", "looks.see"),
    )
    return [Tab(name, reverse(address), path == reverse(address)) for name, address, ability in tabs if access.ranges(actor, ability)]
