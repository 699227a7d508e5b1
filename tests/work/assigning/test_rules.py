"""What people can do, read from cells and kept as bits."""

from __future__ import annotations

from datetime import date

import pytest

from lianfang.work.mobilisation.rules.forces import BIT, FULL_MEMBER, OF_AGE, SAID, bits, lacking, named, of_age_on, read
from lianfang.work.mobilisation.types import Skill, Times


def test_every_skill_has_a_bit_of_its_own_and_comes_back_from_it() -> None:
    able = (Skill.MEDICAL, Skill.KOREAN, Times.NIGHTS)
    number = bits(able, full_member=True, of_age=False)
    assert named(number) == able
    assert number & FULL_MEMBER
    assert not number & OF_AGE
    assert len({*BIT.values(), FULL_MEMBER, OF_AGE}) == len(BIT) + 2
    assert set(SAID.values()) == set(BIT)


def test_what_is_required_and_not_there() -> None:
    have = bits([Skill.MEDICAL], full_member=False, of_age=True)
    assert lacking(bits([Skill.MEDICAL], full_member=False, of_age=True), have) == 0
    assert lacking(bits([Skill.MEDICAL], full_member=True, of_age=True), have) == FULL_MEMBER


def test_cells_are_read_as_people_write_them() -> None:
    assert read("医疗、开车, korean; 夜间/医生") == ((Skill.MEDICAL, Skill.DRIVING, Skill.KOREAN, Times.NIGHTS), ())
    assert read("医疗 打虎") == ((Skill.MEDICAL,), ("打虎",))
    assert read("") == ((), ())


@pytest.mark.parametrize(
    ("born", "day", "grown"),
    [
        (date(2004, 3, 1), date(2022, 3, 1), True),
        (date(2004, 3, 2), date(2022, 3, 1), False),
        (date(2004, 2, 29), date(2022, 2, 28), False),
        (date(2004, 2, 29), date(2022, 3, 1), True),
    ],
)
def test_of_age_from_the_birthday_on(born: date, day: date, grown: bool) -> None:
    assert of_age_on(born, day) is grown
