"""What every step is given, and how one is declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.ground.accounts.access import Actor
from lianfang.ground.incidents.types import Ground
from lianfang.headquarters.playbooks.content import as_content
from lianfang.headquarters.playbooks.models import Item, Run
from lianfang.headquarters.playbooks.types import Content, Part
from lianfang.kernel.ids import IncidentId, PersonId, derived_id

PRACTISED = "演练"
"""What stands before the name of everything that is only practised: on every page, sheet and message, whoever shows it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A run as its steps see it: who acts, on what ground, by which plan."""

    run: Run
    by: Actor
    content: Content

    @property
    def incident(self) -> IncidentId:
        """The incident that is opened, or stood down."""
        return IncidentId(self.run.incident)

    @property
    def ground(self) -> Ground:
        """The authority and document that were stated when it was confirmed."""
        told = self.run.choices
        return Ground(told["authority"], told["document"], told.get("reason", ""))

    @property
    def until(self) -> datetime:
        """Up to when the incident was opened."""
        return datetime.fromisoformat(self.run.choices["expires_at"])

    def part(self, item: Item) -> Part:
        """The part of the plan that an item is one of."""
        return self.content.part(item.part)


def doing(run: Run, by: Actor) -> Doing:
    """A run, ready for its steps."""
    return Doing(run, by, as_content(run.version.content) if run.version else Content())


def no_undoing(doing: Doing, items: Sequence[Item]) -> None:
    """Nothing is taken back by itself: it goes with what it belongs to."""
    del doing, items


@dataclass(frozen=True, slots=True)
class Step:
    """How one step does its items, `at_once` in one transaction at the most, and how it takes them back.

    `alone`: it keeps transactions of its own, does one item at a time and says whether it is finished with it. `must`: a refusal holds
    the whole run, for nothing else can be done without it.
    """

    do: Callable[[Doing, Sequence[Item]], None]
    undo: Callable[[Doing, Sequence[Item]], None] = no_undoing
    at_once: int = 1
    must: bool = False
    alone: Callable[[Doing, Item], bool] | None = None


def thing_of(run_id: UUID, part: str, site_id: UUID) -> UUID:
    """The id of what a part makes at a place in a run: the same run, part and place give the same, so that twice is once."""
    return derived_id(run_id, f"{part} {site_id}")


def named(text: str, place: str, *, drill: bool = False) -> str:
    """The words of a part at a place; what is only practised says so."""
    words = text.replace("{place}", place)
    return f"{PRACTISED}·{words}" if drill else words


def text_of(doing: Doing, item: Item) -> str:
    """What a part is for, at the place of an item."""
    return named(doing.part(item).text, item.told.get("at", ""))


def told_to(words: str, *, drill: bool) -> str:
    """The words of a message or an order; of a drill they say so first."""
    return f"【{PRACTISED}】{words}" if drill else words


def leader_of(item: Item) -> PersonId | None:
    """Who leads, of the people of an item."""
    return next((PersonId(UUID(one["person"])) for one in item.people if one["leads"]), None)


def people_of(item: Item) -> list[PersonId]:
    """All people of an item, whoever leads first."""
    return [PersonId(UUID(one["person"])) for one in sorted(item.people, key=lambda one: not one["leads"])]
