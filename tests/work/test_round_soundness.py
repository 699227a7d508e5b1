"""What doctor asks about rounds and arrivals: each thing broken on purpose is named with how to mend it, and mended so, all is sound."""

from __future__ import annotations

from datetime import timedelta

from lianfang.kernel import clock
from lianfang.kernel.soundness import Finding
from lianfang.ledger.folding import rebuilding
from lianfang.work.rounds import commands
from lianfang.work.rounds.queries import soundness
from tests.factories.cast import Cast
from tests.ledger.folded import fold_all
from tests.ledger.test_soundness import spoil
from tests.work.test_campaigns import doors, opened, visit

# What is broken, as nobody may; and the check that must say so.
DAMAGES = (
    ("update rounds_visittally set visits = visits + 1", "rounds.visits"),
    ("update rounds_visitday set visits = visits + 1", "rounds.visits"),
    ("update rounds_doorday set doors = doors + 1", "rounds.door_days"),
    ("delete from rounds_doorstate", "rounds.doors"),
    ("update rounds_doortally set doors = doors + 1", "rounds.door_tallies"),
    ("update rounds_doorstate set position = 1", "rounds.positions"),
    ("delete from rounds_rounddoor where place = (select min(place::text)::uuid from rounds_rounddoor)", "rounds.in_rounds"),
    ("update rounds_rounddoor set visits = visits + 1", "rounds.in_rounds"),
    ("update rounds_roundtally set doors = doors + 1", "rounds.round_tallies"),
    ("update rounds_rounddoor set position = 1", "rounds.round_positions"),
    ("update rounds_arrival set position = 1", "rounds.round_positions"),
    ("delete from rounds_arrival", "rounds.arrivals"),
    ("update rounds_arrival set record = gen_random_uuid()", "rounds.arrivals"),
)


def wrong() -> dict[str, Finding]:
    return {found.check: found for found in soundness.checks() if not found.ok}


def test_what_is_broken_is_named_and_a_rebuild_mends_it(town: Cast) -> None:
    every = doors(town)
    told = opened(town)
    visit(every[0], 50, outcome="seen", people_seen=2)
    visit(every[1], 40, outcome="dark")
    today = clock.today()
    commands.record_arrival(every[2].place_id, today - timedelta(days=1), by=town.secretary, from_country="JP", rule="health_watch_3")
    fold_all()
    assert wrong() == {}
    for statement, check in DAMAGES:
        spoil(statement)
        found = wrong()
        assert check in found, statement
        assert found[check].mend == "./lianfang rebuild", statement
        rebuilding.rebuild()
        assert wrong() == {}, statement

    times = "opens_at = opens_at - interval '9 days', closes_at = now() - interval '2 hours', ends_at = now() - interval '2 hours'"
    spoil(f"update rounds_round set {times} where id = '{told.id}'")
    rebuilding.rebuild()
    ended = wrong()
    assert set(ended) == {"rounds.ends"}
    assert "./lianfang up" in ended["rounds.ends"].mend
    commands.pass_time()
    assert wrong() == {}
