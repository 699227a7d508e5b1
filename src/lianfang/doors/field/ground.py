"""What a phone takes along of the ground: doors in walking order, who belongs to them, and what else all phones of one office share.

Phones of the same reach take the same: it is put together, written and packed once in each process and kept in memory with the moment before
it was read. Any transaction that touched places, people, areas, posts or duty telephones there and was not seen at that moment gives it up
(`changes.touched`), so that nothing kept is ever stale.
"""

from __future__ import annotations

import time
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from lianfang.doors.field import forms, words
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.types import OverArea, OverPlace
from lianfang.ground.changes import queries as changes
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ranges import Range, intersect, merged

if TYPE_CHECKING:
    from uuid import UUID

    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.queries.walking import WalkedDoor
    from lianfang.kernel.ids import AccountId, PlaceId

CAP = 2_000
POSTS = 100
_KEPT = 64  # reaches; with 500 households each about 50 MB
_KEPT_S = 600  # at most: an end to what is kept that hangs on nothing else
_PACKED = 2  # how hard gzip tries: beyond it, all wait longer than it saves one of them


@dataclass(frozen=True, slots=True)
class Written:
    """The beginning of a JSON object, and the same packed so far: what follows is packed without packing the beginning again."""

    text: bytes
    packed: bytes
    packer: Any

    @classmethod
    def begun(cls, text: bytes) -> Written:
        """The first part, with its opening brace."""
        return cls(b"", b"", zlib.compressobj(_PACKED, zlib.DEFLATED, 31)).then(text)

    def then(self, text: bytes) -> Written:
        """This, and what follows."""
        packer = self.packer.copy()
        packed = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
        return Written(self.text + text, self.packed + packed, packer)

    def ended(self, text: bytes, *, pack: bool) -> bytes:
        """The whole with its end."""
        if not pack:
            return self.text + text
        packer = self.packer.copy()
        return b"".join((self.packed, packer.compress(text), packer.flush()))


@dataclass(frozen=True, slots=True)
class Ground:
    """What phones of one reach share, written as JSON, and where its doors lie in the order.

    `standing`: how doors stood, as a colleague was told last, by its mark. `authors`: who said the records that doors stand by, as they
    were asked for; a record never changes.
    """

    writing: Sequence[Range]
    doors: int
    digest: bytes
    ids: Sequence[PlaceId] = ()
    at: Mapping[int, int] = field(default_factory=dict)
    shared: Written | None = None
    duty_places: Sequence[Mapping[str, Any]] = ()
    posts: Sequence[Mapping[str, Any]] = ()
    standing: dict[bytes, Written] = field(default_factory=dict)
    authors: dict[str, AccountId | None] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether a phone takes it along."""
        return self.shared is not None and self.doors <= CAP


_kept: OrderedDict[tuple[object, ...], tuple[Ground, changes.Moment, float]] = OrderedDict()
_lock = Lock()


def ground_of(actor: Actor) -> Ground:
    """The ground within reach; read only where no phone of the same reach has come since it was last touched."""
    writing = access.ranges(actor, "records.write")
    on_duty = access.ranges(actor, "duty.record")
    today = clock.today()
    offices = tuple(sorted((grant.role, str(grant.scope), grant.valid_from <= today) for grant in actor.grants))
    key = (today, offices, tuple(writing), tuple(on_duty), tuple(access.ranges(actor, "people.see")), access.abilities(actor))
    with _lock:
        kept = _kept.get(key)
    if kept and time.monotonic() - kept[2] < _KEPT_S and not changes.touched([*writing, *on_duty], kept[1]):
        return kept[0]
    before = changes.snapshot()
    made = _read(actor, writing, on_duty)
    if not made.fits:
        return made
    with _lock:
        _kept[key] = made, before, time.monotonic()
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def _read(actor: Actor, writing: Sequence[Range], on_duty: Sequence[Range]) -> Ground:
    count = places.door_counts(writing).doors if writing else 0
    if count > CAP:  # whoever answers for a city has no bundle: nothing is read of it either
        return Ground(writing, count, str(count).encode())
    doors = places.walk(writing, limit=CAP) if writing else []
    at = {door.place_id: index for index, door in enumerate(doors)}
    seen = intersect(writing, access.ranges(actor, "people.see"))
    shared = {
        "roles": roles_of(actor),
        "areas": _areas(actor),
        **_ways(doors),
        **(_people(seen, at) if seen else _nobody()),
        **forms.drawn_for(access.abilities(actor)),
        "help_number": _help_number(doors),
    }
    duty_places = [{"id": place.id, "name": place.name} for place in accounts.posts_of(actor)]
    posts = _posts(on_duty)
    written = msgspec.json.encode(shared)[:-1] + b","
    return Ground(
        writing, len(doors), blake2b(written + msgspec.json.encode([duty_places, posts]), digest_size=12).digest(),
        [door.place_id for door in doors], {door.position: index for index, door in enumerate(doors)}, Written.begun(written), duty_places, posts,
    )  # fmt: skip


def roles_of(actor: Actor) -> list[dict[str, Any]]:
    """The offices of an account, as a phone shows them."""
    grants = accounts.grants_of(actor.account_id) if actor.account_id else []
    today = clock.today()
    return [{"role": one.role, "word": words.of_role(one.role), "where": one.scope_name} for one in grants if one.valid_from <= today]


def _areas(actor: Actor) -> list[dict[str, Any]]:
    """What grants cover, each with its doors."""
    held = actor.holding("records.write")
    pieces = [access.scope_ranges(grant.scope, reading=False) for grant in held]
    counts = places.door_counts_each(pieces) if pieces else []
    found = []
    for grant, counted in zip(held, counts, strict=True):
        if isinstance(grant.scope, OverPlace):
            place = places.place(grant.scope.place_id)
            found.append({"id": place.id, "name": place.name, "kind": place.kind, "doors": counted.doors})
        elif isinstance(grant.scope, OverArea):
            area = places.area(grant.scope.area_id)
            found.append({"id": area.id, "name": area.name, "kind": area.kind, "doors": counted.doors})
    return found


def _posts(on_duty: Sequence[Range]) -> list[dict[str, Any]]:
    """The posts where one may come on duty, with what is done there."""
    found = organisations.posts(merged(on_duty), limit=POSTS) if on_duty else []
    named = places.places_by_id([one.place_id for one in found])
    return [
        {"id": one.post_id, "name": one.name, "place": one.place_id, "where": named[one.place_id].name, "duty": one.duty}
        for one in found
        if one.place_id in named
    ]


def _help_number(doors: Sequence[WalkedDoor]) -> str:
    """The duty telephone of the first door's community, or the nearest above it."""
    if not doors:
        return ""
    community = places.place(doors[0].community.id)
    return accounts.duty_phone([community.place_id, *(above.place_id for above in reversed(places.ancestors(community)))])


def columns(rows: Sequence[Sequence[Any]], width: int, names: str) -> dict[str, list[Any]]:
    """Rows as named columns."""
    told = names.split()
    return {told[column]: [row[column] for row in rows] for column in range(width)}


def _ways(doors: Sequence[WalkedDoor]) -> dict[str, Any]:
    """Communities, buildings with their units, and the doors in walking order, each naming the one above by its index."""
    communities: dict[UUID, int] = {}
    buildings: dict[UUID, int] = {}
    units: dict[UUID, int] = {}
    told_communities: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    rows = []
    for order, door in enumerate(doors):
        if door.community.id not in communities:
            communities[door.community.id] = len(told_communities)
            told_communities.append({"id": door.community.id, "name": door.community.name})
        if door.building.id not in buildings:
            buildings[door.building.id] = len(told)
            of = communities[door.community.id]
            told.append({"id": door.building.id, "name": door.building.name, "community": of, "units": []})
        building = told[buildings[door.building.id]]
        if door.unit is not None and door.unit.id not in units:
            units[door.unit.id] = len(building["units"])
            building["units"].append({"id": door.unit.id, "name": door.unit.name})
        unit = units[door.unit.id] if door.unit is not None else None
        rows.append((door.place_id, buildings[door.building.id], unit, door.floor, door.label, order, door.kind))
    return {"communities": told_communities, "buildings": told, "doors": columns(rows, 7, "id building unit floor label order kind")}


def _people(seen: Sequence[Range], at: Mapping[PlaceId, int]) -> dict[str, Any]:
    """Households and who belongs to them."""
    households = [one for one in people.households_on_roll(seen) if one.door_id in at]
    index = {str(one.household_id): number for number, one in enumerate(households)}
    roll = people.persons_on_roll(seen)
    rows = [
        (person, index[household], name, keys, listed)
        for person, household, name, keys, listed in zip(roll.ids, roll.households, roll.names, roll.keys, roll.listed, strict=True)
        if household in index
    ]
    told = [(one.household_id, at[one.door_id], one.name) for one in households]
    return {"households": columns(told, 3, "id door name"), "persons": _persons(rows)}


def _nobody() -> dict[str, Any]:
    return {"households": columns((), 3, "id door name"), "persons": _persons(())}


def _persons(rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return columns(rows, 5, "id household name keys listed")
