"""Bulletins hold what a plain recount of the book says, stay as they were published, and tell what changed since."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import commands, composing, documents, queries, subjects, wording
from lianfang.headquarters.bulletins.definitions import definition, definitions
from lianfang.headquarters.bulletins.documents import Form, printing
from lianfang.headquarters.bulletins.documents.layout import laid_out
from lianfang.headquarters.bulletins.releasing import SMALLEST_TOLD, released
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import (
    AlreadyPublished,
    AlreadyWithdrawn,
    Issue,
    IssueNotFound,
    NoReason,
    NotYetCounted,
    PeriodAhead,
    Subject,
    UnknownBulletin,
)
from lianfang.kernel import clock
from lianfang.kernel.errors import Denied, NotFound
from lianfang.kernel.figures import Period
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.factories.cast import Cast
from tests.headquarters.recount import recount
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send, words

DAILY = definition("daily")
DIGESTS = {("daily", 1): "4af26727f1e65b42"}
"""What each version said when it was first published: a changed definition needs a new version."""


@dataclass
class Story:
    """Three days at eight doors of A and three of B."""

    cast: Cast
    days: list[date]
    first: dict[str, object]

    def at(self, day: int, hour: int) -> datetime:
        return clock.day_bounds(self.days[day])[0] + timedelta(hours=hour)

    def period(self, day: int) -> Period:
        return Period(self.days[day], self.days[day])

    @property
    def a(self) -> Subject:
        return subjects.of_place(places.place(self.cast.a.place_id))

    def publish(self, day: int, by: Any = None) -> Issue:
        with self.cast.as_web(by or self.cast.secretary):
            return commands.publish(DAILY, self.a, self.period(day), by=by or self.cast.secretary)


@pytest.fixture
def story(town: Cast) -> Story:
    days = [clock.today() - timedelta(days=back) for back in (3, 2, 1)]
    made = Story(town, days, {})
    doors = places.doors_of(town.a_building)
    outcomes = [("dark", "seen", "lit", "refused"), ("seen", "check", "vacant", "phone"), ("away", "seen", "dark", "shut")]
    sent: list[dict[str, object]] = []
    for day, found in enumerate(outcomes):
        sent += [
            record(doors[(day * 2 + number) % 8].id, payload={"outcome": outcome}, occurred_at=made.at(day, 8 + number))
            for number, outcome in enumerate(found)
        ]
    sent += [record(door.id, payload={"outcome": "seen"}, occurred_at=made.at(1, 9)) for door in places.doors_of(town.b_building)[:3]]
    assert words(send(*sent, trusted=True)) == ["kept"] * len(sent)
    made.first = sent[0]
    fold_all()
    return made


def compare(content: dict[str, Any], story: Story, period: Period) -> None:
    place = story.cast.a
    counted = recount(place.lo, place.hi, period.first, period.last)
    held = composing.values_of(content)
    assert {key: held[key] for key in counted} == counted
    [building] = [row for row in content["parts"]["rows"] if row["name"] == "1栋"]
    columns = [column["figure"] for column in content["parts"]["columns"]]
    of_building = recount(story.cast.a_building.lo, story.cast.a_building.hi, period.first, period.last)
    assert {key: value for key, value in zip(columns, building["values"], strict=True) if key in of_building} == {
        key: of_building[key] for key in columns if key in of_building
    }


@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_bulletin_holds_what_a_recount_of_the_book_says(story: Story, day: int) -> None:
    with story.cast.as_web(story.cast.secretary):
        content = whole(DAILY, story.a, story.period(day))
    compare(content, story, story.period(day))


def test_several_days_and_the_running_day_hold_it_too(story: Story) -> None:
    for period in (Period(story.days[0], story.days[2]), Period(story.days[1], clock.today()), Period(clock.today(), clock.today())):
        with story.cast.as_web(story.cast.secretary):
            compare(whole(DAILY, story.a, period), story, period)


def test_the_rows_add_up_to_the_whole_at_every_level(story: Story) -> None:
    send(record(story.cast.a.id, "remark", {}, occurred_at=story.at(1, 7)), trusted=True)
    with story.cast.as_web(story.cast.city_command):
        for place in (story.cast.a, story.cast.street, story.cast.county, story.cast.city):
            parts = whole(DAILY, subjects.of_place(places.place(place.place_id)), story.period(1))["parts"]
            assert parts["rows"]
            assert [sum(column) for column in zip(*(row["values"] for row in parts["rows"]), strict=True)] == parts["sum"]


def test_denominators_are_those_of_the_place_page(story: Story) -> None:
    with story.cast.as_web(story.cast.secretary):
        content = whole(DAILY, story.a, Period(clock.today(), clock.today()))
        doors = places.door_counts([story.cast.a.range]).doors
    assert content["figures"]["doors_settled"]["denominator"] == doors == content["figures"]["doors"]["value"]


def test_visits_never_have_a_denominator(story: Story) -> None:
    with story.cast.as_web(story.cast.secretary):
        content = whole(DAILY, story.a, story.period(1))
    events = [told for told in content["figures"].values() if told["events"]]
    assert {told["figure"] for told in events} >= {"visits", "matters_raised"}
    assert all(told["denominator"] is None for told in events)
    for block in laid_out(content, "zh").blocks:
        for row in block.rows:
            assert not (row.during.figure == "visits" and (row.share or row.out_of.value))


def test_a_published_one_stays_and_the_next_tells_what_came_late(story: Story) -> None:
    first = story.publish(0)
    told = json.dumps(first.content, sort_keys=True)
    assert (first.number, first.version, first.published_by) == (1, 1, story.cast.secretary.account_id)
    doors = places.doors_of(story.cast.a_building)
    late = record(doors[7].id, payload={"outcome": "seen"}, occurred_at=story.at(0, 20))
    mended = correction(story.first, to={"outcome": "phone"}, reason="learned_later")
    send(late, mended, trusted=True)
    fold_all()
    with story.cast.as_web(story.cast.secretary):
        assert json.dumps(queries.issue(first.id).content, sort_keys=True) == told
    second = story.publish(1)
    [revision] = second.content["revisions"]
    assert (revision["issue"], revision["number"]) == (str(first.id), 1)
    changes = {change["figure"]: (change["was"], change["is"]) for change in revision["changes"]}
    now = recount(story.cast.a.lo, story.cast.a.hi, story.days[0], story.days[0])
    before = composing.values_of(first.content)
    assert changes == {key: (before[key], now[key]) for key in now if now[key] != before[key]}
    assert changes["visits"] == (4, 5)
    assert changes["doors_settled"] == (1, 3)
    assert (revision["why"]["late"], [(one["reason"], one["count"]) for one in revision["why"]["corrections"]]) == (
        1,
        [("learned_later", 1)],
    )
    shown = laid_out(second.content, "zh", second)
    assert "入户由4更正为5户次" in shown.revisions[0].text
    assert "后经核实" in shown.revisions[0].why
    third = story.publish(2)
    assert third.content["revisions"] == [], "what was told once is not told again"
    compare(second.content, story, story.period(1))


def test_nothing_changes_what_was_published(story: Story) -> None:
    issue = story.publish(0)
    for statement in (
        "update bulletins_issue set number = 9",
        "delete from bulletins_issue",
        "truncate bulletins_issue cascade",
        "update bulletins_issue set content = '{}'",
    ):
        with pytest.raises(DatabaseError, match="kept as they were"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    denied = pytest.raises(DatabaseError, match="permission denied")
    with story.cast.as_web(story.cast.secretary), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update bulletins_issue set number = 9")
    assert queries.issue(issue.id).number == 1


def test_a_withdrawn_one_leaves_a_trace_and_its_period_can_be_told_anew(story: Story) -> None:
    issue = story.publish(1)
    with pytest.raises(AlreadyPublished, match="Number 1"):
        story.publish(1)
    with story.cast.as_web(story.cast.secretary), pytest.raises(NoReason):
        commands.withdraw(issue, "  ", by=story.cast.secretary)
    with story.cast.as_web(story.cast.secretary):
        gone = commands.withdraw(issue, "日期写错", by=story.cast.secretary)
        assert (gone.withdrawn_because, gone.withdrawn_by) == ("日期写错", story.cast.secretary.account_id)
        with pytest.raises(AlreadyWithdrawn):
            commands.withdraw(issue, "再撤", by=story.cast.secretary)
    with pytest.raises(DatabaseError, match="kept as they were"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from bulletins_withdrawal")
    again = story.publish(1)
    assert again.number == 2
    assert again.content["revisions"] == []
    assert [one.number for one in queries.issues(story.a.id)] == [2, 1]
    assert "日期写错" in laid_out(gone.content, "zh", gone).state


def test_who_may_publish(story: Story) -> None:
    with pytest.raises((Denied, NotFound)):
        story.publish(1, by=story.cast.grid_worker)
    with pytest.raises(NotFound):
        story.publish(1, by=story.cast.outsider)
    with pytest.raises(PeriodAhead), story.cast.as_web(story.cast.secretary):
        ahead = clock.today() + timedelta(days=1)
        commands.publish(DAILY, story.a, Period(ahead, ahead), by=story.cast.secretary)
    assert queries.issues(story.a.id) == []
    issue = story.publish(1)
    with story.cast.as_web(story.cast.outsider):
        with pytest.raises(IssueNotFound):
            queries.issue(issue.id)
        assert queries.issues(story.a.id) == []
        assert queries.latest([story.cast.b.range]) == []
        with pytest.raises(NotFound):
            commands.withdraw(issue, "x", by=story.cast.outsider)
    with story.cast.as_web(story.cast.city_command):
        assert [one.id for one in queries.latest([story.cast.city.range])] == [issue.id]


def test_an_area_has_bulletins_of_its_own(story: Story) -> None:
    with story.cast.as_web(story.cast.secretary):
        subject = subjects.of(places.area(story.cast.a_grid))
        content = whole(DAILY, subject, story.period(1))
        issue = commands.publish(DAILY, subject, story.period(1), by=story.cast.secretary)
    assert composing.values_of(content)["visits"] == composing.values_of(issue.content)["visits"] == 4
    assert [row["name"] for row in content["parts"]["rows"]] == ["1栋"]
    assert issue.area_id == story.cast.a_grid


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_holds_the_same_numbers(story: Story, lang: str, tmp_path: Path) -> None:
    story.publish(0)
    send(record(places.doors_of(story.cast.a_building)[7].id, payload={"outcome": "seen"}, occurred_at=story.at(0, 20)), trusted=True)
    fold_all()
    issue = story.publish(1)
    values = composing.values_of(issue.content)
    printed = text_of(documents.made(Form.PDF, issue.content, lang, issue))
    flat = printed.replace(" ", "").replace("\n", "")
    assert {"zh": "甲社区日报", "en": "甲社区dailybulletin"}[lang] in flat
    assert {"zh": "第1页，共", "en": "Page1of"}[lang] in flat
    for block in laid_out(issue.content, lang, issue).blocks:
        for row in block.rows:
            line = f"{row.name}{row.during.text}{row.standing.text}{row.out_of.text}{row.unit}{row.share}".replace(" ", "")
            assert line in flat, line
    sheet = openpyxl.load_workbook(io.BytesIO(documents.made(Form.XLSX, issue.content, lang, issue)))
    rows = {row[7]: row for row in sheet.worksheets[0].iter_rows(values_only=True) if len(row) > 7 and row[7] in values}
    assert rows["visits"][2] == values["visits"]
    assert (rows["doors_settled"][3], rows["doors_settled"][4]) == (values["doors_settled"], values["doors"])
    assert rows["visits"][4] is None
    assert rows["doors_settled"][5] == {"zh": "户", "en": "doors"}[lang]
    by_building = list(sheet.worksheets[1].iter_rows(values_only=True))
    assert by_building[2][0] == "1栋"
    assert by_building[1][1:] == tuple(issue.content["parts"]["sum"])
    plain = json.loads(documents.made(Form.JSON, issue.content, lang, issue))
    assert {key: told["value"] for key, told in plain["figures"].items()} == values
    assert plain["published"]["number"] == 2
    assert plain["form"] == "lianfang.bulletin/1"


def test_no_person_stands_in_a_bulletin(story: Story) -> None:
    issue = story.publish(1)
    said = json.dumps(documents.plain(issue.content, issue), ensure_ascii=False)
    for name in ("王示", "张示", "刘示甲", "陈示格"):
        assert name not in said
        assert name not in text_of(documents.made(Form.PDF, issue.content, "zh", issue))


def test_what_the_public_gets_points_at_nobody(story: Story) -> None:
    with story.cast.as_web(story.cast.city_command):
        content = whole(DAILY, subjects.of_place(places.place(story.cast.street.place_id)), story.period(1))
    told = released(content)
    assert set(told["figures"]) <= DAILY.public
    assert "matters_open" not in json.dumps(told)
    shown = [figure["value"] for figure in told["figures"].values()] + [value for row in told["parts"]["rows"] for value in row["values"]]
    assert all(value is None or value == 0 or value >= SMALLEST_TOLD for value in shown)
    columns = [column["figure"] for column in told["parts"]["columns"]]
    for number, key in enumerate(columns):
        hidden = [row for row in told["parts"]["rows"] if row["values"][number] is None]
        assert len(hidden) != 1 or told["figures"][key]["value"] is None, key
    settled, still_open = columns.index("doors_settled"), columns.index("doors_open")
    assert all((row["values"][settled] is None) == (row["values"][still_open] is None) for row in told["parts"]["rows"])
    printed = text_of(documents.made(Form.PDF, told, "zh"))
    assert "不列" in printed
    assert json.loads(documents.made(Form.JSON, told, "zh"))["release"] is True


def test_definitions_keep_what_a_version_says() -> None:
    assert {(one.key, one.version): one.digest() for one in definitions().values()} == DIGESTS
    with pytest.raises(UnknownBulletin, match="daily"):
        definition("weekly")


def test_shares_never_round_to_all_or_nothing() -> None:
    assert [wording.share(*pair) for pair in ((2999, 3000), (1, 3000), (0, 5), (5, 5), (461, 712), (1, 0), (None, 3))] == [
        "99.9%", "0.1%", "0.0%", "100.0%", "64.7%", "", "",
    ]  # fmt: skip


def test_pictures_of_the_print(story: Story) -> None:
    issue = story.publish(1)
    assert all(picture.startswith(b"\x89PNG") for picture in printing.pages(issue.content, "zh", issue))


def test_a_round_has_a_section_where_it_covers_place_and_day(story: Story) -> None:
    rounds.open_round(
        NewRound("示例第一轮", "headcount", clock.now() + timedelta(days=2), place=story.cast.a.place_id, opens_at=story.at(1, 0)),
        by=story.cast.secretary,
    )
    fold_all()
    with story.cast.as_web(story.cast.secretary):
        before, within = (whole(DAILY, story.a, story.period(day)) for day in (0, 1))
    assert (before["rounds"], "round_settled" in before["figures"]) == ([], False)
    assert within["rounds"] == ["示例第一轮"]
    held = composing.values_of(within)
    counted = recount(story.cast.a.lo, story.cast.a.hi, story.days[1], story.days[1])
    assert held["round_visits"] == counted["visits"]
    assert (held["round_doors"] if "round_doors" in held else within["figures"]["round_settled"]["denominator"]) == counted["doors"]
    assert held["round_settled"] == counted["doors_newly_settled"]
    assert held["round_settled"] + held["round_open"] == counted["doors"]
    [section] = [block for block in laid_out(within, "zh").blocks if block.title == "排查：示例第一轮"]
    assert section.rows[0].out_of.value is None, "visits are out of nothing"
    with story.cast.as_web(story.cast.city_command):
        assert whole(DAILY, subjects.of_place(places.place(story.cast.b.place_id)), story.period(1))["rounds"] == []


def test_nothing_is_published_that_leaves_out_what_was_received(story: Story) -> None:
    send(record(places.doors_of(story.cast.a_building)[7].id, payload={"outcome": "seen"}, occurred_at=story.at(1, 20)), trusted=True)
    with story.cast.as_web(story.cast.secretary), pytest.raises(NotYetCounted, match="behind by 1 min"):
        commands.publish(DAILY, story.a, story.period(1), by=story.cast.secretary)
    assert queries.issues(story.a.id) == []
    fold_all()
    assert composing.values_of(story.publish(1).content)["visits"] == 5
