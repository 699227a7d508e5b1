"""Who answers for a place, as the desk shows it: what is missing with what mends it, the links of the chain, who holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.parts.strip import Item, Todo
from lianfang.ground.accounts.chain_types import Flaw
from lianfang.ground.accounts.rules.roles import CHAIN
from lianfang.kernel.figures import Unit
from lianfang.kernel.ranges import contains

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from lianfang.ground.accounts.chain_types import Coverage, FlawGroup, Holder
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import AccountId
    from lianfang.kernel.ranges import Range

SHOWN = 40


def strip(coverage: Coverage) -> list[Item]:
    """Doors, how many have a whole chain, gaps and overlaps."""
    doors = Unit.HOUSEHOLDS
    return [
        Item(
            _("Whole chain"),
            coverage.covered,
            doors,
            "",
            coverage.doors,
            _("somebody holds every link that the door should have"),
            wide=True,
        ),
        Item(_("With a gap"), coverage.gaps, doors, note=_("at least one link nobody holds"), tone="owed" if coverage.gaps else ""),
        Item(_("With an overlap"), coverage.overlaps, doors, note=_("two hold what one should")),
    ]


def appoint_address(place_id: UUID, group: FlawGroup) -> str:
    """Where somebody is named for a gap."""
    chosen = {"area": str(group.area_id)} if group.area_id else {}
    return f"{reverse('desk:appoint', args=[group.place_id or place_id])}?{urlencode({'role': group.role.value, **chosen})}"


def where(group: FlawGroup) -> str:
    """3栋2单元."""
    return group.within + group.name


def gaps(place: Place, groups: Sequence[FlawGroup], *, may_grant: bool) -> list[Todo]:
    """The gaps as people say them, each with the button that mends it."""
    rows = []
    for group in groups[:SHOWN]:
        note = "" if group.doors == group.out_of else _("of %(n)s doors there") % {"n": f"{group.out_of:,}"}
        text = _("%(where)s: no %(role)s") % {"where": where(group), "role": words.word(words.ROLES, group.role)}
        href = appoint_address(place.id, group) if may_grant else ""
        rows.append(Todo(group.doors, Unit.HOUSEHOLDS, text, note, href, _("Appoint"), "owed"))
    return rows


def overlaps(groups: Sequence[FlawGroup]) -> list[Todo]:
    """Offices that several people hold, with their names."""
    return [
        Todo(
            group.doors,
            Unit.HOUSEHOLDS,
            _("%(where)s: several hold %(role)s") % {"where": where(group), "role": words.word(words.ROLES, group.role)},
            _(", ").join(group.holders),
        )
        for group in groups[:SHOWN]
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the list of who answers."""

    role: str
    account_id: UUID
    grant_id: UUID
    name: str
    scope: str
    since: date
    until: date | None
    may_show: bool
    public: str
    on_duty: bool
    me: bool
    instead_of: str  # whose office it is, where it is held for somebody out of action
    opens: bool  # whether the reader may see their account


@dataclass(frozen=True, slots=True)
class Known:
    """What the list needs besides: places in words, public numbers, who is on duty, the reader: roles to give, where accounts are seen."""

    within: Mapping[UUID, str]
    numbers: Mapping[AccountId, str]
    on_duty: Collection[AccountId]
    me: AccountId | None
    giving: Collection[str]
    reach: Sequence[Range]
    instead: Mapping[UUID, str]


def rows_of(place: Place, holders: Sequence[Holder], known: Known) -> list[Row]:
    """Everybody who answers, from the top of the chain down, in walking order; who answers for a part is named with that part."""
    listed = sorted(holders, key=lambda one: (CHAIN.index(one.role), one.ranges[:1]))
    return [
        Row(
            role=one.role.value,
            account_id=one.account_id,
            grant_id=one.grant_id,
            name=one.name,
            scope="" if one.place_id == place.id else known.within.get(one.place_id, one.scope_name) if one.place_id else one.scope_name,
            since=one.valid_from,
            until=one.valid_to,
            may_show=one.has_phone and one.role.value in known.giving,
            public=known.numbers.get(one.account_id, ""),
            on_duty=one.account_id in known.on_duty,
            me=one.account_id == known.me,
            instead_of=known.instead.get(one.grant_id, ""),
            opens=any(contains(known.reach, piece) for piece in one.ranges),
        )
        for one in listed
    ]


def flawed(groups: Sequence[FlawGroup], flaw: Flaw) -> list[FlawGroup]:
    """Those of one kind."""
    return [group for group in groups if group.flaw is flaw]
