"""What waits at a place: doors nobody answers for, doors that are due, rosters, questions, late matters, records to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import words
from lianfang.doors.desk.moments import near
from lianfang.doors.desk.parts.strip import Todo
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.rosters import queries as rosters
from lianfang.kernel import clock
from lianfang.kernel.figures import Unit
from lianfang.kernel.ranges import Range, intersect
from lianfang.ledger import queries as ledger
from lianfang.work.matters.queries.each import matters_each
from lianfang.work.rounds import queries as rounds

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.accounts.chain_types import Coverage, LinkCount
    from lianfang.work.rounds.types import RoundSeen

ROUNDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits in some ranges, as far as the reader may settle it; `gaps` is None where it was not counted, `missing` says of which offices."""

    gaps: int | None = None
    missing: Sequence[LinkCount] = ()
    due: int = 0
    late: int = 0
    quarantined: int = 0
    rosters: rosters.Waiting = field(default_factory=rosters.Waiting)

    @property
    def calm(self) -> bool:
        """Whether nothing waits."""
        return not (self.gaps or self.due or self.late or self.quarantined or self.rosters.to_load or self.rosters.rosters)

    @property
    def counts(self) -> list[int | None]:
        """The columns of the table by place."""
        return [self.gaps, self.due, self.late, self.quarantined, self.rosters.to_load, self.rosters.rows + self.rosters.questions]


def needs_each(actor: Actor, many: Sequence[Sequence[Range]], *, chain: bool = True) -> list[Needs]:
    """For each list of ranges. The chain of a whole city takes seconds: `chain` says whether it is counted."""

    def within(ability: str) -> list[list[Range]]:
        reach = access.ranges(actor, ability, reading=False)
        return [intersect(ranges, reach) for ranges in many]

    now = clock.now()
    chains = [_gaps(one) for one in accounts.coverage_each(within("grants.give"))] if chain else [(None, ())] * len(many)
    late = [one.late for one in matters_each(within("matters.see"), now, None)]
    quarantined = [ledger.waiting_count(ranges) if ranges else 0 for ranges in within("records.settle")]
    waiting = rosters.waiting_each(within("people.edit"))
    due = _due_each(within("figures.see"))
    return [
        Needs(*chains[at], due[at], late[at], quarantined[at], waiting[at]) for at in range(len(many))
    ]  # fmt: skip


def _gaps(coverage: Coverage) -> tuple[int | None, Sequence[LinkCount]]:
    return coverage.gaps, [link for link in coverage.links if link.gaps]


def _due_each(many: Sequence[Sequence[Range]]) -> list[int]:
    """Open doors of rounds in progress whose next try is planned before the day ends."""
    running = rounds.rounds([piece for ranges in many for piece in ranges], open_only=True)
    ids, ends = [one.id for one in running], clock.day_bounds(clock.today())[1]
    return [rounds.due_count(ids, ranges, ends) if ids and ranges else 0 for ranges in many]


def todos(needs: Needs, place_id: UUID, *, mine_late: int = 0, note: str = "") -> list[Todo]:
    """The same as a list, the most pressing first, each with the way to where it is settled."""
    waiting = needs.rosters
    listed = reverse("desk:rosters", args=[place_id])
    asked = reverse("desk:roster_questions", args=[waiting.latest]) if waiting.rosters == 1 and waiting.latest else listed
    rows = reverse("desk:roster_rows", args=[waiting.latest]) + "?verdict=waiting" if waiting.rosters == 1 and waiting.latest else listed
    doors, items, people = Unit.HOUSEHOLDS, Unit.ITEMS, Unit.PEOPLE
    wanted = (
        Todo(max(needs.late - mine_late, 0), items, _("matters are late"), note, f"{reverse('desk:matters')}?show=late", _("See"), "late"),
        Todo(
            needs.quarantined, items, _("records wait for a decision"), note or _("made outside their author's grant"),
            reverse("desk:quarantine"), _("Decide"), "owed",
        ),
        Todo(
            needs.gaps or 0, doors, _("somebody is missing who should answer for them"), note or _offices(needs.missing),
            reverse("desk:answering", args=[place_id]), _("Appoint"), "owed",
        ),
        Todo(
            needs.due, doors, _("are to be visited again today"), note or _("as was planned at the last visit"),
            reverse("desk:figure", args=[place_id, "doors_due_today"]), _("List"), "owed",
        ),
        Todo(waiting.to_load, items, _("rosters are read and wait to be loaded"), note, listed, _("See"), "owed"),
        Todo(waiting.rows, people, _("in a roster could not be placed"), note or _("their address or name must be read by somebody"), rows, _("See")),
        Todo(waiting.questions, items, _("questions of rosters are not settled"), note, asked, _("Settle")),
    )  # fmt: skip
    return [one for one in wanted if one.value]


def _offices(missing: Sequence[LinkCount]) -> str:
    """Of which offices: 单元长 30 户, the nearest to the door first."""
    said = _("%(office)s at %(n)s doors")
    return _(", ").join(said % {"office": words.word(words.ROLES, link.role.value), "n": f"{link.gaps:,}"} for link in missing)


def rounds_open(actor: Actor, ranges: Sequence[Range]) -> list[Todo]:
    """What rounds in progress have still to reach, with the time that is left."""
    inside = intersect(ranges, access.ranges(actor, "figures.see", reading=False))
    running: Sequence[RoundSeen] = rounds.rounds(inside, open_only=True, limit=ROUNDS_SHOWN) if inside else ()
    found = []
    for one in running:
        far = rounds.coverage(one.id, inside)
        if far.open:
            said = _("still open in “%(round)s”") % {"round": one.name}
            note = _("of %(all)s doors; until %(when)s") % {"all": f"{far.doors:,}", "when": near(one.ends_at)}
            found.append(Todo(far.open, Unit.HOUSEHOLDS, said, note, f"{reverse('desk:round', args=[one.id])}#missing", _("See"), "owed"))
    return found
