"""What may cross the border of playbooks about the people of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.kernel.ids import OrganisationId, PersonId, PlaceId


@dataclass(frozen=True, slots=True)
class OnRoster:
    """Somebody of an incident: masked; what they are bound to today, what they answered to a call ("" nothing yet, None not called).

    `first`: when they first came on duty there; `here`: where they are on duty now.
    """

    person_id: PersonId
    force_id: UUID | None
    name: str
    organisation: str
    duties: tuple[str, ...]
    answer: str | None
    first: datetime | None
    here: PlaceId | None
    post: str


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """How many people of an organisation (人): on the roster, called, coming by their answer, who came, on duty now."""

    organisation_id: OrganisationId | None
    name: str
    people: int
    called: int
    coming: int
    came: int
    here: int
