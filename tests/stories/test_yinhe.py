"""银河小区 of 宕昌县, whole: 8 buildings, 24 units, 712 households, 2,132 people, 32 leaders, a round by 23 people and a second one.

The sizes are those a county paper gave in 2022; everybody in it is invented. What every list and bulletin must say is counted here, in
plain Python, from what was typed and sent: nothing of the product's folds, figures or rules is used for it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from io import BytesIO
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from lianfang.ground.places import divisions
from lianfang.kernel.ids import new_id
from tests.factories import rosters
from tests.factories.people import phone_number
from tests.stories.through import PASSWORD, Browser, Device, command, done, send

COMMUNITY, NEIGHBOUR = "621223100005", "621223100004"
LAYOUT = """1-2栋，3个单元，15层，每层2户，房号为层号加两位
3栋，3个单元，18层，每层2户
4-6栋，3个单元，15层，每层2户
7栋，3个单元，14层，每层2户
8栋，3个单元，12层，每层2户"""
CHINA = timezone(timedelta(hours=8))
SETTLED = ("seen", "phone", "away", "vacant", "moved")
OPEN = ("lit", "dark", "refused", "check")
WALKERS = 23

Door = tuple[int, int, str]


@dataclass
class Walked:
    """One round as it was walked: what was found at each door, last try last."""

    name: str
    id: str = ""
    tries: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    walkers: set[str] = field(default_factory=set)

    def last(self) -> dict[str, str]:
        return {door: found[-1][0] for door, found in self.tries.items()}

    def settled(self) -> set[str]:
        return {door for door, outcome in self.last().items() if outcome in SETTLED}

    def visits(self) -> int:
        return sum(len(found) for found in self.tries.values())


@dataclass
class Town:
    """The compound, and what was typed into it."""

    folder: Path
    day: str
    community: str = ""
    doors: dict[Door, str] = field(default_factory=dict)
    buildings: dict[int, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    first: Walked = field(default_factory=lambda: Walked("三月第一轮敲门"))
    second: Walked = field(default_factory=lambda: Walked("三月第二轮敲门"))

    def residents(self, door: str) -> int:
        """How many people the roster names at a door."""
        [where] = [each for each, place in self.doors.items() if place == door]
        return sum(len(each) for each in rosters.households() if (each[0].building, each[0].unit, each[0].room) == where)


@pytest.fixture(scope="module")
def town(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("yinhe"), datetime.now(CHINA).date().isoformat())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORY_PASSWORD", PASSWORD)
        lay_out(made)
        appoint(made)
        take_roster(made)
        walk(made, made.first, seed=1)
        done("round", "close", made.first.id, "--as", "secretary")
        walk(made, made.second, seed=2)
        yield made


# --- what happened ---


def staff(name: str, login: str, role: str, over: str, order: int) -> None:
    words = ("--login", login, "--phone", phone_number(80_000 + order), "--role", role, "--over", over)
    done("accounts", "add", name, *words, "--password-from", "STORY_PASSWORD")


def lay_out(town: Town) -> None:
    [listed] = [path for path in divisions.shipped() if Path(path).name.startswith("dangchang")]
    done("places", "load", listed)
    staff("王示书", "secretary", "community_secretary", COMMUNITY, 1)
    staff("尤示邻", "neighbour", "community_secretary", NEIGHBOUR, 2)
    done("places", "lay-out", COMMUNITY, LAYOUT, "--compound", "银河小区", "--as", "secretary")
    town.community = done("places", "show", COMMUNITY, "--as", "secretary")["id"]
    browser = Browser("secretary")
    for door in (place for (building, unit, room), place in walls(town).items() if (building, unit, room) in rosters.LEFT_OUT):
        browser.did("desk:end", door, on=town.day)
    town.doors = walls(town)


def walls(town: Town) -> dict[Door, str]:
    """Every door there is, in walking order, by building, unit and what stands on it."""
    device, found = Device("secretary"), {}
    for building in device.read(f"places/{town.community}/children"):
        number = int(building["name"].removesuffix("栋"))
        town.buildings[number] = building["id"]
        for unit in device.read(f"places/{building['id']}/children"):
            for door in device.read(f"places/{unit['id']}/children"):
                if door["valid_to"] is None:
                    found[number, int(unit["name"].removesuffix("单元")), door["name"]] = door["id"]
    return found


def appoint(town: Town) -> None:
    """8 building and 24 unit leaders from the office's Excel list, who then open their links and choose a password."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["银河小区楼栋长、单元长名册"])
    sheet.append(["序号", "姓名", "联系电话", "职务", "社区", "楼栋", "单元"])
    posts = [(building, unit) for building in rosters.BUILDINGS for unit in (0, 1, 2, 3)]
    for number, (building, unit) in enumerate(posts, 1):
        name = f"{'赵钱孙李周吴郑王'[building - 1]}示{'楼一二三'[unit]}"
        role = "单元长" if unit else "楼栋长"
        sheet.append([number, name, phone_number(70_000 + number), role, "新城社区", f"{building}栋", unit or None])
    out = BytesIO()
    book.save(out)
    file = BytesIO(out.getvalue())
    file.name = "leaders.xlsx"
    answer = Browser("secretary").did("desk:accounts_import", file=file, step="save")
    links = load_workbook(BytesIO(answer.content)).active
    assert links is not None
    joined = 0
    for row in links.iter_rows(values_only=True):
        for address in (str(cell) for cell in row if "/join/" in str(cell)):
            [number] = [at for at, one in enumerate(posts, 1) if f"{'赵钱孙李周吴郑王'[one[0] - 1]}示{'楼一二三'[one[1]]}" in row]
            fields = {"digits": phone_number(70_000 + number)[-4:], "password": PASSWORD, "again": PASSWORD}
            from django.test import Client

            assert Client().post(reverse("desk:join", args=[address.rstrip("/").rsplit("/", 1)[1]]), fields).status_code == 302
            joined += 1
    assert joined == len(posts) == 32


def leaders(town: Town) -> dict[Door, str]:
    """Who answers for a building (unit 0) or a unit, by login, read from the list of accounts."""
    names = {one["name"]: one["login"] for one in done("accounts", "list", "--as", "secretary")["accounts"]}
    return {
        (building, unit, ""): names[f"{'赵钱孙李周吴郑王'[building - 1]}示{'楼一二三'[unit]}"]
        for building in rosters.BUILDINGS
        for unit in (0, 1, 2, 3)
    }


def take_roster(town: Town) -> None:
    """The office's own workbook, a sheet a building; first tried, then loaded, then loaded once more."""
    file = rosters.a_sheet_a_building()
    path = town.folder / file.name
    path.write_bytes(file.content)
    words = ("roster", "load", path, "--community", COMMUNITY, "--as", "secretary")
    town.answers["tried"] = done(*words, "--dry-run")
    town.answers["people after trying"] = done("figure", "people_living", COMMUNITY)["value"]
    town.answers["loaded"] = done(*words, "--answer", town.folder / "answer.xlsx")
    town.answers["again"] = done(*words)


def routes() -> dict[tuple[int, int], tuple[int, int]]:
    """Which leader (building, unit; unit 0 is the building's) walks which unit: 8 building leaders and 15 unit leaders, 23 in all."""
    units = [(building, unit) for building in rosters.BUILDINGS for unit in (1, 2, 3)]
    return {each: (each[0], 0) if each[1] == 1 or each == (8, 3) else each for each in units}


def walk(town: Town, walked: Walked, *, seed: int) -> None:
    """A round is opened, and everybody walks their stairs once, and again where a door stayed open, till the light goes."""
    now = datetime.now(CHINA)
    until = (now + timedelta(days=1)).isoformat(timespec="seconds")
    answer = done(
        "round", "open", walked.name, "--area", COMMUNITY, "--form", "headcount", "--until", until,
        "--basis", "传染病防治法第三十九条", "--purpose", "核对住户", "--as", "secretary",
    )  # fmt: skip
    walked.id = answer["id"]
    assert answer["doors"] == rosters.HOUSEHOLDS
    logins, chance = leaders(town), Random(seed)
    records: dict[str, list[dict[str, object]]] = defaultdict(list)
    for (building, unit, _room), door in town.doors.items():
        login = logins[(*routes()[building, unit], "")]
        for _attempt in range(2):
            if chance.random() < 0.08:
                continue
            outcome = chance.choices([*SETTLED, *OPEN], weights=[60, 8, 4, 3, 2, 5, 12, 4, 2])[0]
            seen = town.residents(door) if outcome == "seen" else 0
            at = datetime.now(CHINA)
            records[login].append(
                {
                    "id": str(new_id(at)), "kind": "visit", "version": 1, "place": door, "occurred_at": at.isoformat(),
                    "payload": {"outcome": outcome, "people_seen": seen},
                }
            )  # fmt: skip
            walked.tries[door].append((outcome, seen))
            if outcome in SETTLED:
                break
    for login, theirs in records.items():
        answer = send(town.folder, login, theirs)
        assert (answer["kept"], answer["quarantined"], answer["refused"]) == (len(theirs), 0, 0), answer
    walked.walkers = set(records)


def test_the_place_is_the_papers(town: Town) -> None:
    assert (len(town.buildings), len({door[:2] for door in town.doors}), len(town.doors)) == (8, 24, 712)
    assert sum(len(each) for each in rosters.households()) == 2132
    shown = done("places", "show", COMMUNITY, "--as", "secretary")
    assert shown["doors"] == 712


def test_everybody_of_the_roster_is_there_once(town: Town) -> None:
    tried, loaded, again = town.answers["tried"], town.answers["loaded"], town.answers["again"]
    assert (tried["rows"], tried["added"], tried["waiting"], tried["refused"]) == (2132, 2132, 0, 0)
    assert town.answers["people after trying"] == 0, "a trial changes nothing"
    assert (loaded["rows"], loaded["doors"], loaded["added"]) == (2132, 712, 2132)
    assert (again["unchanged"], again["added"], again["changed"], again["merged"]) == (2132, 0, 0, 0)
    counted = done("people", "counts", COMMUNITY, "--as", "secretary")
    assert (counted["households"], counted["living"]) == (712, 2132)
    assert {key: done("figure", key, COMMUNITY)["value"] for key in ("households", "people_living")} == {
        "households": 712,
        "people_living": 2132,
    }


def test_every_person_row_of_the_file_got_its_verdict(town: Town) -> None:
    book = load_workbook(town.folder / "answer.xlsx")
    heard = Counter(
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell in {"added", "新增", "已新增"}
    )
    assert heard.total() == 2132
    assert "旧数据" in book.sheetnames or len(book.sheetnames) == 8


def test_people_of_each_building_are_those_of_the_file(town: Town) -> None:
    expected = Counter(person.building for each in rosters.households() for person in each)
    assert {
        building: done("figure", "people_living", place)["value"] for building, place in town.buildings.items()
    } == dict(expected)  # fmt: skip


def test_every_door_has_somebody_who_answers(town: Town) -> None:
    found = done("gaps", COMMUNITY, "--as", "secretary")
    assert found["doors"] == 712


def test_twenty_three_people_walked(town: Town) -> None:
    assert len(town.first.walkers) == len(town.second.walkers) == WALKERS


@pytest.mark.parametrize("which", ["first", "second"])
def test_the_missing_list_is_the_doors_that_stayed_open(town: Town, which: str) -> None:
    walked: Walked = getattr(town, which)
    found = done("round", "missing", walked.id, "--place", COMMUNITY, "--limit", 1000, "--as", "secretary")
    missing = set(town.doors.values()) - walked.settled()
    assert {row["place"] for row in found["rows"]} == missing
    assert (found["doors"], found["settled"], found["missing"]) == (712, len(walked.settled()), len(missing))
    last = walked.last()
    expected = Counter(last.get(door, "never") for door in missing)
    assert sum(found["reasons"].values()) == len(missing)
    assert {name: count for name, count in found["reasons"].items() if name in OPEN and count} == {
        outcome: count for outcome, count in expected.items() if outcome in OPEN
    }
    climbed = sorted(town.doors, key=lambda one: (one[0], one[1], -int(one[2][:-2]), one[2]))
    assert [row["place"] for row in found["rows"]] == [town.doors[one] for one in climbed if town.doors[one] in missing], "as one walks"


def test_of_each_building_too(town: Town) -> None:
    missing = set(town.doors.values()) - town.second.settled()
    for building, place in town.buildings.items():
        mine = {door for where, door in town.doors.items() if where[0] == building}
        found = done("round", "missing", town.second.id, "--place", place, "--limit", 1000, "--as", "secretary")
        assert {row["place"] for row in found["rows"]} == mine & missing


def test_the_two_rounds_side_by_side(town: Town) -> None:
    found = done("round", "compare", town.first.id, town.second.id, "--as", "secretary")
    first, second, every = town.first.settled(), town.second.settled(), set(town.doors.values())
    assert {key: found[key] for key in ("settled_in_both", "only_in_first", "only_in_second", "open_in_both")} == {
        "settled_in_both": len(first & second), "only_in_first": len(first - second),
        "only_in_second": len(second - first), "open_in_both": len(every - first - second),
    }  # fmt: skip
    assert (found["first"]["visits"], found["second"]["visits"]) == (town.first.visits(), town.second.visits())


def expected_of(town: Town, doors: Sequence[str]) -> dict[str, int]:
    """What a bulletin of these doors must say of the day, from what was sent alone."""
    inside = set(doors)
    tries = [(door, outcome) for walked in (town.first, town.second) for door, found in walked.tries.items() for outcome, _ in found]
    last = {door: outcome for door, outcome in tries if door in inside}
    settled = sum(outcome in SETTLED for outcome in last.values())
    return {
        "doors": len(inside),
        "visits": sum(door in inside for door, _ in tries),
        "doors_visited": len(last),
        "doors_settled": settled,
        "doors_open": len(inside) - settled,
        "households": len(inside),
        "people_living": sum(town.residents(door) for door in inside),
        "matters_open": 0,
    }


def bulletin(town: Town, place: str, *more: object, login: str = "secretary") -> dict[str, Any]:
    out = town.folder / "bulletin.json"
    return done("bulletin", "daily", place, "--day", town.day, "--format", "json", "--out", out, "--as", login, *more)


def test_the_bulletin_holds_exactly_what_the_records_hold(town: Town) -> None:
    told = bulletin(town, COMMUNITY)["figures"]
    expected = expected_of(town, list(town.doors.values()))
    assert {key: told.get(key) for key in expected} == expected
    assert json.loads((town.folder / "bulletin.json").read_text())


def test_so_do_those_of_each_building(town: Town) -> None:
    for building, place in town.buildings.items():
        expected = expected_of(town, [door for where, door in town.doors.items() if where[0] == building])
        told = bulletin(town, place)["figures"]
        assert {key: told.get(key) for key in expected} == expected


def test_the_workbook_and_the_paper_say_the_same(town: Town) -> None:
    expected = expected_of(town, list(town.doors.values()))
    words = ("bulletin", "daily", COMMUNITY, "--day", town.day, "--as", "secretary")
    done(*words, "--format", "xlsx", "--out", town.folder / "bulletin.xlsx")
    cells = {
        cell
        for sheet in load_workbook(town.folder / "bulletin.xlsx").worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    done(*words, "--format", "pdf", "--out", town.folder / "bulletin.pdf")
    printed = "".join(page.extract_text() for page in PdfReader(town.folder / "bulletin.pdf").pages)
    digits = "".join(printed.replace(",", "").split())
    for key in ("doors", "visits", "doors_visited", "doors_settled", "doors_open", "people_living"):
        assert expected[key] in cells, key
        assert str(expected[key]) in digits, key
    assert "新城社区" in "".join(printed.split())


def test_a_published_bulletin_stays_when_a_record_is_corrected_and_the_next_tells_of_it(town: Town) -> None:
    """Last of all, since it adds to the book."""
    before = bulletin(town, COMMUNITY, "--publish")["figures"]
    [door, *_] = [one for one, outcome in town.second.last().items() if outcome == "seen"]
    at = datetime.now(CHINA)
    late = {
        "id": str(new_id(at)), "kind": "visit", "version": 1, "place": door, "occurred_at": at.isoformat(),
        "payload": {"outcome": "dark"},
    }  # fmt: skip
    assert send(town.folder, "secretary", [late])["kept"] == 1
    town.second.tries[door].append(("dark", 0))
    assert bulletin(town, COMMUNITY)["figures"] == before, "published is published"
    fresh = bulletin(town, COMMUNITY, "--fresh")["figures"]
    expected = expected_of(town, list(town.doors.values()))
    assert {key: fresh.get(key) for key in expected} == expected
    assert fresh["doors_settled"] == before["doors_settled"] - 1


def test_the_neighbour_sees_nothing_of_it(town: Town) -> None:
    asked = (
        ("bulletin", "daily", COMMUNITY, "--format", "json", "--out", str(town.folder / "theirs.json")),
        ("round", "missing", town.first.id),
        ("round", "compare", town.first.id, town.second.id),
        ("gaps", COMMUNITY),
        ("people", "counts", COMMUNITY),
        ("roster", "load", str(town.folder / rosters.a_sheet_a_building().name), "--community", COMMUNITY),
    )
    for words in asked:
        said = command(*words, "--json", "--as", "neighbour")
        assert said.status == 1, f"{words}: {said.all}"
        assert "银河" not in said.all
    assert not (town.folder / "theirs.json").exists()
    assert not [person for _door, theirs in groupby(rosters.households()[:20]) for person in theirs if person[0].name in said.all]
