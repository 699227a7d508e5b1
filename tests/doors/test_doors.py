"""A door: visits by keys, taking back, correcting, remarks, the card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from lianfang.doors.desk import moments
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.queries.standing import standing
from lianfang.work.rounds import commands as rounds_commands
from lianfang.work.rounds import queries as rounds
from tests.doors.conftest import Desk, fold_all, signed_in, words_of
from tests.factories.cast import Cast


def records(cast: Cast) -> list[tuple[str, str, bool]]:
    return [(line.kind, str(line.payload.get("outcome", "")), line.withdrawn) for line in ledger.history([cast.a_door.range])]


def test_a_digit_records_the_outcome_and_leads_to_the_next_open_door(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    answer = desk.post("visit", town.a_door.id, htmx=True, key="7", follow=True)
    assert records(town) == [("visit", "dark", False)]
    told = words_of(answer)
    assert "1单元101记为无人·熄灯。" in told
    assert answer.context["door"].id != town.a_door.id
    assert f'id="d-{town.a_door.id}"' in answer.content.decode(), "the cell of the door that was recorded comes along"
    assert 'hx-swap-oob="true"' in answer.content.decode()


def test_before_the_figures_follow_the_cell_shows_what_was_recorded(town: Cast) -> None:
    """Nobody folds in this test: the page must not seem to have lost the record."""
    answer = Desk(signed_in("grid.a")).post("visit", town.a_door.id, htmx=True, outcome="refused", follow=True)
    [cell] = answer.context["door"].cells
    assert (cell.id, cell.state) == (town.a_door.id, "refused")
    assert rounds.door(town.a_door.place_id) is None


def test_z_takes_back_what_was_just_recorded_and_the_record_stays(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    undo = desk.post("visit", town.a_door.id, htmx=True, key="1", follow=True).context["door"].just.undo
    fold_all()
    assert rounds.door(town.a_door.place_id) is not None
    assert desk.client.post(undo, headers={"HX-Request": "true"}).status_code == 302
    fold_all()
    assert rounds.door(town.a_door.place_id) is None
    assert ("visit", "seen", True) in records(town)


def test_a_form_sent_twice_is_one_record(grid_worker: Desk, cast: Cast) -> None:
    fields = {"outcome": "seen", "record": str(new_id())}
    for _ in range(2):
        assert grid_worker.post("visit", cast.a_door.id, **fields).status_code == 302
    assert records(cast) == [("visit", "seen", False)]


def test_the_longer_form_keeps_how_many_were_seen_and_how_it_was_learned(grid_worker: Desk, cast: Cast) -> None:
    grid_worker.post("visit", cast.a_door.id, outcome="seen", people_seen="3", channel="paper", at="2026-01-05T09:30")
    [line] = ledger.history([cast.a_door.range])
    assert (line.payload["people_seen"], str(line.channel), line.effective_at.isoformat()) == (3, "paper", "2026-01-05T01:30:00+00:00")


def test_what_contradicts_itself_is_refused_in_words_and_nothing_is_kept(grid_worker: Desk, cast: Cast) -> None:
    answer = grid_worker.post("visit", cast.a_door.id, outcome="dark", people_seen="2", channel="seen")
    assert answer.status_code == 409
    assert "写了见到人数，结果却是没见到人" in words_of(answer)
    assert records(cast) == []


@pytest.mark.parametrize("login", ["secretary.b", "admin"])
def test_who_does_not_record_there_changes_nothing(desk_of: Callable[[str], Desk], cast: Cast, login: str) -> None:
    answer = desk_of(login).post("visit", cast.a_door.id, outcome="seen")
    assert answer.status_code == (404 if login == "secretary.b" else 403)
    assert records(cast) == []


def test_correcting_replaces_the_outcome_and_leaves_a_trace(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    desk.post("visit", town.a_door.id, outcome="seen")
    [line] = ledger.history([town.a_door.range])
    desk.post("correct", line.id, outcome="phone", reason="mistyped")
    fold_all()
    state = rounds.door(town.a_door.place_id)
    assert state is not None
    assert state.outcome == "phone"
    page = words_of(desk.get("place", town.a_door.id))
    assert "已更正" in page
    assert "录入有误" in page


def test_the_next_try_that_was_agreed_is_kept_and_one_at_a_closed_door_is_refused(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    when = (clock.local(clock.now()) + timedelta(hours=3)).replace(second=0, microsecond=0)
    told = {"next_try_at": f"{when:%Y-%m-%dT%H:%M}", "channel": "seen"}
    assert "next_try_at" in desk.post("visit", town.a_door.id, outcome="seen", **told).context["visit_form"].errors
    desk.post("visit", town.a_door.id, outcome="refused", **told)
    [line] = ledger.history([town.a_door.range])
    assert datetime.fromisoformat(str(line.payload["next_try_at"])) == when
    assert f"下次上门{moments.moment(when)}" in words_of(desk.get("place", town.a_door.id))


def test_correcting_keeps_what_the_new_outcome_leaves_true(town: Cast) -> None:
    desk = Desk(signed_in("grid.a"))
    visit = {"outcome": "away", "away_to": "日本", "unlisted": "2", "unseen": "1", "channel": "seen"}
    desk.post("visit", town.a_door.id, **visit)
    [line] = ledger.history([town.a_door.range])

    def stands() -> dict[str, object]:
        found = standing(line.id)
        assert found is not None
        return {name: value for name, value in found.payload.items() if value}

    desk.post("correct", line.id, outcome="moved", reason="learned_later")
    assert stands() == {"outcome": "moved", "away_to": "JP", "unlisted": 2, "unseen": 1}
    assert "2人见到未登记，1人登记未见到，去向日本" in words_of(desk.get("place", town.a_door.id))
    desk.post("correct", line.id, outcome="seen", people_seen="3", away_to="JP", reason="mistyped")
    assert stands() == {"outcome": "seen", "people_seen": 3, "unlisted": 2, "unseen": 1}, (
        "what is ruled out goes, and it is said what is new"
    )
    refused = desk.post("correct", line.id, outcome="dark", people_seen="2", away_to="JP", reason="mistyped")
    assert "写了见到人数，结果却是没见到人" in words_of(refused)
    assert "地方要写省、市、县、街道的全称" in words_of(desk.post("correct", line.id, outcome="away", away_to="天上", reason="mistyped"))
    assert stands()["outcome"] == "seen", "what is refused changes nothing"
    desk.post("correct", line.id, outcome="dark", people_seen="3", reason="mistyped")
    assert stands() == {"outcome": "dark", "unlisted": 2, "unseen": 1}, "what stood there already is no contradiction"


def test_correcting_keeps_what_was_answered_to_the_form(town: Cast) -> None:
    rounds_commands.record_visit(
        town.a_door.place_id, Outcome.SEEN, by=town.grid_worker, people_seen=2, form="headcount/1", answers={"living": 3}
    )
    [line] = ledger.history([town.a_door.range])
    Desk(signed_in("grid.a")).post("correct", line.id, outcome="phone", reason="mistyped")
    found = standing(line.id)
    assert found is not None
    assert {name: found.payload.get(name) for name in ("outcome", "form", "answers")} == {
        "outcome": "phone", "form": "headcount/1", "answers": {"living": 3},
    }  # fmt: skip


def test_an_outsider_cannot_correct_a_record_of_another_community(desk_of: Callable[[str], Desk], cast: Cast, grid_worker: Desk) -> None:
    grid_worker.post("visit", cast.a_door.id, outcome="seen")
    [line] = ledger.history([cast.a_door.range])
    assert desk_of("secretary.b").post("correct", line.id, outcome="phone").status_code == 404
    assert desk_of("secretary.b").post("withdraw", line.id).status_code == 404
    assert len(records(cast)) == 1


def test_a_record_that_does_not_exist_is_not_there(grid_worker: Desk) -> None:
    assert grid_worker.post("withdraw", uuid4()).status_code == 404


def test_a_remark_is_kept_sealed_and_read_at_the_door(grid_worker: Desk, cast: Cast) -> None:
    grid_worker.post("remark", cast.a_door.id, topic="access", remark="门铃坏了，请敲门")
    [line] = ledger.history([cast.a_door.range])
    assert line.payload == {"topic": "access"}
    assert "门铃坏了，请敲门" in words_of(grid_worker.get("place", cast.a_door.id))


def test_the_card_has_a_code_and_a_new_one_makes_the_old_worthless(secretary: Desk, cast: Cast) -> None:
    first = secretary.get("card", cast.a_door.id)
    assert "<svg" in first.content.decode()
    secretary.post("card_new", cast.a_door.id)
    assert secretary.get("card", cast.a_door.id).context["code"] != first.context["code"]
