"""Changing what an organisation is called or of what kind it is: the past is kept beside it."""

from __future__ import annotations

from datetime import date

from lianfang.ground.organisations.models import Organisation, OrganisationPast
from lianfang.ground.organisations.types import DayWrong, OrganisationKind


def change(row: Organisation, on: date, *, name: str | None = None, kind: OrganisationKind | None = None) -> None:
    """Another name or kind from a day on. Raises DayWrong for a day before the present one began."""
    since = row.since or row.valid_from
    if on < since:
        raise DayWrong
    if on > since:
        OrganisationPast(organisation_id=row.id, name=row.name, kind=row.kind, valid_from=since, valid_to=on).save(force_insert=True)
    row.name, row.kind, row.since = name or row.name, kind or row.kind, on
    row.save(update_fields=["name", "kind", "since"])
