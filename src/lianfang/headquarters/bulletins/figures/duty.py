"""People on duty (人, distinct)."""

from __future__ import annotations

from collections.abc import Sequence

from lianfang.headquarters.bulletins.figures import PAGE, Many, moments, one
from lianfang.headquarters.bulletins.types import Proof
from lianfang.kernel.figures import Declaration, Period, Unit
from lianfang.kernel.ranges import Range
from lianfang.work.mobilisation import queries as mobilisation
from lianfang.work.mobilisation.queries.each import people_on_duty_each
from lianfang.work.mobilisation.types import Spell


def on_duty(many: Many, period: Period) -> list[int]:
    """People who were on duty at any moment of the period, each once."""
    return people_on_duty_each(many, *moments(period))


def spells(ranges: Sequence[Range], period: Period, *, after: str = "", limit: int = PAGE) -> list[Proof]:
    """The spells of duty that touch the period."""
    skip = int(after or 0)
    found = mobilisation.spells(ranges, *moments(period), after=skip, limit=limit)
    return [
        Proof("spell", spell.record_id, spell.place_id, spell.began_at, str(number), _says(spell))
        for number, spell in enumerate(found, start=skip + 1)
    ]


def _says(spell: Spell) -> dict[str, object]:
    return {"account": str(spell.account_id), "ended_at": spell.ended_at}


FIGURES = (
    Declaration(
        "on_duty", "People on duty", Unit.PEOPLE, events=False, value=one(on_duty), trace=spells, source="mobilisation.presence",
        each=on_duty, within=True,
    ),
)  # fmt: skip
