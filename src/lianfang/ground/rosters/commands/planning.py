"""What would become of every row: staged rows are opened, their addresses read, and compared with who is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import connection

from lianfang.ground.people import queries as people
from lianfang.ground.people.rules.papers import Paper
from lianfang.ground.places import queries as places
from lianfang.ground.places.commands import ListedDoor
from lianfang.ground.rosters.commands.staging import Entering, Opened, Staged
from lianfang.ground.rosters.loading_types import AsBefore, NewHere, State, Verdict
from lianfang.ground.rosters.models import Roster, Row
from lianfang.ground.rosters.models.rows import ROW_PURPOSES
from lianfang.ground.rosters.queries.standing import Stand, Stands
from lianfang.ground.rosters.rules.matching import Asked, Entry, Matching, Outcome
from lianfang.ground.rosters.rules.staged import as_words, restored
from lianfang.ground.rosters.types import AddressMissing, NameMissing, RosterRow, Weight
from lianfang.kernel import clock
from lianfang.kernel.ahead import ahead
from lianfang.kernel.columns import columns_of
from lianfang.kernel.db import columns_cursor
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import PersonId, PlaceId
from lianfang.kernel.sealing import keyring

_AT_ONCE = 5_000
_DECIDED = (Verdict.ADDED, Verdict.MERGED, Verdict.CHANGED, Verdict.UNCHANGED)
_WRITTEN = """
insert into rosters_row (roster_id, position, ordinal, sheet, line, person, sealed, content, verdict, reason, said_sealed, door_id, person_id)
select %s, %s, v.* from unnest(
    %b::int4[], %b::int2[], %b::int4[], %b::bool[], %b::bytea[], %b::bytea[], %b::text[], %b::text[], %b::bytea[], %b::uuid[], %b::uuid[]
) as v
"""
_REWRITTEN = """
update rosters_row r
set verdict = v.verdict, reason = v.reason, said_sealed = v.said, door_id = v.door_id, person_id = v.person_id
from unnest(%b::int4[], %b::text[], %b::text[], %b::bytea[], %b::uuid[], %b::uuid[]) as v(ordinal, verdict, reason, said, door_id, person_id)
where r.roster_id = %s and r.ordinal = v.ordinal
  and (v.said is not null or r.said_sealed is not null
       or (r.verdict, r.reason, r.door_id, r.person_id) is distinct from (v.verdict, v.reason, v.door_id, v.person_id))
"""
_EARLIER = """
select r.content, r.person_id from rosters_row r join rosters_roster f on f.id = r.roster_id
where f.community_id = %s and f.state = 'loaded' and f.id <> %s and r.person and r.verdict = any(%s)
union all
select r.content, r.person_id from rosters_row r
where r.roster_id = %s and r.person and r.settled_at is not null and r.verdict = any(%s)
"""


@dataclass(slots=True)
class Plan:
    """What a roster would do, row by row, and the changes that follow."""

    matching: Matching
    positions: set[int] = field(default_factory=set)  # of the doors the roster names
    asked: list[tuple[int, Asked]] = field(default_factory=list)
    missing: Counter[ListedDoor] = field(default_factory=Counter)
    persons: set[PersonId] = field(default_factory=set)  # those known whom the roster names
    likely: int = 0
    indexes: people.BlindIndexes = field(default_factory=people.BlindIndexes)


def plan(roster: Roster, entering: Entering, *, accept_likely: bool, file: Opened | None = None) -> Plan:
    """Compare all rows, of a file just opened or those written down before, and write their verdicts down, piece by piece.

    Each piece is a transaction of its own; nothing of people or places is changed.
    """
    community = roster.community
    with entering():
        matching = Matching(
            people.known_in(community.range),
            birth_of=people.birth_of,
            earlier=_earlier(roster),
            door_words=door_words,
        )
        resumed, stands = _resumed(roster), Stands(community, accept_likely=accept_likely)
        total = roster.total if file else Row.objects.filter(roster_id=roster.id).count()
    made = Plan(matching)
    for some in ahead(file.pieces()) if file else _stored(roster, entering):
        with entering():
            stands.read(each.row for each in some)
            outcomes = [(each, _outcome(made, stands, each, resumed)) for each in some]
            _write(roster, outcomes, stands)
            done = some[-1].row.number if file else some[-1].ordinal + 1
            Roster.objects.filter(pk=roster.id).update(done=done, total=total, changed_at=clock.now())
    if file:
        roster.counts = {**roster.counts, "other_rows": file.other}
    return made


def _earlier(roster: Roster) -> Iterator[tuple[bytes, PersonId | None]]:
    """Rows of earlier rosters that were decided: what they said, and of whom. Read in pieces, so that they never come all at once."""
    decided = [verdict.value for verdict in _DECIDED]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_EARLIER, [roster.community_id, roster.id, decided, roster.id, decided])
        while some := cursor.fetchmany(_AT_ONCE):
            for content, person in some:
                yield bytes(content), PersonId(person) if person else None


def _resumed(roster: Roster) -> dict[int, PersonId]:
    """Of a load that was broken off: rows whose person is there already."""
    if roster.state != State.LOADING:
        return {}
    rows = Row.objects.filter(roster_id=roster.id, verdict=Verdict.ADDED).values_list("ordinal", "person_id")
    there = people.still_here((PersonId(person) for _, person in rows if person), roster.community.range)
    return {ordinal: PersonId(person) for ordinal, person in rows if person in there}


def _stored(roster: Roster, entering: Entering) -> Iterator[list[Staged]]:
    """The rows that are written down and that nobody has settled, in pieces."""
    ring, purpose, after = keyring(), ROW_PURPOSES["sealed"], -1
    names = [each["sheet"] for each in roster.layouts]
    rows = Row.objects.filter(roster_id=roster.id, sealed__isnull=False, settled_at__isnull=True).order_by("ordinal")
    while True:
        with entering():
            some = list(
                rows.filter(ordinal__gt=after).values_list(
                    "ordinal", "sheet", "line", "person", "sealed", "content", "verdict", "person_id"
                )[:_AT_ONCE]
            )
        if not some:
            return
        yield [
            Staged(
                ordinal, sheet, restored(ring.open(bytes(sealed or b""), purpose), sheet=names[sheet], line=line), person, bytes(content),
                None, PersonId(person_id) if person_id and verdict == Verdict.ADDED else None,
            )
            for ordinal, sheet, line, person, sealed, content, verdict, person_id in some
        ]  # fmt: skip
        after = some[-1][0]


def _outcome(made: Plan, stands: Stands, staged: Staged, resumed: dict[int, PersonId]) -> Outcome | None:
    """What becomes of one row; None for a row of a door where nobody is named."""
    ordinal, row = staged.ordinal, staged.row
    stand = stands.of(row) if row.address else Stand(None, reasons=(AddressMissing(),))
    if stand.door is not None:
        made.positions.add(stand.position)
    if stand.missing is not None:
        made.missing[stand.missing] += 1
    if not staged.person:
        return None
    faults = [fault for fault in row.faults if fault.weight is Weight.WAITS]
    if faults or stand.door is None:
        reasons = tuple(fault.why for fault in faults) + (
            () if any(isinstance(fault.why, AddressMissing) for fault in faults) else stand.reasons
        )
        made.likely += stand.likely and not faults
        return Outcome(Verdict.WAITING, reasons)
    read = entry_of(row, stand.door, ordinal=ordinal, content=staged.content, indexes=made.indexes)
    if isinstance(read, Outcome):
        return read
    entry, notes = read
    entry.person_id = staged.person_id
    if ordinal in resumed:
        made.matching.stood_before(entry, resumed[ordinal])
        return Outcome(Verdict.ADDED, (), resumed[ordinal])
    outcome = made.matching.take(entry)
    if outcome.asked is not None:
        made.asked.append((ordinal, outcome.asked))
    if outcome.person_id is not None and outcome.verdict is not Verdict.ADDED:
        made.persons.add(outcome.person_id)
    if notes and not isinstance(outcome.reasons[0], AsBefore):
        return Outcome(outcome.verdict, (*outcome.reasons, *notes), outcome.person_id, outcome.asked)
    return outcome


def entry_of(
    row: RosterRow, door: PlaceId, *, ordinal: int, content: bytes, indexes: people.BlindIndexes
) -> tuple[Entry, list[Refused]] | Outcome:
    """A row that can be compared, with notes on values that were left out; or why it waits. Its values are in normal form already."""
    notes = [fault.why for fault in row.faults if fault.weight is not Weight.WAITS]
    if not row.name:
        return Outcome(Verdict.WAITING, (NameMissing(),))
    paper = Paper(row.paper_kind, row.paper, row.birth, row.sex) if row.paper and row.paper_kind else None
    phone = row.phones[0] if row.phones else ""
    mark = f"{row.sheet}\0{row.household}" if row.household else ""
    paper_index = indexes.paper(paper.number) if paper else None
    phone_index = indexes.phone(phone) if phone else None
    more = tuple((another, indexes.phone(another)) for another in row.phones[1:])
    return Entry(
        ordinal,
        row.sheet,
        row.number,
        row.name,
        row.sex,
        row.birth,
        paper,
        paper_index,
        phone,
        phone_index,
        row.relation,
        row.kinds,
        door,
        mark,
        content,
        more,
    ), notes


def door_words(door_id: PlaceId) -> str:
    """A door as its neighbours say it: 3栋2单元501."""
    door = places.place(door_id)
    path = [one.name for one in places.ancestors(door) if not one.at_level.is_division]
    return "".join([*path, door.name])


def seal_reasons(reasons: Sequence[Refused]) -> bytes:
    """Reasons as they are kept: facts may hold words of an address."""
    return keyring().seal(msgspec.json.encode([as_words(why) for why in reasons]).decode(), ROW_PURPOSES["said_sealed"])


def _write(roster: Roster, outcomes: Sequence[tuple[Staged, Outcome | None]], stands: Stands) -> None:
    """Write verdicts down, with the rows themselves where they are new."""
    cache: dict[tuple[str, ...], bytes] = {}

    def said(outcome: Outcome) -> bytes:
        if any(why.facts for why in outcome.reasons):
            return seal_reasons(outcome.reasons)
        codes = tuple(why.code for why in outcome.reasons)
        if codes not in cache:
            cache[codes] = seal_reasons(outcome.reasons)
        return cache[codes]

    verdicts: list[tuple[str, str, bytes | None, PlaceId | None, PersonId | None]] = []
    for staged, outcome in outcomes:
        door = stands.of(staged.row).door if staged.row.address else None
        if outcome is None:
            verdicts.append(("", "", None, door, None))
        elif len(outcome.reasons) == 1 and not outcome.reasons[0].facts:
            verdicts.append((outcome.verdict.value, outcome.reasons[0].code, None, door, outcome.person_id))
        elif outcome.reasons:
            verdicts.append((outcome.verdict.value, outcome.reasons[0].code, said(outcome), door, outcome.person_id))
        else:
            verdicts.append((outcome.verdict.value, NewHere.code, None, door, outcome.person_id))
    columns = columns_of(verdicts, 5)
    ordinals = [staged.ordinal for staged, _ in outcomes]
    with columns_cursor() as cursor:
        if outcomes[0][0].sealed is None:
            cursor.execute(_REWRITTEN, [ordinals, *columns, roster.id])
            return
        rows = [(each.sheet, each.row.number, each.person, each.sealed, each.content) for each, _ in outcomes]
        cursor.execute(_WRITTEN, [roster.id, roster.position, ordinals, *columns_of(rows, 5), *columns])
