"""The forms a phone draws: kinds of records, the outcomes of a visit, the questions of rounds, and the words of refusals."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lianfang.doors.field.words import in_both
from lianfang.ledger import kinds
from lianfang.ledger.kinds import questions
from lianfang.ledger.kinds.doorsteps import Outcome, met_and_reached
from lianfang.ledger.kinds.drawing import both, drawn
from lianfang.ledger.types import VERDICT_REASONS
from lianfang.work.rounds.rules import settles


@lru_cache(maxsize=64)
def drawn_for(abilities: frozenset[str]) -> dict[str, Any]:
    """Everything an account with these abilities may record; orders are given at the desk."""
    current = [kinds.current(name) for name in kinds.names()]
    mine = [kind for kind in current if kind.ability in abilities and kind.retention is not kinds.Retention.ORDER]
    return {
        "kinds": [drawn(kind) for kind in mine],
        "outcomes": [_outcome(one) for one in Outcome],
        "forms": [_form(one) for one in questions.current()],
        "refusals": {one.code: in_both(one().message) for one in VERDICT_REASONS},
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "code": one.value,
        "title": both(one.english, one.term),
        "settles": settles(one),
        "met": met_and_reached(one, 1, wants_help=False) is None,
        "reached": met_and_reached(one, 0, wants_help=True) is None,
    }


def _form(form: questions.Form) -> dict[str, Any]:
    return {
        "key": form.key,
        "title": both(form.english, form.term),
        "questions": [
            {
                "key": one.key,
                "title": both(one.english, one.term),
                "sort": one.sort.value,
                "least": one.least,
                "most": one.most,
                "choices": [{"code": choice.code, "title": both(choice.english, choice.term)} for choice in one.choices],
            }
            for one in form.questions
        ],
    }
