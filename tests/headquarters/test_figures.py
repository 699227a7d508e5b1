"""Figures: declared once, read for places and areas, proven by their rows, distinct and events never mixed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from lianfang.ground.places.models import Place
from lianfang.ground.places.queries.within import ranges_ever
from lianfang.ground.places.types import AreaKind
from lianfang.headquarters.bulletins import figures, reading
from lianfang.headquarters.bulletins.types import PeriodBackwards, Proof, UnknownFigure
from lianfang.kernel import clock
from lianfang.kernel.figures import Declaration, Period, Unit, declare, declared
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.kernel.ranges import Range
from lianfang.ledger import folding, kinds
from lianfang.ledger.kinds.errands import About
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.sending import correction, record, send

ASKED = {
    "doors", "households", "people_registered", "people_living", "visits", "doors_visited", "doors_open", "matters_open", "matters_late", "on_duty",
}  # fmt: skip


def today() -> Period:
    return Period(clock.today(), clock.today())


def value(key: str, ranges: Sequence[Range], period: Period | None = None) -> int:
    return reading.value(key, ranges, period or today()).value


def proofs(key: str, ranges: Sequence[Range], period: Period, page: int = 3) -> list[Proof]:
    """All rows behind a figure, read in small pages."""
    found: list[Proof] = []
    after = ""
    for _ in range(50):
        rows = reading.trace(key, ranges, period, after=after, limit=page)
        found += rows
        if not rows:
            return found
        after = rows[-1].after
    raise AssertionError("the pages do not end")


@pytest.fixture
def busy(town: Cast) -> Cast:
    """Visits of two days, a matter, two people on duty."""
    doors = places.doors_of(town.a_building)
    start = clock.day_bounds(clock.today())[0]
    for number, door in enumerate(doors[:6]):
        send(record(door.id, payload={"outcome": "dark"}, occurred_at=start - timedelta(minutes=90 - number)), trusted=True)
    for number, door in enumerate(doors[:4]):
        made = record(door.id, payload={"outcome": "seen" if number else "lit"}, occurred_at=start + timedelta(seconds=number))
        send(made, made, trusted=True)
    withdrawn = record(doors[7].id)
    send(withdrawn, correction(withdrawn, "withdraw"), trusted=True)
    matters.raise_matter(town.a_door.place_id, About.OTHER, clock.now() - timedelta(minutes=1), by=town.secretary)
    matters.raise_matter(town.a_door.place_id, About.OTHER, clock.now() + timedelta(days=1), by=town.secretary)
    mobilisation.sign_on(town.a.place_id, by=town.secretary)
    mobilisation.sign_on(town.a_building.place_id, by=town.secretary)
    mobilisation.sign_on(town.a.place_id, by=town.secretary, person=town.grid_worker.account_id)
    fold_all()
    return town


def test_every_figure_says_what_it_counts() -> None:
    known = declared()
    assert set(known) >= ASKED
    for one in known.values():
        assert one.events == (one.unit in {Unit.VISITS, Unit.PEOPLE_TIMES}) or one.unit is Unit.ITEMS, (
            "户次 and 人次 are events, 户 and 人 are distinct"
        )
        assert not (one.events and one.denominator), "events cover nothing"
        assert one.denominator is None or one.denominator in known
        assert one.source in {"places", "people", "accounts", "ledger", "mobilisation.call", *folding.registered()}
    assert {key for kind in kinds.every() for key in kind.figures} <= set(known)
    assert list(figures.declare_all()) == list(known), "declaring again adds nothing"
    with pytest.raises(ValueError, match="twice"):
        declare(known["doors"])


def test_figures_of_a_community(busy: Cast) -> None:
    both = Period(clock.today() - timedelta(days=1), clock.today())
    ranges = [busy.a.range]
    nothing_of_rounds = (
        "doors_due_today",
        "arrivals",
        "arrivals_following",
        "calls",
        "calls_enough",
        "minutes_to_enough",
        *(key for key in declared() if key.startswith("round_")),
    )
    assert {key: value(key, ranges, both) for key in sorted(declared())} == dict.fromkeys(nothing_of_rounds, 0) | {
        "doors": 8, "doors_without_leader": 8, "doors_settled": 3, "doors_open": 5, "doors_visited": 6, "visits": 10, "households": 1, "people_registered": value("people_registered", ranges),
        "people_living": value("people_living", ranges), "matters_open": 2, "matters_late": 1, "on_duty": 2,
        "doors_never": 2, "doors_seen": 3, "doors_phone": 0, "doors_away": 0, "doors_vacant": 0, "doors_moved": 0, "doors_shut": 0,
        "doors_lit": 1, "doors_dark": 2, "doors_refused": 0, "doors_check": 0, "doors_newly_settled": 3, "matters_raised": 2, "matters_settled": 0,
    }  # fmt: skip
    assert value("visits", ranges) == 4
    assert value("doors_visited", ranges) == 4
    assert value("people_living", ranges) == 2
    figure = reading.value("doors_open", ranges, today())
    assert (figure.value, figure.denominator, figure.unit) == (5, 8, Unit.HOUSEHOLDS)
    assert reading.value("matters_late", ranges, today()).denominator == 2
    assert abs(figure.as_of - clock.now()) < timedelta(seconds=30)


def test_doors_without_a_leader_are_proven_door_by_door(busy: Cast) -> None:
    unit = places.children(busy.a_building)[0]
    grant_to(account_of("韩示栋"), Role.BUILDING_LEADER, OverPlace(busy.a_building.place_id))
    grant_to(account_of("杨示元"), Role.UNIT_LEADER, OverPlace(unit.place_id))
    assert reading.value("doors_without_leader", [busy.a.range], today()).denominator == 8
    shown = proofs("doors_without_leader", [busy.a.range], today())
    assert value("doors_without_leader", [busy.a.range]) == len(shown) == 4
    assert {tuple(proof.says["missing"]) for proof in shown} == {("unit_leader",)}  # type: ignore[arg-type]  # a list of offices
    assert not {proof.place_id for proof in shown} & {door.place_id for door in places.doors_of(unit)}


def test_parts_add_up_to_their_whole(busy: Cast) -> None:
    for told in declared().values():
        if told.parts:
            assert sum(value(part, [busy.a.range]) for part in told.parts) == value(told.key, [busy.a.range]), told.key


def test_many_places_are_read_as_each_by_itself(busy: Cast) -> None:
    doors = places.doors_of(busy.a_building)
    many = [[busy.a.range], [busy.b.range], [], [door.range for door in doors[1:3]], [busy.city.range]]
    yesterday = Period(clock.today() - timedelta(days=1), clock.today() - timedelta(days=1))
    for period in (today(), yesterday, Period(yesterday.first, today().last)):
        side_by_side = reading.values(list(declared()), many, period)
        for ranges, found in zip(many, side_by_side, strict=True):
            for key, figure in found.items():
                alone = reading.value(key, ranges, period)
                assert (figure.value, figure.denominator, figure.unit) == (alone.value, alone.denominator, alone.unit), key


def test_reading_many_takes_as_many_queries_as_reading_one(busy: Cast) -> None:
    yesterday = Period(clock.today() - timedelta(days=1), clock.today() - timedelta(days=1))
    counts = []
    for asked_for in ([busy.city], [busy.a, busy.b, busy.city]):
        with CaptureQueriesContext(connection) as asked:
            reading.values(list(declared()), [[place.range] for place in asked_for], yesterday)
        counts.append(sum("upward_node" not in one["sql"] for one in asked))  # that is asked again every few seconds
    assert counts[0] == counts[1]


def test_what_counts_events_covers_nothing() -> None:
    def nothing(*_: object, **__: object) -> int:
        return 0

    def told(key: str, unit: Unit, *, events: bool, of: str | None = None) -> Declaration:
        return Declaration(key, "x", unit, events, nothing, nothing, "ledger", of)  # type: ignore[arg-type]  # never read

    with pytest.raises(ValueError, match="covers nothing"):
        told("visits_as_coverage", Unit.VISITS, events=True, of="doors")
    with pytest.raises(ValueError, match="distinct in visits"):
        told("visits_as_doors", Unit.VISITS, events=False, of="doors")
    with pytest.raises(ValueError, match="events in households"):
        told("doors_as_visits", Unit.HOUSEHOLDS, events=True)
    with pytest.raises(ValueError, match="same unit"):
        declare(told("people_out_of_doors", Unit.PEOPLE, events=False, of="doors"))
    assert "people_out_of_doors" not in declared()


def test_a_figure_of_the_city_is_the_sum_of_its_communities(busy: Cast) -> None:
    for key, told in declared().items():
        parts = [value(key, [community.range]) for community in (busy.a, busy.b)]
        assert value(key, [busy.city.range]) == sum(parts), told.name


def test_the_past_is_told_as_it_was_then(busy: Cast) -> None:
    yesterday = Period(clock.today() - timedelta(days=1), clock.today() - timedelta(days=1))
    ranges = [busy.a.range]
    assert value("visits", ranges, yesterday) == 6
    assert value("doors_settled", ranges, yesterday) == 0
    assert value("matters_open", ranges, yesterday) == 0
    assert value("on_duty", ranges, yesterday) == 0
    long_ago = Period(date(2022, 1, 5), date(2022, 1, 6))
    assert (value("doors", ranges, long_ago), value("visits", ranges, long_ago)) == (8, 0), "a door on the list today stood there before"


@pytest.mark.parametrize("days_ago", [0, 1])
@pytest.mark.parametrize(
    "key",
    [
        "doors",
        "doors_settled",
        "doors_open",
        "doors_never",
        "doors_dark",
        "doors_newly_settled",
        "visits",
        "matters_open",
        "matters_late",
        "matters_raised",
    ],
)
def test_a_figure_is_proven_by_as_many_rows(busy: Cast, key: str, days_ago: int) -> None:
    period = Period(clock.today() - timedelta(days=1), clock.today() - timedelta(days=days_ago))
    rows = proofs(key, [busy.a.range], period)
    assert len(rows) == len({(row.what, row.id) for row in rows}) == value(key, [busy.a.range], period)


def test_distinct_figures_are_proven_by_what_makes_them_distinct(busy: Cast) -> None:
    period = Period(clock.today() - timedelta(days=1), clock.today())
    ranges = [busy.a.range]
    assert len({row.place_id for row in proofs("doors_visited", ranges, period)}) == value("doors_visited", ranges, period)
    assert len({row.says["account"] for row in proofs("on_duty", ranges, period)}) == value("on_duty", ranges, period)
    for key, part in (("households", "households"), ("people_registered", "registered"), ("people_living", "living")):
        assert sum(int(str(row.says[part])) for row in proofs(key, ranges, period)) == value(key, ranges, period)


def test_proofs_hold_no_names(busy: Cast) -> None:
    period = Period(clock.today() - timedelta(days=1), clock.today())
    said = str([proofs(key, [busy.city.range], period, 50) for key in declared()])
    assert re.findall("[一-鿿]", said) == []


def area_of(town: Cast, included: Sequence[Place], excluded: Sequence[Place]) -> list[Range]:
    area_id = laying.found_area(
        AreaKind.OTHER,
        f"示例片区{new_id()}",
        town.street.place_id,
        [PlaceId(one.id) for one in included],
        excluded=[PlaceId(one.id) for one in excluded],
        by=None,
    )
    return ranges_ever(places.area(area_id), clock.today())


def test_an_area_that_cuts_through_a_building_counts_its_doors(busy: Cast) -> None:
    doors = places.doors_of(busy.a_building)
    both = Period(clock.today() - timedelta(days=1), clock.today())
    single = area_of(busy, doors[:2], [])
    assert (value("doors", single), value("visits", single, both), value("doors_settled", single)) == (2, 4, 1)
    assert (value("doors_open", single), value("doors_visited", single, both)) == (1, 2)
    all_but_one = area_of(busy, [busy.a], doors[:1])
    assert (value("doors", all_but_one), value("visits", all_but_one, both), value("doors_settled", all_but_one)) == (7, 8, 3)
    unit = places.children(busy.a_building)[0]
    whole_unit = area_of(busy, [unit], [])
    rest = area_of(busy, [busy.street], [unit])
    for key in ("doors", "visits", "doors_settled", "doors_open", "doors_visited"):
        assert value(key, whole_unit, both) + value(key, rest, both) == value(key, [busy.street.range], both)


def test_what_cannot_be_asked(town: Cast) -> None:
    with pytest.raises(UnknownFigure, match="nonsense"):
        value("nonsense", [town.a.range])
    with pytest.raises(PeriodBackwards):
        value("visits", [town.a.range], Period(clock.today(), clock.today() - timedelta(days=1)))
    assert value("visits", []) == value("doors_open", []) == value("households", []) == 0
