"""Who answers for a place, in the order in which one would ask; and the gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.places.types import Level

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.accounts.types import Answer
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import AccountId

NEEDED: Mapping[Level, tuple[Role, ...]] = {
    Level.STREET: (Role.STREET_DUTY,),
    Level.COMMUNITY: (Role.COMMUNITY_SECRETARY,),
    Level.BUILDING: (Role.BUILDING_LEADER,),
    Level.UNIT: (Role.UNIT_LEADER,),
}
"""The office that a place of a level should have; where nobody holds it, the gap is a row of its own."""

_COMMAND = frozenset({Role.CITY_COMMAND, Role.DISTRICT_COMMAND, Role.STREET_DUTY})
"""Offices that answer for a building too, but are not whom one asks about it."""
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: a person with what they answer for, several people of one office counted, or a gap."""

    role: str
    text: str
    scope: str = ""
    on_duty: bool = False
    me: bool = False
    gap: bool = False
    call: UUID | None = None
    href: str = ""
    action: str = ""


def shown(
    place: Place, answers: Sequence[Answer], *, me: AccountId | None, on_duty: set[AccountId], may_grant: bool, gaps: bool = True
) -> list[Shown]:
    """Offices here and above by name, those below counted by office, and what nobody answers for."""
    near = answers if place.at_level.is_division else [answer for answer in answers if answer.role not in _COMMAND]
    rows = [_person(place, answer, me=me, on_duty=on_duty) for answer in near if answer.relation != "below"]
    held = {answer.role for answer in answers if answer.relation == "here"}
    for role in NEEDED.get(place.at_level, ()) if gaps else ():
        if role not in held:
            href = f"{reverse('desk:grant_new')}?role={role}&where={place.id}" if may_grant else ""
            rows.append(Shown(role, _("nobody holds this office here"), gap=True, href=href, action=_("Appoint")))
    rows.sort(key=lambda row: CHAIN.index(Role(row.role)))
    return rows + _below(place, answers, me=me, on_duty=on_duty)


def _person(place: Place, answer: Answer, *, me: AccountId | None, on_duty: set[AccountId]) -> Shown:
    return Shown(
        role=answer.role,
        text=answer.name,
        scope=answer.scope_name if answer.relation == "above" or answer.place_id != place.id else "",
        on_duty=answer.account_id in on_duty,
        me=answer.account_id == me,
        call=answer.account_id if answer.has_phone and answer.account_id != me else None,
    )


def _below(place: Place, answers: Sequence[Answer], *, me: AccountId | None, on_duty: set[AccountId]) -> list[Shown]:
    by_role: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.relation == "below":
            by_role.setdefault(answer.role, []).append(answer)
    rows = []
    for role in sorted(by_role, key=lambda name: CHAIN.index(Role(name))):
        there = by_role[role]
        if len(there) <= _LONGEST:
            rows += [_person(place, answer, me=me, on_duty=on_duty) for answer in there]
        else:
            people = len({answer.account_id for answer in there})
            text = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
            rows.append(Shown(role, text, href=reverse("desk:answering", args=[place.id]), action=_("List of names")))
    return rows
