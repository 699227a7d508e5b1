"""A community that moves and a code that is used again keep the sums of both years right.

Real lists: 新月路社区 stood in 柳影街道 until it moved to 新隆街道 (list of 2023-06-30); the code 220721102208 was 深井子村's in 2020 and is
海渤日戈村's since the list of 2022-10-31.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lianfang.ground.places import commands as laying
from lianfang.ground.places import divisions
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.queries.within import ranges_ever
from lianfang.headquarters.bulletins import reading
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from tests.ledger.folded import fold_all
from tests.ledger.sending import record, send, words

STREETS = {"220103009", "220103014", "220721102"}
ABOVE = {"220103": ("2201", "长春市"), "220721": ("2207", "松原市")}
LISTS = ("five_places_2019-10-31", "five_places_2020-06-30", "five_places_2022-10-31", "changchun_2023-06-30", "songyuan_2023-06-30")

NEW_MOON, WILLOW, NEW_RISE = "220103009009", "220103009000", "220103014000"
REUSED = "220721102208"
IN_2020, IN_2021, IN_2022, IN_2023 = (datetime(*day, tzinfo=UTC) for day in ((2020, 7, 5), (2021, 5, 5), (2022, 12, 5), (2023, 8, 5)))


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    with clock.frozen(moment):
        yield


def load(name: str, folder: Path) -> None:
    """The three streets of one shipped list."""
    [shipped] = [path for path in divisions.shipped() if path.name.startswith(name)]
    with gzip.open(shipped, "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["street_code"][:9] in STREETS]
    made = folder / f"{name}.csv"
    with made.open("w", encoding="utf-8") as file:
        names = ["code12", "name", "street_code", "street", "county_code", "county", "city_code", "city", "province_code", "province"]
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            city, city_name = ABOVE[row["county_code"][:6]]
            writer.writerow(row | {"city_code": city, "city": city_name, "province_code": "22", "province": "吉林省"})
    laying.load_divisions([made], on=date.fromisoformat(name[-10:]))


def lay(community: Place) -> Place:
    laid = laying.lay_out(community.place_id, laying.parse_layout("1栋，1个单元，1层，每层2户"), by=None)
    return places.place(laid.buildings[0])


def visit(building: Place, at: datetime, *, outcome: str = "seen", door: int = 0) -> None:
    made = record(places.doors_of(building)[door].id, payload={"outcome": outcome}, occurred_at=at)
    assert words(send(made, trusted=True)) == ["kept"]


def figure(key: str, code: str, year: int, *, as_on: date | None = None) -> int:
    place = places.resolve(code, as_on)
    period = Period(date(year, 1, 1), date(year, 12, 31))
    return reading.value(key, ranges_ever(place, period.last), period).value


@pytest.fixture
def story(transactional_db: None, tmp_path: Path) -> None:
    """Four years: lists as they came, buildings, visits, one of which arrives years late."""
    with on(IN_2020):
        for name in LISTS[:2]:
            load(name, tmp_path)
        moon, well = lay(places.by_code(NEW_MOON)), lay(places.by_code(REUSED))
        neighbour = lay(places.children(places.by_code(WILLOW))[0])
        visit(moon, IN_2020)
        visit(moon, IN_2020, outcome="dark", door=1)
        visit(neighbour, IN_2020)
        visit(well, IN_2020)
    with on(IN_2022):
        load(LISTS[2], tmp_path)
        town_village = lay(places.by_code(REUSED))
        visit(town_village, IN_2022)
        visit(town_village, IN_2022, door=1)
    with on(IN_2023):
        for name in LISTS[3:]:
            load(name, tmp_path)
        moon = places.place(moon.place_id)
        visit(moon, IN_2023, door=1)
        visit(moon, IN_2021)  # written down then, sent only now: it belongs to the street of that year
    fold_all()


def test_the_sums_of_both_years_stay_right(story: None) -> None:
    moved = places.by_code("220103014005")
    assert moved.name == "新月路社区"
    years = range(2020, 2024)
    by_year = {code: [figure("visits", code, year) for year in years] for code in ("220103014005", WILLOW, NEW_RISE)}
    assert by_year == {"220103014005": [2, 1, 0, 1], WILLOW: [3, 1, 0, 0], NEW_RISE: [0, 0, 0, 1]}
    assert [figure("visits", "220103000000", year) for year in years] == [3, 1, 0, 1]
    assert [figure("doors_visited", "220103014005", year) for year in years] == [2, 1, 0, 1]
    whole = Period(date(2020, 1, 1), date(2023, 12, 31))
    for code, doors in (("220103014005", 2), (WILLOW, 3), (NEW_RISE, 1), ("220103000000", 3)):
        assert reading.value("doors_visited", ranges_ever(places.resolve(code), whole.last), whole).value == doors


def test_a_code_that_is_used_again_names_two_places(story: None) -> None:
    well, village = date(2020, 12, 31), date(2022, 12, 31)
    assert places.by_code(REUSED, well).name.startswith("深井子")
    assert places.by_code(REUSED).name.startswith("海渤日戈")
    assert [figure("visits", REUSED, year, as_on=well) for year in (2020, 2022)] == [1, 0]
    assert [figure("visits", REUSED, year, as_on=village) for year in (2020, 2022)] == [0, 2]
    assert [figure("visits", "220721102000", year) for year in (2020, 2022)] == [1, 2]


def test_states_of_a_past_day_are_those_of_the_places_of_that_day(story: None) -> None:
    assert figure("doors", WILLOW, 2020) == 4
    assert figure("doors_settled", WILLOW, 2020) == 2
    assert figure("doors_open", WILLOW, 2020) == 2
    assert (figure("doors", WILLOW, 2023), figure("doors", NEW_RISE, 2023)) == (2, 2)
    assert (figure("doors_settled", WILLOW, 2023), figure("doors_settled", NEW_RISE, 2023)) == (1, 2)


def test_today_the_doors_stand_where_they_are(story: None) -> None:
    today = clock.today()
    for code, expected in ((WILLOW, 1), (NEW_RISE, 2), ("220103014005", 2)):
        place = places.by_code(code)
        assert reading.value("doors_settled", ranges_ever(place, today), Period(today, today)).value == expected
