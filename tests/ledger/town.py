"""A small town for the tests of the ledger: two communities of one street, and a cast. All people are invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts.access import Actor, actor_of_id
from lianfang.ground.accounts.models import Account, Grant
from lianfang.ground.places.models import Place
from lianfang.kernel.ids import AccountId, PlaceId, new_id

LONG_AGO = date(2020, 1, 1)
CODES = ("22", "2201", "220102", "220102001")
LEVELS = ("province", "city", "county", "street")
COMMUNITY = 10**7


@dataclass
class Building:
    """A building of a community: one unit of six doors."""

    id: PlaceId
    lo: int
    doors: list[PlaceId] = field(default_factory=list)


@dataclass
class Community:
    """A community with two buildings and a lone house."""

    id: PlaceId
    lo: int
    buildings: list[Building] = field(default_factory=list)

    @property
    def hi(self) -> int:
        return self.lo + COMMUNITY

    @property
    def doors(self) -> list[PlaceId]:
        return [door for building in self.buildings for door in building.doors]


@dataclass
class Town:
    """Places by name and the cast: a secretary and a grid worker of community A, a secretary of B who must see nothing of A."""

    above: dict[str, PlaceId]
    a: Community
    b: Community
    secretary: AccountId
    grid_worker: AccountId
    other_secretary: AccountId
    city: AccountId

    def actor(self, account_id: AccountId) -> Actor:
        return actor_of_id(account_id)


def _place(level: str, kind: str, name: str, parent: PlaceId | None, lo: int, hi: int) -> PlaceId:
    identifier = PlaceId(new_id())
    if level != "door":
        # Positions before places: the triggers of places ask for them.
        with connection.cursor() as cursor:
            cursor.execute("set constraints all deferred")
            cursor.execute(
                "insert into places_position (place_id, level, lo, hi, given_on) values (%s, %s, %s, %s, %s)", [identifier, level, lo, hi, LONG_AGO]
            )
    Place.objects.create(
        id=identifier, level=level, kind=kind, name=name, parent_id=parent, lo=lo, hi=hi, valid_from=LONG_AGO, since=LONG_AGO,
    )  # fmt: skip
    return identifier


def found_town() -> Town:
    """Lay out the town and give the cast their grants."""
    from django.db import transaction

    with transaction.atomic():
        above: dict[str, PlaceId] = {}
        parent = None
        for level, code in zip(LEVELS, CODES, strict=True):
            lo = int(code.ljust(12, "0")) * COMMUNITY
            width = 10 ** (12 - len(code)) * COMMUNITY
            parent = above[level] = _place(level, "division", f"示例{level}", parent, lo, lo + width)
        a, b = (_community(above["street"], number) for number in (1, 2))
        town = Town(
            above, a, b,
            secretary=account("wang.shili", "王示例", [("community_secretary", a.id)]),
            grid_worker=account("li.shili", "李示例", [("grid_worker", a.buildings[0].id), ("grid_worker", a.buildings[1].id)]),
            other_secretary=account("zhao.shili", "赵示例", [("community_secretary", b.id)]),
            city=account("qian.shili", "钱示例", [("city_command", above["city"])]),
        )  # fmt: skip
    return town


def _community(street: PlaceId, number: int) -> Community:
    lo = (int("220102001000") + number) * COMMUNITY
    community = Community(_place("community", "community", f"示例{number}社区", street, lo, lo + COMMUNITY), lo)
    for block in (1, 2):
        start = lo + block * 1000
        building = Building(_place("building", "building", f"{block}号楼", community.id, start, start + 1000), start)
        unit = _place("unit", "unit", "1单元", building.id, start + 100, start + 200)
        for no in range(6):
            position = start + 101 + no
            building.doors.append(_place("door", "dwelling", f"{no // 2 + 1}0{no % 2 + 1}", unit, position, position + 1))
        community.buildings.append(building)
    start = lo + 10_000
    house = Building(_place("building", "house", "9号院", community.id, start, start + 10), start)
    house.doors.append(_place("door", "dwelling", "院", house.id, start + 1, start + 2))
    community.buildings.append(house)
    return community


def account(login: str, name: str, grants: Iterable[tuple[str, PlaceId]], *, since: date = LONG_AGO) -> AccountId:
    """An account with roles over places."""
    identifier = AccountId(new_id())
    Account.objects.create(id=identifier, login=login, name=name, name_key=login, name_initials="sl", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    for role, place in grants:
        Grant.objects.create(
            id=new_id(), account_id=identifier, role=role, scope="place", place_id=place, valid_from=since, given_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    return identifier


def record(place: UUID, kind: str = "visit", payload: dict[str, object] | None = None, *, at: datetime, **more: object) -> dict[str, object]:
    """A record as it is sent."""
    version = more.pop("version", 1)
    identifier = more.pop("id", None) or new_id(at)
    return {
        "id": str(identifier), "kind": kind, "version": version, "place": str(place), "occurred_at": at.isoformat(),
        "payload": payload if payload is not None else {"outcome": "seen"}, **more,
    }  # fmt: skip
