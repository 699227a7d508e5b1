"""Members from a table as people keep it (党员名册): a verdict and a reason for each row, tried first and then saved whole.

A row names somebody who lives at the place, by name and, where several have it, by telephone number. Somebody who is not known there is
not made up: the roster comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lianfang.ground.organisations.commands.held import NOWHERE, held, position_of
from lianfang.ground.organisations.commands.members import add_memberships, become, end_belonging
from lianfang.ground.organisations.member_types import MembershipKind, Standing
from lianfang.ground.organisations.models import Membership, Organisation
from lianfang.ground.organisations.reporting_types import (
    MemberHeadingsMissing,
    MemberRow,
    RowBodyTwice,
    RowBodyUnknown,
    RowNameTwice,
    RowNameUnknown,
    RowStandingUnread,
    Verdict,
)
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.people import queries as people
from lianfang.ground.people.queries.persons import find_by_whole_name
from lianfang.kernel import clock, sheets
from lianfang.kernel.ids import AccountId, OrganisationId, PersonId, PlaceId

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_HEADINGS = {
    "name": ("姓名", "党员姓名", "name"),
    "body": ("所在党组织", "组织关系所在党组织", "党支部", "所在支部", "所在单位党组织", "organisation", "branch"),
    "standing": ("党员类别", "人员类别", "类别", "党员类型", "standing"),
    "phone": ("联系电话", "手机", "手机号", "手机号码", "电话", "phone"),
}
_STANDINGS = {
    "正式党员": Standing.FULL,
    "正式": Standing.FULL,
    "full": Standing.FULL,
    "预备党员": Standing.PROBATIONARY,
    "预备": Standing.PROBATIONARY,
    "probationary": Standing.PROBATIONARY,
}
_WITHIN = 10
_HOMES = (OrganisationKind.PARTY_COMMITTEE, OrganisationKind.PARTY_BRANCH, OrganisationKind.JOINT_BRANCH)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    name: str
    body: str
    standing: str
    phone: str


def import_members(content: bytes, home: Place, *, save: bool, by: AccountId | None) -> list[MemberRow]:
    """Try a list of members who live at a place, or take its rows in. Raises SheetRefused, MemberHeadingsMissing."""
    lines = list(_lines(sheets.read(content).sheets))
    bodies: dict[str, list[Organisation]] = {}
    for body in Organisation.objects.filter(name__in={line.body for line in lines}, valid_to=None, kind__in=_HOMES):
        bodies.setdefault(body.name, []).append(body)
    with held(by):
        return [_row(line, home, bodies.get(line.body, []), save=save) for line in lines]


def _row(line: _Line, home: Place, bodies: Sequence[Organisation], *, save: bool) -> MemberRow:
    standing = _STANDINGS.get(line.standing or "正式党员")
    if standing is None:
        return MemberRow(line.number, Verdict.REFUSED, RowStandingUnread())
    if len(bodies) != 1:
        return MemberRow(line.number, Verdict.REFUSED, RowBodyTwice() if bodies else RowBodyUnknown())
    found = _who(line, home)
    if len(found) != 1:
        return MemberRow(line.number, Verdict.REFUSED, RowNameTwice() if found else RowNameUnknown())
    at_home = Membership.objects.filter(person_id=found[0], kind=MembershipKind.HOME, valid_to=None).first()
    if at_home and (at_home.organisation_id, at_home.standing) == (bodies[0].pk, standing):
        return MemberRow(line.number, Verdict.REPEATED)
    if save:
        _belongs(found[0], standing, bodies[0], at_home)
    return MemberRow(line.number, Verdict.TAKEN)


def _belongs(person: PersonId, standing: Standing, body: Organisation, before: Membership | None) -> None:
    """Another home or another standing than before holds from today; what was stays known. Leaving a home is leaving its groups and offices."""
    if before and before.organisation_id == body.pk:
        become(before.pk, standing, by=None)
        return
    if before:
        end_belonging(before, clock.today())
    seat = position_of(PlaceId(body.place_id)) if body.place_id else NOWHERE
    add_memberships(OrganisationId(body.pk), [(person, standing)], MembershipKind.HOME, clock.today(), seat)


def _who(line: _Line, home: Place) -> list[PersonId]:
    by_name = {one.person_id for one in find_by_whole_name(line.name, [home.range])}
    if line.phone and len(by_name) != 1:
        by_name &= {one.person_id for one in people.find_by_phone(line.phone, [home.range])}
    return sorted(by_name)


def _lines(found: Sequence[sheets.Sheet]) -> Iterator[_Line]:
    """The rows of the first sheet with headings."""
    for sheet in found:
        for at, row in enumerate(sheet.rows[:_WITHIN]):
            columns = {field: place for place, cell in enumerate(row) for field, names in _HEADINGS.items() if _text(cell).lower() in names}
            if {"name", "body"} <= set(columns):
                for number, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
                    said = {field: _text(cells[place]) if place < len(cells) else "" for field, place in columns.items()}
                    if said["name"]:
                        yield _Line(number, said["name"], said["body"], said.get("standing", ""), said.get("phone", ""))
                return
    raise MemberHeadingsMissing


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip().removesuffix(".0")
