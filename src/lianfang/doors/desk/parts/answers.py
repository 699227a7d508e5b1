"""Who answers for a place, in the order in which one would ask; and the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianfang.ground.accounts.rules.chain import own_office
from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Level

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import AccountId

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
    place: Place, answers: Sequence[Holder], *, me: AccountId | None, on_duty: set[AccountId], may_grant: bool, gaps: bool = True
) -> list[Shown]:
    """Offices over all of the place by name, those over parts of it counted by office, and the place's own office where nobody holds it."""
    over = [answer for answer in answers if answer.answers_for(place.range)]
    near = over if place.at_level.is_division else [answer for answer in over if answer.role not in _COMMAND]
    rows = [_person(place, answer, me=me, on_duty=on_duty) for answer in near]
    own = office_of(place) if gaps else None
    if own is not None and own not in {answer.role for answer in over}:
        href = f"{reverse('desk:grant_new')}?role={own}&where={place.id}" if may_grant else ""
        rows.append(Shown(own, _("nobody holds this office here"), gap=True, href=href, action=_("Appoint")))
    rows.sort(key=lambda row: CHAIN.index(Role(row.role)))
    return rows + _below(place, [answer for answer in answers if answer not in over], me=me, on_duty=on_duty)


def office_of(place: Place) -> Role | None:
    """The office that a place should have of its own."""
    community = places.community_of(place) if place.at_level is Level.UNIT else None
    return own_office(place.at_level, place.of_kind, (community or place).of_kind)


def _person(place: Place, answer: Holder, *, me: AccountId | None, on_duty: set[AccountId]) -> Shown:
    return Shown(
        role=answer.role,
        text=answer.name,
        scope="" if answer.place_id == place.id else answer.scope_name,
        on_duty=answer.account_id in on_duty,
        me=answer.account_id == me,
        call=answer.account_id if answer.has_phone and answer.account_id != me else None,
    )


def _below(place: Place, answers: Sequence[Holder], *, me: AccountId | None, on_duty: set[AccountId]) -> list[Shown]:
    by_role: dict[Role, list[Holder]] = {}
    for answer in answers:
        by_role.setdefault(answer.role, []).append(answer)
    rows = []
    for role in sorted(by_role, key=CHAIN.index):
        there = by_role[role]
        if len(there) <= _LONGEST:
            rows += [_person(place, answer, me=me, on_duty=on_duty) for answer in there]
        else:
            people = len({answer.account_id for answer in there})
            text = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
            rows.append(Shown(role, text, href=reverse("desk:answering", args=[place.id]), action=_("List of names")))
    return rows
