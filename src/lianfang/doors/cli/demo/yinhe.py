"""银河小区 (Yinhe) of 新城社区 in 宕昌县: 8 buildings, 24 units, 712 households, 2,132 people, as published; everything else invented.

Sizes of the compound are those a county paper gave in 2022. Who lives there, who serves there and what was found at the doors is
made up, seeded, and looks it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lianfang.doors.cli.demo.residents import Resident, families
from lianfang.doors.cli.demo.visits import Try, evenings, last_week
from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts.commands import NewGrant
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import NewAccount, OverArea, OverPlace, Scope
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import Member, NewHousehold, NewPerson, Relation, ResidenceKind, Sex
from lianfang.ground.places import commands as places
from lianfang.ground.places import queries
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.bulletins import commands as bulletins
from lianfang.headquarters.bulletins import subjects
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import AccountId, HouseholdId, PersonId, PlaceId, new_id
from lianfang.ledger import folding, intake
from lianfang.ledger.queries import wait_until_folded
from lianfang.ledger.types import Author
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor
    from lianfang.ground.places.models import Place

PASSWORD = "shili-shili-2022"
COMMUNITY, NEIGHBOUR, CITY = "621223100005", "621223100004", "621200000000"
# 712 doors: 5 × 90, 108, 84, and 72 less the two that were joined with their neighbours.
LAYOUT = """1-2栋，3个单元，15层，每层2户，房号为层号加两位
3栋，3个单元，18层，每层2户
4-6栋，3个单元，15层，每层2户
7栋，3个单元，14层，每层2户
8栋，3个单元，12层，每层2户"""
HOUSEHOLDS, PEOPLE, SEED = 712, 2132, 20220311
GRIDS = (("第一网格", 0, 4), ("第二网格", 4, 8))
COUNTED_WITHIN = 60.0  # seconds
BACK = timedelta(days=60)  # how long the invented posts and residences have lasted


_PUBLIC = {Role.COMMUNITY_SECRETARY, Role.GRID_WORKER, Role.BUILDING_LEADER}  # invented: these agreed that their number hangs on the wall


@dataclass(slots=True)
class Town:
    """What has been made so far."""

    community: Place
    buildings: list[Place] = field(default_factory=list)
    doors: list[Place] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    workers: dict[str, AccountId] = field(default_factory=dict)
    serial: int = 0


def seed() -> list[str]:
    """Fill an empty database with the town; the lines that tell how to sign in."""
    town = Town(queries.by_code(COMMUNITY))
    with clock.frozen(clock.now() - BACK):
        _build(town)
    _settle(town)
    _appoint(town)
    _first_round(town)
    _open_rounds(town)
    _visit(town)
    _publish(town)
    return _cast(town)


def _build(town: Town) -> None:
    laid = places.lay_out(town.community.place_id, places.parse_layout(LAYOUT), by=None, compound="银河小区")
    town.buildings = [queries.place(building) for building in laid.buildings]
    for floor in (11, 12):
        left, right = [door for door in queries.doors_of(town.buildings[-1]) if door.floor == floor][:2]
        places.merge_doors(left.place_id, right.place_id, by=None, label=f"{left.name}-{right.name}")
    town.doors = [door for building in town.buildings for door in queries.doors_of(building)]
    for name, first, last in GRIDS:
        places.found_area(
            AreaKind.GRID, f"新城{name}", town.community.place_id, [building.place_id for building in town.buildings[first:last]], by=None
        )
    places.add_site(town.community.place_id, "银河小区南门（示例）", by=None)


def _settle(town: Town) -> None:
    moved_in = clock.today() - BACK
    invented = list(families(HOUSEHOLDS, PEOPLE, today=clock.today(), seed=SEED))
    town.sizes = [len(family) for family in invented]
    people.take_in(_households(town.doors, invented, moved_in), by=None)


def _households(doors: Sequence[Place], invented: Sequence[list[Resident]], since: date) -> Iterator[NewHousehold]:
    for number, (door, family) in enumerate(zip(doors, invented, strict=True)):
        # One household in eleven is registered here and lives elsewhere: an assumption.
        both = (ResidenceKind.REGISTERED,) if number % 11 == 5 else (ResidenceKind.REGISTERED, ResidenceKind.ACTUAL)
        members = tuple(Member(_person(one), Relation(one.relation), both) for one in family)
        yield NewHousehold(HouseholdId(new_id()), door.place_id, members, since=since)


def _person(one: Resident) -> NewPerson:
    return NewPerson(PersonId(new_id()), one.name, Sex(one.sex), one.born, one.paper, phone=one.phone)


def _appoint(town: Town) -> None:
    community = OverPlace(town.community.place_id)
    street = queries.ancestors(town.community)[-1]
    county = queries.ancestors(town.community)[-2]
    grids = [area for area in queries.areas_within([town.community.range], AreaKind.GRID) if area.home_id == town.community.id]
    _worker(town, "city", "贺示例", Role.CITY_COMMAND, OverPlace(queries.by_code(CITY).place_id))
    _worker(town, "county", "任示例", Role.DISTRICT_COMMAND, OverPlace(county.place_id))
    _worker(town, "street", "冯示例", Role.STREET_DUTY, OverPlace(street.place_id))
    _worker(town, "secretary", "王示例", Role.COMMUNITY_SECRETARY, community)
    _worker(town, "worker", "卫示例", Role.COMMUNITY_WORKER, community)
    _worker(town, "privacy", "沈示例", Role.DATA_PROTECTION, OverPlace(county.place_id))
    _worker(town, "outsider", "尤示例", Role.COMMUNITY_SECRETARY, OverPlace(queries.by_code(NEIGHBOUR).place_id))
    for login, name, area in zip(("grid", "grid2"), ("何示例", "吕示例"), grids, strict=True):
        _worker(town, login, name, Role.GRID_WORKER, OverArea(area.area_id))
    compound = next(area for area in queries.areas_within([town.community.range], AreaKind.COMPOUND) if area.name == "银河小区")
    _worker(town, "compound", "蒋示例", Role.COMPOUND_LEADER, OverArea(compound.area_id))
    for building, surname in zip(town.buildings, "施张孔曹严华金魏", strict=True):
        _worker(town, f"building{building.name.removesuffix('栋')}", f"{surname}示例", Role.BUILDING_LEADER, OverPlace(building.place_id))
    accounts.set_duty_phone(town.community.place_id, "0939-6120001", by=None)
    units = [unit for building in town.buildings for unit in queries.children(building)]
    for number, (unit, surname) in enumerate(zip(units, "陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤", strict=True), start=1):
        if number != 5:  # one gap, so that the page has one to show
            _worker(town, f"unit{number}", f"{surname}示例", Role.UNIT_LEADER, OverPlace(unit.place_id))


def _worker(town: Town, login: str, name: str, role: Role, scope: Scope) -> None:
    town.serial += 1
    local = access.local_administrator()
    grant = NewGrant(role, scope, valid_from=clock.today() - BACK, reason="演示（虚构）")
    account = accounts.add_account(NewAccount(name=name, login=login, phone=f"1549{town.serial:07d}"), by=local, grants=[grant])
    town.workers[login] = account
    if role in _PUBLIC:
        accounts.show_number(account, public=True, by=local)
    accounts.set_password(account, PASSWORD)


def _visit(town: Town) -> None:
    _record_all(town, list(evenings(len(town.doors), town.sizes, now=clock.now(), seed=SEED)))


def _record_all(town: Town, tries: Sequence[Try]) -> None:
    """Each of the two grid workers records what they found in their grid."""
    half = sum(len(queries.doors_of(building)) for building in town.buildings[:4])
    for login, mine in (("grid", [one for one in tries if one.door < half]), ("grid2", [one for one in tries if one.door >= half])):
        author = Author(town.workers[login])
        building = town.buildings[0] if login == "grid" else town.buildings[4]
        duty = [_presence(building.place_id, mine)] if mine else []
        records = [*duty, *(_record(town, one) for one in mine)]
        for start in range(0, len(records), intake.LIMIT):
            intake.take(records[start : start + intake.LIMIT], author)


def _first_round(town: Town) -> None:
    """The round of last week, which ended with doors not reached: opened, recorded and ended as of then."""
    ended = clock.now() - timedelta(days=6)
    with clock.frozen(ended - timedelta(hours=9)):
        rounds.open_round(
            NewRound(
                "第一轮敲门行动", "headcount", closes_at=ended, place=town.community.place_id,
                legal_basis="新城社区通知（示例）第9号", purpose="核实居住人员",
            ),
            by=access.local_administrator(),
        )  # fmt: skip
    with clock.frozen(ended):
        _record_all(town, list(last_week(len(town.doors), ends=ended, seed=SEED)))


def _open_rounds(town: Town) -> None:
    """A round in progress over the whole compound, since the first of the two evenings, until tonight or a little later."""
    now = clock.now()
    rounds.open_round(
        NewRound(
            "第二轮敲门行动", "headcount", closes_at=now + timedelta(hours=6), place=town.community.place_id, opens_at=now - timedelta(hours=30),
            legal_basis="新城社区通知（示例）第12号", purpose="核实居住人员和需要帮助的人",
        ),
        by=access.local_administrator(),
    )  # fmt: skip


def _publish(town: Town) -> None:
    """The bulletin of the day on which the first round ended; a visit that is told of late; yesterday's, which says what that has revised."""
    secretary = access.actor_of_login("secretary")
    ended, yesterday = clock.now() - timedelta(days=6), clock.today() - timedelta(days=1)
    _count_all()
    with clock.frozen(ended + timedelta(days=1)):
        _publish_day(town, clock.local(ended).date(), secretary)
    _record_all(town, [Try(len(town.doors) - 1, "phone", ended - timedelta(minutes=20), wants_help=False)])
    _count_all()
    _publish_day(town, yesterday, secretary)


def _count_all() -> None:
    """Fold until all of it is counted: on a server that others use too their transactions hold records back for a while."""
    until = time.monotonic() + COUNTED_WITHIN
    while folding.fold_here() and not wait_until_folded(0) and time.monotonic() < until:
        time.sleep(0.2)


def _publish_day(town: Town, day: date, by: Actor) -> None:
    bulletins.publish(definition("daily"), subjects.of_place(town.community), Period(day, day), by=by)


def _record(town: Town, one: Try) -> dict[str, object]:
    seen = town.sizes[one.door] if one.outcome == "seen" else 0
    return {
        "id": str(new_id(one.at)),
        "kind": "visit",
        "version": 2,
        "place": str(town.doors[one.door].id),
        "occurred_at": one.at.isoformat(),
        "channel": "phone" if one.outcome == "phone" else "seen",
        "payload": {"outcome": one.outcome, "people_seen": seen, "wants_help": one.wants_help},
    }


def _presence(place_id: PlaceId, mine: Sequence[Try]) -> dict[str, object]:
    begins = mine[-1].at - timedelta(hours=1)
    return {
        "id": str(new_id(begins)),
        "kind": "presence",
        "version": 1,
        "place": str(place_id),
        "occurred_at": begins.isoformat(),
        "payload": {"duty": "on"},
    }


def _cast(town: Town) -> list[str]:
    [sign] = accounts.door_signs([town.doors[200].place_id], by=None)
    return [
        f"市指挥部 city command         city / {PASSWORD}",
        f"社区书记 community secretary  secretary / {PASSWORD}",
        f"网格员 grid worker            grid / {PASSWORD}",
        f"邻社区书记，什么也看不到 outsider who sees nothing here   outsider / {PASSWORD}",
        f"数据保护负责人 data protection   privacy / {PASSWORD}",
        f"居民页 resident's page        {{origin}}/r/{sign.token}   门卡六位码 code on the door card {sign.code}",
    ]
