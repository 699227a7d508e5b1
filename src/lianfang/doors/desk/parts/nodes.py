"""Places whose figures come up from a node below: the same numbers as elsewhere, with their age, and no way down to a door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.headquarters.bulletins import reading
from lianfang.headquarters.upward import queries as upward
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ranges import Range

if TYPE_CHECKING:
    from lianfang.doors.desk.words import Text
    from lianfang.ground.places.models import Place
    from lianfang.headquarters.upward.types import OrganisationUp, Standing

OPEN_STATES = ("lit", "dark", "refused", "check")
DOORS = ("doors", "doors_settled", "doors_never", *(f"doors_{state}" for state in OPEN_STATES))
NUMBERS = ("people_registered", "people_living", "households", "matters_open", "matters_late", "on_duty")
BARS = ("visits", "doors_newly_settled")
_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """One node: since when its figures stand, how old that is in words, and whether it is marked."""

    name: str
    range: Range
    as_of: datetime | None
    age: Text
    old: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a place by nodes: each with its age, the node that keeps the rest, and its organisations."""

    lines: Sequence[Line]
    keeper: str
    organisations: Sequence[OrganisationUp]

    @property
    def as_of(self) -> datetime | None:
        """Since when the oldest of it stands."""
        return min((line.as_of for line in self.lines if line.as_of), default=None)

    @property
    def old(self) -> bool:
        """Whether any of it is marked."""
        return any(line.old for line in self.lines)

    def mark_of(self, place: Place) -> Text:
        """What stands beside a part of the place whose figures are old."""
        held = [line for line in self.lines if line.range.meets(place.range) and line.old]
        return held[0].age if held and not self.keeper else ""


def told_of(place: Place) -> Told | None:
    """What nodes tell of a place; None where none does."""
    met = upward.meeting([place.range])
    if not met:
        return None
    keeper = next((node.name for node in met if node.range.holds(place.range)), "")
    lines = [_line(one) for one in upward.standings(met, clock.today())]
    return Told(lines, keeper, upward.organisations(place.range) if keeper else ())


def _line(one: Standing) -> Line:
    now = clock.now()
    return Line(one.node.name, one.node.range, one.as_of, age(one.as_of, now), one.old(now))


def age(as_of: datetime | None, now: datetime) -> Text:
    """How old figures are, in words."""
    if as_of is None:
        return _("nothing told yet")
    minutes = max(0, int((now - as_of).total_seconds() // 60))
    if minutes < 1:
        return _("less than a minute old")
    if minutes < _HOUR:
        return ngettext("%(n)s minute old", "%(n)s minutes old", minutes) % {"n": minutes}
    if minutes < _DAY:
        return ngettext("%(n)s hour old", "%(n)s hours old", minutes // _HOUR) % {"n": minutes // _HOUR}
    return ngettext("%(n)s day old", "%(n)s days old", minutes // _DAY) % {"n": minutes // _DAY}


def meets(many: Sequence[Sequence[Range]]) -> bool:
    """Whether nodes answer for something in the lists."""
    return bool(upward.meeting([piece for ranges in many for piece in ranges]))


def numbers(keys: Sequence[str], many: Sequence[Sequence[Range]]) -> list[Mapping[str, int]]:
    """Figures of today of several lists of ranges."""
    today = Period(clock.today(), clock.today())
    return [{key: figure.value for key, figure in found.items()} for found in reading.values(keys, many, today)]


def days(ranges: Sequence[Range], first: date, last: date) -> Mapping[date, Mapping[str, int]]:
    """Visits and doors newly settled, day by day, as nodes have told them."""
    return upward.days(ranges, first, last, BARS)
