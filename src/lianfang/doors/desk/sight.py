"""What a page of a place or an area shows of it, read once and used by strip, table, list of what is missing, and sidebar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk.moments import near
from lianfang.doors.desk.parts import answers as answering
from lianfang.doors.desk.parts import nodes
from lianfang.doors.desk.parts.children import standings
from lianfang.doors.desk.parts.strip import Item, Todo
from lianfang.ground.accounts import access
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.people import queries as people
from lianfang.ground.people.types import PeopleCounts
from lianfang.ground.places.types import Kind, Level
from lianfang.kernel.figures import Unit
from lianfang.ledger import queries as ledger
from lianfang.work.matters import queries as matters
from lianfang.work.mobilisation import queries as mobilisation

if TYPE_CHECKING:
    from lianfang.doors.desk.parts.children import Asked, Standing
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.places.models import Area, Place
    from lianfang.kernel.ids import AccountId
    from lianfang.kernel.ranges import Range
    from lianfang.work.matters.queries import MatterCount

NAMED_GAPS = 4


@dataclass(frozen=True, slots=True)
class Sight:
    """A place or area as one reader may see it: its doors and people, what is owed, who is on duty, who answers."""

    actor: Actor
    place: Place
    ranges: Sequence[Range]
    answers: Sequence[Holder]
    standing: Standing
    people: PeopleCounts | None
    owed: MatterCount | None
    on_duty: frozenset[AccountId]
    buildings: Sequence[Place] = ()
    areas: Sequence[Area] = ()
    below: Sequence[Standing] = field(default=())
    told: Mapping[str, int] | None = None
    """Figures that came up, where nodes answer for the place."""


def sight_of(actor: Actor, place: Place, ranges: Sequence[Range], answers: Sequence[Holder], below: Asked) -> Sight:
    """Read it: the whole and the parts `below` in the same two queries."""
    whole, *parts = standings([ranges, *below.ranges])
    if nodes.meets([ranges]):
        return _told(Sight(actor, place, ranges, answers, whole, None, None, frozenset(), below=parts))
    return Sight(
        actor=actor,
        place=place,
        ranges=ranges,
        answers=answers,
        standing=whole,
        people=people.counts(ranges) if access.ranges(actor, "people.see") else None,
        owed=matters.counts(ranges) if access.ranges(actor, "matters.see") else None,
        on_duty=frozenset(spell.account_id for spell in mobilisation.on_duty(ranges)),
        buildings=below.buildings,
        areas=below.within,
        below=parts,
    )


def _told(sight: Sight) -> Sight:
    """The same of a place that nodes answer for: its people and matters by the figures that came up."""
    [found] = nodes.numbers(nodes.NUMBERS, [sight.ranges])
    counts = PeopleCounts(found["households"], found["people_registered"], found["people_living"])
    owed = matters.MatterCount(open=found["matters_open"], late=found["matters_late"])
    return replace(
        sight,
        people=counts if access.ranges(sight.actor, "people.see") else None,
        owed=owed if access.ranges(sight.actor, "matters.see") else None,
        told=found,
    )


def strip(sight: Sight, address: str) -> list[Item]:
    """The figures of a place or an area, each with the way to what is behind it."""
    standing = sight.standing

    def trace(key: str) -> str:
        return f"{address}figures/{key}/"

    never = _("%(n)s of them never visited") % {"n": f"{standing.by_state['none']:,}"}
    owed = "owed" if standing.still_open else ""
    last = _("each door by its last outcome")
    doors = Unit.HOUSEHOLDS
    items = [
        Item(_("Dwellings and shops"), standing.doors, doors, trace("doors"), note=_("by door, vacant ones included")),
        Item(_("Settled"), standing.settled, doors, trace("doors_settled"), standing.doors, last, wide=True),
        Item(_("Still open"), standing.still_open, doors, trace("doors_open"), standing.doors, never, tone=owed),
        _on_duty(sight, trace("on_duty")),
    ]
    if sight.people is not None:
        facts = {"living": f"{sight.people.living:,}", "households": f"{sight.people.households:,}"}
        living = _("%(living)s live here, in %(households)s households") % facts
        items.insert(1, Item(_("People registered"), sight.people.registered, Unit.PEOPLE, trace("people_registered"), note=living))
    if sight.owed is not None:
        late, note = sight.owed.late, _("open ones past their time") if sight.owed.late else _("all in time")
        items.append(Item(_("Matters late"), late, Unit.ITEMS, trace("matters_late"), sight.owed.open, note, "late" if late else ""))
    return items


def _on_duty(sight: Sight, href: str) -> Item:
    if sight.told is not None:
        return Item(_("On duty today"), sight.told["on_duty"], Unit.PEOPLE, href, note=_("at any time of the day, as the nodes tell"))
    return Item(_("On duty now"), len(sight.on_duty), Unit.PEOPLE, href, note=_("signed in, not signed out"))


def todos(sight: Sight) -> list[Todo]:
    """What is missing, the most pressing first, each with what mends it."""
    found = [*_late(sight), *_waiting(sight)]
    here = sight.told is None and sight.place.at_level.depth >= Level.COMMUNITY.depth
    listed = reverse("desk:open_doors", args=[sight.place.id]) if here else ""
    if never := sight.standing.by_state["none"]:
        found.append(
            Todo(never, Unit.HOUSEHOLDS, _("nobody has ever been there"), "", listed and f"{listed}?state=none", _("List"), "owed")
        )
    if again := sight.standing.still_open - never:
        note = _("nobody home, refused, or to be verified")
        found.append(Todo(again, Unit.HOUSEHOLDS, _("visited, not settled yet"), note, listed, _("List")))
    if missing := without_leader(sight.buildings, sight.answers):
        where = reverse("desk:answering", args=[sight.place.id])
        found.append(Todo(len(missing), Unit.ITEMS, _("buildings without a building leader"), _named(missing), where, _("Appoint")))
    return found


def _late(sight: Sight) -> list[Todo]:
    if sight.owed is None or not sight.owed.late:
        return []
    if sight.told is not None:
        return [Todo(sight.owed.late, Unit.ITEMS, _("matters past their time"), tone="late")]
    oldest = matters.matters(sight.ranges, late_only=True, limit=1)
    note = _("due %(when)s") % {"when": near(oldest[0].due_at)} if oldest else ""
    where = f"{reverse('desk:matters')}?show=late"
    return [Todo(sight.owed.late, Unit.ITEMS, _("matters past their time"), note, where, _("See"), "late")]


def _waiting(sight: Sight) -> list[Todo]:
    if not access.ranges(sight.actor, "records.settle"):
        return []
    waiting = ledger.waiting_count(sight.ranges)
    note = _("made outside their author's grant")
    said = _("records wait for a decision")
    return [Todo(waiting, Unit.ITEMS, said, note, reverse("desk:quarantine"), _("Decide"), "owed")] if waiting else []


def without_leader(buildings: Sequence[Place], answers: Sequence[Holder]) -> list[Place]:
    """Buildings that should have a building leader and have none."""
    led = [answer for answer in answers if answer.role is Role.BUILDING_LEADER]
    return [
        building
        for building in buildings
        if building.of_kind is Kind.BUILDING and not any(answer.answers_for(building.range) for answer in led)
    ]


def _named(missing: Sequence[Place]) -> str:
    named = _(", ").join(building.name for building in missing[:NAMED_GAPS])
    return named if len(missing) <= NAMED_GAPS else _("%(names)s and more") % {"names": named}


def shown_answers(sight: Sight, *, gaps: bool = True) -> list[answering.Shown]:
    """Who answers, with who of them is on duty."""
    return answering.shown(
        sight.place,
        sight.answers,
        me=sight.actor.account_id,
        on_duty=set(sight.on_duty),
        may_grant=bool(sight.actor.holding("grants.give")),
        gaps=gaps,
    )
