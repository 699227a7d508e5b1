"""What may cross the border of bulletins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lianfang.kernel.errors import NotFound, Refused
from lianfang.kernel.ids import PlaceId


@dataclass(frozen=True, slots=True)
class Proof:
    """One row behind a figure: a record, a door, a matter, a spell of duty, or a building with its count.

    `after` is what to pass for the rows that follow this one. `says` holds codes and counts, never names.
    """

    what: str
    id: UUID
    place_id: PlaceId
    at: datetime | None
    after: str
    says: Mapping[str, object] = field(default_factory=dict)


class UnknownFigure(NotFound):
    """There is no figure “{key}”. `./lianfang figures` lists them."""


class PeriodBackwards(Refused):
    """The period ends before it begins."""
