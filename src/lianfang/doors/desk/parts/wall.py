"""Sheets for the wall (亮身份亮职责): who answers for a place, with only what may be public."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.moments import moment
from lianfang.ground.accounts.rules.roles import CHAIN, Role
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel import clock

if TYPE_CHECKING:
    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.organisations.force_types import PostSeen
    from lianfang.ground.places.models import Place
    from lianfang.kernel.ids import AccountId

PUBLIC = CHAIN[CHAIN.index(Role.STREET_DUTY) : CHAIN.index(Role.VOLUNTEER)]
_BELOW: Mapping[Level, tuple[Role, ...]] = {
    Level.COMMUNITY: (Role.GRID_WORKER, Role.COMPOUND_LEADER, Role.BUILDING_LEADER),
    Level.BUILDING: (Role.UNIT_LEADER,),
    Level.UNIT: (),
}
"""Offices over parts of a place that stand on its sheet."""
_OWN = {Level.BUILDING: Role.BUILDING_LEADER, Level.UNIT: Role.UNIT_LEADER}


@dataclass(frozen=True, slots=True)
class Line:
    """One office on a sheet. Without a name nobody holds it yet; where they did not agree to show their own number, it is the duty telephone's."""

    role: str
    name: str
    scope: str
    number: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the place, where it lies, its lines, and the number that is always answered."""

    above: str
    title: str
    lines: tuple[Line, ...]
    duty: str
    qr: str


@dataclass(frozen=True, slots=True)
class Known:
    """What sheets need besides who holds what: public numbers, the telephone that is always answered, the address of a place's public page."""

    numbers: Mapping[AccountId, str]
    duty: str
    address: Callable[[Place], str]
    posts: Sequence[PostSeen] = ()


def code(address: str) -> SafeString:
    """A QR code as a drawing for the screen and for paper."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - segno writes paths only; the text is not in it


def sheet(place: Place, title: str, above: str, holders: Sequence[Holder], known: Known) -> Sheet:
    """The sheet of a community, a building or a unit, from everybody who holds something there."""
    numbers, duty = known.numbers, known.duty
    over = [one for one in holders if one.role in PUBLIC and one.answers_for(place.range)]
    below = [
        one
        for one in holders
        if one.role in _BELOW.get(place.at_level, ()) and one not in over and all(place.range.holds(piece) for piece in one.ranges)
    ]
    lines = [
        _line(one, numbers.get(one.account_id, duty), "" if one in over else one.scope_name) for one in sorted([*over, *below], key=_order)
    ]
    lines += [
        Line(words.word(words.POSTS, post.kind.value), post.name, post.duty, duty) for post in known.posts if place.range.has(post.position)
    ]
    own = _OWN.get(place.at_level)
    if own is not None and place.of_kind in {Kind.BUILDING, Kind.UNIT} and not any(one.role is own for one in over):
        lines.append(Line(words.word(words.ROLES, own.value), "", "", duty))
    return Sheet(above, title, tuple(lines), duty, code(known.address(place)))


def _order(one: Holder) -> tuple[int, int, list[int]]:
    return CHAIN.index(one.role), one.ordinal, [piece.lo for piece in one.ranges]


def _line(one: Holder, number: str, scope: str) -> Line:
    return Line(words.word(words.ROLES, one.role.value), one.name, scope, number)


def facts(sheets: Sequence[Sheet], *, paper: str) -> dict[str, object]:
    """What the template of the paper is given."""
    return {
        "paper": paper,
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": sheets[0].title if sheets else "",
        "subtitle": _("Who answers for you"),
        "qr_words": _("Scan: who answers now"),
        "duty_words": _("Always answered"),
        "foot": _("Something wrong or missing here? Tell the community office."),
        "as_of": moment(clock.now()),
        "sheets": [asdict(one) for one in sheets],
    }
