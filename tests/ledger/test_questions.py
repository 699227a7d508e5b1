"""The forms of rounds: what is an answer and what is none, and which version holds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel import clock
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import new_id
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import OneOfHowMany, Outcome, TryOfAClosedDoor, Visit, WentNowhere
from lianfang.ledger.kinds.questions import FORMS, Answer, AnswersWithoutForm, Form, NotAnAnswer, NotAsked, Question, Sort, UnknownForm
from lianfang.ledger.kinds.returns import Arrival, FollowedByWhat, FromSomewhere

answers = st.one_of(
    st.booleans(), st.integers(-5, 200), st.floats(-5, 200), st.sampled_from(["same_city", "shelter", "yes", "", "0f" * 20, "0F" * 20])
)


def plainly(question: Question, answer: Answer) -> bool:
    """The plain rule, by type and bounds."""
    if type(answer) is bool:
        return question.sort == "yes_no"
    if question.sort == "photo":
        return answer == "0f" * 20
    if type(answer) is str:
        return question.sort == "choice" and any(answer == choice.code for choice in question.choices)
    kinds = {"count": (int,), "degrees": (int, float)}.get(question.sort, ())
    return type(answer) in kinds and question.least <= answer <= question.most


@given(form=st.sampled_from(FORMS), given_answers=st.lists(answers, min_size=1, max_size=3))
def test_a_form_takes_what_its_questions_ask_and_nothing_else(form: Form, given_answers: list[Answer]) -> None:
    told = dict(zip((question.key for question in form.questions), given_answers, strict=False))
    wrong = [question for question in form.questions if question.key in told and not plainly(question, told[question.key])]
    broken = questions.breach(form.key, told)
    assert (broken is None) is (not wrong)
    if broken is not None:
        assert type(broken) is NotAnAnswer
        assert broken.facts == {"question": wrong[0].key}


@pytest.mark.parametrize(
    ("key", "told", "broken"),
    [
        (None, {}, None),
        (None, {"living": 3}, AnswersWithoutForm),
        ("headcount/9", {"living": 3}, UnknownForm),
        ("headcount/1", {"pets": 1}, NotAsked),
        ("headcount/1", {}, None),
        ("temperature/1", {"highest": 37.4, "measured": 2, "symptoms": False}, None),
        ("temperature/1", {"highest": 37}, None),
        ("temperature/1", {"highest": True}, NotAnAnswer),
        ("returnees/1", {"from": "abroad"}, None),
        ("returnees/1", {"from": "moon"}, NotAnAnswer),
    ],
)
def test_answers_belong_to_the_form_that_they_name(key: str | None, told: dict[str, Answer], broken: type[Refused] | None) -> None:
    assert type(questions.breach(key, told)) is (broken or type(None))


def test_a_form_is_found_by_its_name_in_either_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert questions.form("headcount") is questions.form("人数核对") is questions.form("Headcount", 1)
    with pytest.raises(UnknownForm):
        questions.form("headcount", 2)
    newer = Form("headcount", 2, "Headcount", "人数核对", (Question("living", Sort.COUNT, "People", "人数"),))
    # Whatever the order in which versions are written down, the newest is asked, and the older are still known by their number.
    for order in ((*FORMS, newer), (newer, *FORMS)):
        monkeypatch.setattr(questions, "FORMS", order)
        assert questions.form("headcount") is newer
        assert questions.form("headcount", 1).version == 1
        assert [form for form in questions.current() if form.name == "headcount"] == [newer]
        assert len(questions.current()) == len({form.name for form in FORMS})


@pytest.mark.parametrize(
    ("visit", "broken"),
    [
        (Visit(outcome=Outcome.AWAY, away_to="420100000000"), None),
        (Visit(outcome=Outcome.MOVED, away_to="DE"), None),
        (Visit(outcome=Outcome.SEEN, away_to="DE"), WentNowhere),
        (Visit(outcome=Outcome.SEEN, next_try_at=clock.now()), TryOfAClosedDoor),
        (Visit(outcome=Outcome.LIT, next_try_at=clock.now()), None),
        (Visit(outcome=Outcome.SEEN, household=new_id()), OneOfHowMany),
        (Visit(outcome=Outcome.SEEN, household=new_id(), households=2), None),
        (Visit(outcome=Outcome.SEEN, form="headcount/1", answers={"living": 100}), NotAnAnswer),
    ],
)
def test_what_a_visit_says_fits_its_outcome(visit: Visit, broken: type[Refused] | None) -> None:
    assert type(visit.breach()) is (broken or type(None))


TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("arrival", "broken"),
    [
        (Arrival(TODAY, from_code="420100000000"), None),
        (Arrival(TODAY, from_country="DE", days=3, rule="health_watch_3"), None),
        (Arrival(TODAY), FromSomewhere),
        (Arrival(TODAY, from_code="420100000000", from_country="DE"), FromSomewhere),
        (Arrival(TODAY, from_country="DE", days=3), FollowedByWhat),
        (Arrival(TODAY, from_country="DE", rule="health_watch_3"), FollowedByWhat),
    ],
)
def test_somebody_came_from_one_place_and_is_followed_up_by_a_rule(arrival: Arrival, broken: type[Refused] | None) -> None:
    assert type(arrival.breach()) is (broken or type(None))
