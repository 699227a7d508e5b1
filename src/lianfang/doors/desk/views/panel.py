"""The panel beside the building map: one door in short, its last records, and the keys to record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.parts.timeline import Line, actors_of, record_lines
from lianfang.doors.desk.whereabouts import door_title
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel.ids import new_id
from lianfang.ledger import queries as ledger
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lianfang.doors.desk.frame import DeskRequest
    from lianfang.doors.desk.parts.building import Door, Map
    from lianfang.doors.desk.words import Sign
    from lianfang.ground.accounts.chain_types import Holder
    from lianfang.ground.people.types import Resident
    from lianfang.ground.places.models import Place

RECORDS = 3


@dataclass(frozen=True, slots=True)
class Just:
    """What was recorded a moment ago, and where to take it back."""

    text: str
    undo: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel shows. `cells` and `map` replace what changed in the page around it."""

    id: UUID
    title: str
    short: str
    state: str
    tries: int
    people: Sequence[Resident] | None
    answers: Sequence[Holder]
    lines: Sequence[Line]
    may_record: bool
    record: UUID
    keys: Sequence[Sign] = field(default=tuple(sign for sign in words.SIGNS.values() if sign.key))
    just: Just | None = None
    cells: Sequence[Door] = ()
    map: Map | None = None
    told: str = ""


def panel_of(
    request: DeskRequest,
    door: Place,
    *,
    just: Just | None = None,
    cells: Sequence[Door] = (),
    drawn: Map | None = None,
    cell: Door | None = None,
) -> Panel:
    """The panel of a door, as far as the reader may see; `cell` is how it stands in the map, where the map shows a round."""
    path = places.ancestors(door)
    state = rounds.door(door.place_id)
    history = ledger.history([door.range], limit=RECORDS) if access.may(request.actor, "records.see", door) else []
    near = ("unit_leader", "building_leader", "grid_worker")
    return Panel(
        id=door.id,
        title=door_title(path, door),
        short=words.word(words.KINDS, door.kind),
        state=cell.state if cell else str(state.outcome) if state else "none",
        tries=cell.tries if cell else state.tries if state else 0,
        told=cell.told if cell else "",
        people=people.people_of_door(door.place_id) if access.may(request.actor, "people.see", door) else None,
        answers=[answer for answer in accounts.answering_for(door) if answer.role in near][:RECORDS],
        lines=record_lines(history, names=actors_of(history)),
        may_record=access.may(request.actor, "records.write", door),
        record=new_id(),
        just=just,
        cells=cells,
        map=drawn,
    )


def just_recorded(title: str, state: str, record_id: UUID, *, last: bool) -> Just:
    """The line that says what was recorded, with the way back; `last` where no other door of the building is open."""
    told = _("%(door)s recorded: %(state)s.") % {"door": title, "state": words.sign(state).name}
    if last:
        told = f"{told}{_(' Every other door of this building is settled; to record more, choose a door.')}"
    return Just(told, reverse("desk:withdraw", args=[record_id]), last)
