"""What would become of every row: staged rows are opened, their addresses read, and compared with who is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from lianfang.ground.people import queries as people
from lianfang.ground.people.rules.names import normal_name
from lianfang.ground.people.rules.papers import Paper, read_paper
from lianfang.ground.people.rules.phones import normal_phone
from lianfang.ground.places import queries as places
from lianfang.ground.places.commands import ListedDoor
from lianfang.ground.rosters.commands.staging import Entering
from lianfang.ground.rosters.loading_types import AsBefore, MorePhones, State, Verdict
from lianfang.ground.rosters.models import Roster, Row
from lianfang.ground.rosters.models.rows import ROW_PURPOSES
from lianfang.ground.rosters.queries.standing import Stand, Stands
from lianfang.ground.rosters.rules.matching import Asked, Entry, Matching, Outcome
from lianfang.ground.rosters.rules.staged import as_words, restored
from lianfang.ground.rosters.types import AddressMissing, NameMissing, RosterRow, Weight
from lianfang.kernel import clock
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PersonId, PlaceId
from lianfang.kernel.sealing import keyring

_AT_ONCE = 5_000
_DECIDED = (Verdict.ADDED, Verdict.MERGED, Verdict.CHANGED, Verdict.UNCHANGED)
_WRITE = """
update rosters_row r
set verdict = v.verdict, reason = v.reason, said_sealed = v.said, door_id = v.door_id, person_id = v.person_id
from unnest(%b::int4[], %b::text[], %b::text[], %b::bytea[], %b::uuid[], %b::uuid[]) as v(ordinal, verdict, reason, said, door_id, person_id)
where r.roster_id = %s and r.ordinal = v.ordinal
"""
_EARLIER = """
select r.content, r.person_id from rosters_row r join rosters_roster f on f.id = r.roster_id
where f.community_id = %s and f.state = 'loaded' and f.id <> %s and r.person and r.verdict = any(%s)
union all
select r.content, r.person_id from rosters_row r
where r.roster_id = %s and r.person and r.settled_at is not null and r.verdict = any(%s)
"""
Staged = tuple[int, int, int, bool, str, bytes]  # ordinal, sheet, line, person, values, content


@dataclass(slots=True)
class Plan:
    """What a roster would do, row by row, and the changes that follow."""

    matching: Matching
    positions: set[int] = field(default_factory=set)  # of the doors the roster names
    asked: list[tuple[int, Asked]] = field(default_factory=list)
    missing: Counter[ListedDoor] = field(default_factory=Counter)
    persons: set[PersonId] = field(default_factory=set)
    likely: int = 0
    indexes: people.BlindIndexes = field(default_factory=people.BlindIndexes)


def plan(roster: Roster, entering: Entering, *, accept_likely: bool) -> Plan:
    """Compare all rows and write their verdicts down, chunk by chunk; nothing of people or places is changed."""
    community = roster.community
    with entering():
        names = [each["sheet"] for each in roster.layouts]
        total = Row.objects.filter(roster_id=roster.id).count()
        matching = Matching(
            people.known_in(community.range),
            birth_of=people.birth_of,
            earlier=_earlier(roster),
            door_words=door_words,
        )
        resumed, stands = _resumed(roster), Stands(community, accept_likely=accept_likely)
    made = Plan(matching)
    after = -1
    while True:
        with entering():
            some = _staged(roster.id, after)
            if not some:
                return made
            rows = [(each, restored(each[4], sheet=names[each[1]], line=each[2])) for each in some]
            stands.read(row for _, row in rows)
            outcomes = [(each, row, _outcome(made, stands, each, row, resumed)) for each, row in rows]
            _write(roster.id, outcomes, stands)
            after = some[-1][0]
            Roster.objects.filter(pk=roster.id).update(done=after + 1, total=total, changed_at=clock.now())


def _earlier(roster: Roster) -> dict[bytes, PersonId | None]:
    """Rows of earlier rosters that were decided, by what they said."""
    decided = [verdict.value for verdict in _DECIDED]
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [roster.community_id, roster.id, decided, roster.id, decided])
        return {bytes(content): PersonId(person) if person else None for content, person in cursor.fetchall()}


def _resumed(roster: Roster) -> dict[int, PersonId]:
    """Of a load that was broken off: rows whose person is there already."""
    if roster.state != State.LOADING:
        return {}
    rows = Row.objects.filter(roster_id=roster.id, verdict=Verdict.ADDED).values_list("ordinal", "person_id")
    there = people.still_here((PersonId(person) for _, person in rows if person), roster.community.range)
    return {ordinal: PersonId(person) for ordinal, person in rows if person in there}


def _staged(roster_id: UUID, after: int) -> list[Staged]:
    ring, purpose = keyring(), ROW_PURPOSES["sealed"]
    rows = Row.objects.filter(roster_id=roster_id, ordinal__gt=after, sealed__isnull=False, settled_at__isnull=True).order_by("ordinal")[
        :_AT_ONCE
    ]
    values = rows.values_list("ordinal", "sheet", "line", "person", "sealed", "content")
    return [
        (ordinal, sheet, line, person, ring.open(bytes(sealed or b""), purpose), bytes(content))
        for ordinal, sheet, line, person, sealed, content in values
    ]


def _outcome(made: Plan, stands: Stands, staged: Staged, row: RosterRow, resumed: dict[int, PersonId]) -> Outcome | None:
    """What becomes of one row; None for a row of a door where nobody is named."""
    ordinal, _, _, person, _, content = staged
    stand = stands.of(row) if row.address else Stand(None, reasons=(AddressMissing(),))
    if stand.door is not None:
        made.positions.add(stand.position)
    if stand.missing is not None:
        made.missing[stand.missing] += 1
    if not person:
        return None
    faults = [fault for fault in row.faults if fault.weight is Weight.WAITS]
    if faults or stand.door is None:
        reasons = tuple(fault.why for fault in faults) + (
            () if any(isinstance(fault.why, AddressMissing) for fault in faults) else stand.reasons
        )
        made.likely += stand.likely and not faults
        return Outcome(Verdict.WAITING, reasons)
    read = entry_of(row, stand.door, ordinal=ordinal, content=content, indexes=made.indexes)
    if isinstance(read, Outcome):
        return read
    entry, notes = read
    if ordinal in resumed:
        made.matching.stood_before(entry, resumed[ordinal])
        return Outcome(Verdict.ADDED, (), resumed[ordinal])
    outcome = made.matching.take(entry)
    if outcome.asked is not None:
        made.asked.append((ordinal, outcome.asked))
    if outcome.person_id is not None:
        made.persons.add(outcome.person_id)
    if notes and not isinstance(outcome.reasons[0], AsBefore):
        return Outcome(outcome.verdict, (*outcome.reasons, *notes), outcome.person_id, outcome.asked)
    return outcome


def entry_of(
    row: RosterRow, door: PlaceId, *, ordinal: int, content: bytes, indexes: people.BlindIndexes
) -> tuple[Entry, list[Refused]] | Outcome:
    """A row that can be compared, with notes on values that were left out; or why it waits."""
    notes = [fault.why for fault in row.faults if fault.weight is not Weight.WAITS]
    if not row.name:
        return Outcome(Verdict.WAITING, (NameMissing(),))
    try:
        name = normal_name(row.name)
    except Refused as refused:
        return Outcome(Verdict.WAITING, (refused,))
    paper = _paper(row, notes)
    phone = _phone(row, notes)
    birth, sex = row.birth or (paper.birth if paper else None), row.sex or (paper.sex if paper else None)
    if birth and birth > clock.today():
        birth = None
    mark = f"{row.sheet}\0{row.household}" if row.household else ""
    paper_index = indexes.paper(paper.number) if paper else None
    phone_index = indexes.phone(phone) if phone else None
    return Entry(
        ordinal,
        row.sheet,
        row.number,
        name,
        sex,
        birth,
        paper,
        paper_index,
        phone,
        phone_index,
        row.relation,
        row.kinds,
        door,
        mark,
        content,
    ), notes


def _paper(row: RosterRow, notes: list[Refused]) -> Paper | None:
    """The paper, when its number can be one: a ruined number never stands for anybody."""
    if not row.paper:
        return None
    try:
        paper = read_paper(row.paper, row.paper_kind)
    except Refused as refused:
        if refused.code not in {note.code for note in notes}:
            notes.append(refused)
        return None
    return paper if paper.number else None


def _phone(row: RosterRow, notes: list[Refused]) -> str:
    if len(row.phones) > 1:
        notes.append(MorePhones(count=len(row.phones) - 1))
    try:
        return normal_phone(row.phones[0]) if row.phones else ""
    except Refused as refused:
        if refused.code not in {note.code for note in notes}:
            notes.append(refused)
        return ""


def door_words(door_id: PlaceId) -> str:
    """A door as its neighbours say it: 3栋 2单元 501."""
    door = places.place(door_id)
    path = [one.name for one in places.ancestors(door) if not one.at_level.is_division]
    return " ".join([*path, door.name])


def seal_reasons(reasons: Sequence[Refused]) -> bytes:
    """Reasons as they are kept: facts may hold words of an address."""
    return keyring().seal(msgspec.json.encode([as_words(why) for why in reasons]).decode(), ROW_PURPOSES["said_sealed"])


def _write(roster_id: UUID, outcomes: Sequence[tuple[Staged, RosterRow, Outcome | None]], stands: Stands) -> None:
    told = [(staged[0], outcome, stands.of(row).door if row.address else None) for staged, row, outcome in outcomes]
    cache: dict[tuple[str, ...], bytes] = {}

    def said(outcome: Outcome) -> bytes:
        if any(why.facts for why in outcome.reasons):
            return seal_reasons(outcome.reasons)
        codes = tuple(why.code for why in outcome.reasons)
        if codes not in cache:
            cache[codes] = seal_reasons(outcome.reasons)
        return cache[codes]

    values: list[tuple[Any, ...]] = [
        (ordinal, outcome.verdict, outcome.reasons[0].code, said(outcome), door, outcome.person_id)
        if outcome is not None and outcome.reasons
        else (
            ordinal,
            outcome.verdict if outcome else "",
            "new_here" if outcome else "",
            None,
            door,
            outcome.person_id if outcome else None,
        )
        for ordinal, outcome, door in told
    ]
    with columns_cursor() as cursor:
        cursor.execute(_WRITE, [*([value[at] for value in values] for at in range(6)), roster_id])
