"""A simulated town in small: what its phones send, opened and folded by the product, gives the figures that were counted without the product."""

from __future__ import annotations

import ast
import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.test import Client

from bench.simulation import days, ground, published
from bench.simulation.command import Wish, compare, joined, walk
from bench.simulation.counting import Count
from bench.simulation.households import homes, sizes
from bench.simulation.published import SETTINGS, Setting
from bench.simulation.screening import HOURS72, Screening
from lianfang.ground.accounts import access, commands
from lianfang.kernel import clock
from lianfang.kernel.ids import is_v7, time_of
from lianfang.ledger import kinds
from lianfang.ledger.intake.sealed import SealedParcel, take_parcels
from lianfang.work.rounds.commands import open_round
from lianfang.work.rounds.types import NewRound
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all

SMALL = Setting("", "示例市", "", 600, 2.47, 300, 1.5, 0.1305, 0.1723, ("none",))


def post(path: str, body: str) -> tuple[int, bytes]:
    answer = Client().post(path, body, content_type="application/json")
    return answer.status_code, answer.content


def test_what_simulated_phones_send_gives_the_figures_that_were_counted_beside_the_product(town: Cast) -> None:
    wish = Wish(SMALL, 600, 3, 7)
    made = ground.fill(town.city, SMALL, 600, seed=7, peopled=True)
    counted = made.count()
    assert (counted["communities"], counted["people"], counted["compounds"]) == (2, 600, 3)
    assert 0 < counted["members"] < 120
    walked = walk(wish, made, joined(post, made.grids))
    verdicts: Counter[str] = Counter()
    for _, body in random.Random(7).sample(walked.calls, len(walked.calls)):  # whatever the order in which it arrives
        parcels = msgspec.convert(json.loads(body)["parcels"], list[SealedParcel])
        verdicts.update(one.word.value for one in take_parcels(parcels, received_at=clock.now()).verdicts)
    assert (verdicts["kept"], set(verdicts) - {"repeated"}) == (walked.records, {"kept"})
    fold_all()
    token = commands.add_device(town.account("city"), "simulation", by=access.local_administrator()).token

    def ask(path: str) -> Any:
        answer = Client().get(path, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content
        return answer.json()

    found = compare(ask, walked, [made.top, made.communities[0].place])
    assert [one for one in found if one["found"] != one["known"]] == []
    assert {one["figure"]: one["known"] for one in found}["visits"] > 200


def test_everybody_screened_within_72_hours_is_counted_once(town: Cast, tmp_path: Path) -> None:
    made = ground.fill(town.city, SMALL, 300, seed=3, peopled=False)
    begins = int(clock.now().timestamp() * 1000) - HOURS72
    opened = open_round(
        NewRound(
            "三天排查", "headcount", clock.now() + timedelta(days=1), place=town.city.place_id, opens_at=clock.now() - timedelta(hours=72)
        ),
        by=access.local_administrator(),
    )
    with (path := tmp_path / "calls").open("wb") as file:
        screening = Screening(file, str(opened.id), kinds.current("visit").version, begins)
        known = Count()
        for grid, phone in zip(made.grids, joined(post, made.grids), strict=True):
            doors = [(str(door), people) for door, people in zip(grid.doors, grid.people, strict=True)]
            known.add(screening.walk(phone, doors, random.Random(3)))
        bodies = list(screening.bodies(path))
    assert (screening.records, len(bodies)) == (300, sum(-(-sum(grid.people) // 50) for grid in made.grids))
    assert all(begins < at <= begins + HOURS72 for at, _, _ in screening.calls)
    for body in bodies:
        take_parcels(msgspec.convert(json.loads(body)["parcels"], list[SealedParcel]), received_at=clock.now())
    fold_all()
    token = commands.add_device(town.account("city"), "bench", by=access.local_administrator()).token
    covered = Client().get(f"/api/v1/rounds/{town.city.pk}/{opened.id}", headers={"authorization": f"Bearer {token}"}).json()
    names = ("settled", "visits", "people_seen", "people_times")
    assert [covered[name] for name in names] == [known.figures()[f"round {name}"] for name in names]
    assert known.round_visits == 300


def test_days_have_evenings_returns_corrections_late_phones_and_wrong_clocks() -> None:
    now = int(clock.now().timestamp() * 1000)
    begins = days.first_midnight(now, 3)
    doors = [(f"{number:032x}", number % 4) for number in range(120)]
    walks = [days.Walk(doors, begins, 3, now, (2, 1), random.Random(seed)).made() for seed in range(120)]
    visits = [visit for made in walks for visit in made.visits]
    assert all(is_v7(UUID(visit.record)) for visit in visits[:50])
    hours = Counter((visit.at + days.ZONE) % days.DAY // days.HOUR for made in walks for visit in made.visits)
    assert sum(hours[hour] for hour in (18, 19, 20, 21)) > sum(hours[hour] for hour in range(9, 18))
    per_door = Counter((number, visit.door) for number, made in enumerate(walks) for visit in made.visits)
    assert Counter(per_door.values())[2] > 500
    changes = [change for made in walks for change in made.changes]
    assert {change.outcome is None for change in changes} == {True, False}
    sent = [told for made in walks for told in made.sent]
    assert max(at for at, _, _ in sent) <= now
    assert any(at - time_of(UUID(record)).timestamp() * 1000 > 12 * days.HOUR for at, record, _ in sent)
    assert any('"skew":' in rest and '"skew":0' not in rest for _, _, rest in sent)
    again = days.Walk(doors, begins, 3, now, (2, 1), random.Random(3)).made()
    assert again.sent == walks[3].sent


def test_households_add_up_and_have_the_published_shares() -> None:
    chance = random.Random(5)
    setting = SETTINGS["wuhan"]
    drawn = list(homes(setting, 4000, 9880, first=1, chance=chance))
    people = [member for home in drawn for member in home.members]
    assert (len(drawn), len(people)) == (4000, 9880)
    assert len({member.person.paper for member in people}) == len({member.person.phone for member in people if member.person.phone}) + sum(
        not member.person.phone for member in people
    )
    today = clock.today()
    ages = [(today - member.person.birth).days // 365 for member in people if member.person.birth]
    assert abs(sum(age < 15 for age in ages) / len(ages) - setting.minors) < 0.02
    assert abs(sum(age >= 60 for age in ages) / len(ages) - setting.elders) < 0.02
    assert all("示" in member.person.name and member.person.paper.startswith("99") for member in people)
    assert sizes(10, 3, chance) == [1] * 10
    assert sum(sizes(10, 99, chance)) == 60


def test_what_counts_and_what_seals_know_nothing_of_the_product() -> None:
    here = Path(published.__file__).parent
    for name in ("counting", "days", "phones", "published"):
        tree = ast.parse((here / f"{name}.py").read_text())
        named = {module for node in ast.walk(tree) for module in _imported(node)}
        assert not [module for module in named if module.startswith("lianfang") and not module.startswith("bench.")], name


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_every_setting_names_its_sources() -> None:
    for name, setting in SETTINGS.items():
        assert setting.sources, name
        assert setting.people > setting.persons_a_community > setting.per_household
    shares: list[Mapping[str, int]] = [published.BY_DAY, published.BY_EVENING, published.AGAIN]
    assert [sum(one.values()) for one in shares] == [100, 100, 100]
    assert all("%" in line for line in published.ASSUMPTIONS)
