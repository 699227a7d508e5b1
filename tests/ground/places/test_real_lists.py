"""The shipped lists of the nation and of five places at four dates, against changes derived from them by other code."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lianfang.ground.places import commands, divisions, queries
from lianfang.ground.places.models import Place, PlacePast
from lianfang.ground.places.queries import soundness
from lianfang.ground.places.rules.names import stem
from lianfang.ground.places.types import CodeEnded, Level, NotYetKnown

pytestmark = pytest.mark.django_db

DAYS = [date(2019, 10, 31), date(2020, 6, 30), date(2022, 10, 31), date(2023, 6, 30)]
CHANGES = Path(__file__).parent / "facts" / "l5_changes_between_snapshots.csv.gz"


@pytest.fixture(autouse=True)
def _loaded(real_lists: list[Any], db: None) -> None:
    """Every test here stands on the lists."""


def changes() -> Iterator[dict[str, str]]:
    with gzip.open(CHANGES, "rt", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def test_the_nation_is_there_with_its_odd_codes() -> None:
    in_2023 = Place.objects.filter(level__in=("province", "city", "county", "street"), valid_to=None)
    assert Counter(in_2023.values_list("level", flat=True)) == {"province": 31, "city": 342, "county": 2978, "street": 41352}
    for code, name in (("441900000000", "东莞市"), ("442000000000", "中山市"), ("460400000000", "儋州市"), ("350527000000", "金门县")):
        upper = queries.by_code(code)
        [lower] = [child for child in queries.children(upper) if child.code == code]
        assert (upper.name, lower.name, lower.at_level.depth - upper.at_level.depth) == (name, name, 1)
        assert upper.range.holds(lower.range)
        assert upper.range != lower.range


def test_positions_follow_the_codes_where_they_can() -> None:
    others = [street.name for street in Place.objects.filter(valid_to=None, level="street") if street.lo != int(street.code or 0) * 10**7]
    assert sorted(others) == [
        "双营子回族乡",
        "太平镇",
        "查干湖旅游经济开发区",
        "深井子牧场",
        "齐家镇",
    ]  # recoded where they stood, or reused


def test_a_reused_code_is_another_place() -> None:
    old, new = queries.by_code("220721102208", date(2020, 7, 1)), queries.by_code("220721102208")
    assert (old.name, old.valid_from, old.valid_to) == ("深井子村委会", DAYS[0], DAYS[2])
    assert (new.name, new.valid_from, new.valid_to) == ("海渤日戈村委会", DAYS[2], None)
    assert old.pk != new.pk
    assert old.lo == 220721102208 * 10**7
    assert 900 <= new.lo // 10**7 % 1000 <= 999
    assert old.parent == new.parent


def test_a_community_that_moved_keeps_its_identity_and_gets_a_new_position() -> None:
    now, then = queries.by_code("220103014005"), queries.by_code("220103009009", DAYS[2])
    assert now == then
    former, present = queries.states(now)
    assert (former.lo, present.lo) == (220103009009 * 10**7, 220103014005 * 10**7)
    assert (former.since, former.until, present.since) == (DAYS[0], DAYS[3], DAYS[3])
    assert [step.name for step in queries.path_on(now, DAYS[2])][-1] == "柳影街道"
    assert [step.name for step in queries.path_on(now, DAYS[3])][-1] == "新隆街道"
    assert former.range in [former.range for former in queries.states(now)]
    readable = queries.reading_ranges(queries.by_code("220103014000"))
    assert any(piece.holds(former.range) for piece in readable)
    with pytest.raises(CodeEnded, match="新月路社区"):
        queries.by_code("220103009009")
    with pytest.raises(NotYetKnown):
        queries.by_code("220103009009", date(2018, 1, 1))


def test_a_county_that_changed_city_took_its_403_communities_along() -> None:
    county = queries.by_code("220184000000")
    assert county == queries.by_code("220381000000", DAYS[0])
    assert [step.name for step in queries.path_on(county, DAYS[0])] == ["吉林省", "四平市"]
    assert [step.name for step in queries.path_on(county, DAYS[1])] == ["吉林省", "长春市"]
    before, after = queries.states(county)
    # 403 kept their names, the others were respelt at the same time; three went to another street.
    carried = PlacePast.objects.filter(level="community", lo__gte=before.lo, lo__lt=before.hi, valid_to=DAYS[1])
    assert carried.count() == 435
    assert all(after.lo <= past.place.lo < after.hi for past in carried.select_related("place"))


def test_the_same_name_ten_times() -> None:
    same = Place.objects.filter(name="和平村委会", valid_to=None, code__in=_codes_of_five_places())
    paths = {tuple(step.name for step in queries.path_on(place, DAYS[3])) for place in same}
    assert len(same) == len(paths) == 10


def _codes_of_five_places() -> set[str]:
    codes = set()
    for file in divisions.shipped():
        if file.name.endswith("2023-06-30.csv.gz") and not file.name.startswith(("national", "other")):
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                codes |= {row["code12"] for row in csv.DictReader(lines)}
    return codes


class Told:
    """What the tables say became of a community between two days, asked code by code."""

    def __init__(self) -> None:
        self.by_code: defaultdict[str, list[tuple[date, date | None, Any, str]]] = defaultdict(list)
        self.span: dict[Any, tuple[date, date | None]] = {}
        for place in Place.objects.filter(level="community"):
            self.by_code[place.code or ""].append((place.since, place.valid_to, place.pk, place.name))
            self.span[place.pk] = (place.valid_from, place.valid_to)
        for past in PlacePast.objects.filter(level="community"):
            self.by_code[past.code or ""].append((past.valid_from, past.valid_to, past.place_id, past.name))

    def place(self, code: str, day: str) -> Any:
        on = date.fromisoformat(day)
        return next((pk for start, end, pk, _ in self.by_code[code] if start <= on and (end is None or on < end)), None)


def test_every_change_between_the_lists_is_told() -> None:
    """1,822 changes, each explained: what kept its code or its name nearby is one place; the rest ended or began."""
    told = Told()
    reused = {line.code for line in divisions.reuses()}
    explained: Counter[tuple[str, str]] = Counter()
    for row in changes():
        change, begin, end = row["change"], row["from"], row["to"]
        old = told.place(row["old_code"], begin) if row["old_code"] else None
        new = told.place(row["new_code"], end) if row["new_code"] else None
        if change == "same_code_new_name":
            explained[change, "reuse" if row["old_code"] in reused else "renamed"] += 1
            assert (old == new) == (row["old_code"] not in reused), row
        elif change == "street_renamed":
            explained[change, "same place"] += 1
            assert old == new is not None, row
        elif change.startswith("same_name_new_code"):
            same_county = row["old_code"][:6] == row["new_code"][:6] or {row["old_code"][:6], row["new_code"][:6]} == {"220381", "220184"}
            explained[change, "same place" if old == new else "other county" if not same_county else "name not alone"] += 1
        elif change == "appeared":
            began = told.span[new][0] == date.fromisoformat(end)
            explained[change, "began" if began else "named alike before"] += 1
        else:
            explained[change, "ended" if told.span[old][1] == date.fromisoformat(end) else "named alike after"] += 1
    assert explained == EXPLAINED


EXPLAINED = {
    ("same_code_new_name", "renamed"): 548,
    ("same_code_new_name", "reuse"): 4,
    ("street_renamed", "same place"): 31,
    ("same_name_new_code", "same place"): 460,
    ("same_name_new_code_moved_street", "same place"): 165,
    ("same_name_new_code_moved_street", "other county"): 3,  # the same name in another county is not taken for the same place
    ("same_name_new_code_moved_street", "name not alone"): 3,
    ("appeared", "began"): 333,
    ("appeared", "named alike before"): 36,  # 向阳村委会 and 向阳社区 of one street, recoded: one place
    ("disappeared", "ended"): 201,
    ("disappeared", "named alike after"): 38,
}


def test_every_list_is_what_the_tables_say_of_its_day() -> None:
    """Read back from the tables, each list is the file again: code, name and street of every community, on its day."""
    for day in DAYS:
        listed = {}
        for file in divisions.shipped():
            if file.name.endswith(f"{day}.csv.gz") and not file.name.startswith("national"):
                with gzip.open(file, "rt", encoding="utf-8") as lines:
                    listed |= {row["code12"]: (row["name"], row["street_code"].ljust(12, "0")) for row in csv.DictReader(lines)}
        assert _communities_on(day) == listed


def _communities_on(day: date) -> dict[str, tuple[str, str]]:
    streets: defaultdict[Any, list[tuple[date, date | None, str]]] = defaultdict(list)
    rows = list(Place.objects.values_list("pk", "level", "code", "name", "parent_id", "since", "valid_to"))
    rows += list(PlacePast.objects.values_list("place_id", "level", "code", "name", "parent_id", "valid_from", "valid_to"))
    for pk, level, code, _name, _parent, start, end in rows:
        if level == "street":
            streets[pk].append((start, end, code))
    found = {}
    for _pk, level, code, name, parent, start, end in rows:
        if level == "community" and start <= day and (end is None or day < end):
            [street] = [street for begin, until, street in streets[parent] if begin <= day and (until is None or day < until)]
            found[code] = (name, street)
    return found


def test_loading_again_changes_nothing(real_lists: list[Any]) -> None:
    before = list(Place.objects.order_by("pk").values_list())
    assert all(report.already_loaded for report in commands.load_shipped())
    assert list(Place.objects.order_by("pk").values_list()) == before


def test_all_is_sound() -> None:
    assert [finding for finding in soundness.checks() if not finding.ok] == []


def test_doubts_are_told_for_a_person_to_look_at(real_lists: list[Any]) -> None:
    doubts = {code for report in real_lists for code, _, _ in report.doubts}
    assert "220721205202" in doubts  # 常家围子 became 白依拉嘎: no name in common, no evidence of another place
    assert "220721102208" not in doubts
    assert all(
        not set(stem(old, Level.COMMUNITY)) & set(stem(new, Level.COMMUNITY))
        for r in real_lists
        for _, old, new in r.doubts
        if r.on != DAYS[0] + timedelta(0)
    )
