"""Who is who in a newer roster: what it adds to what is known, what it asks, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianfang.ground.people import queries as people
from lianfang.ground.people.types import Relation, ResidenceKind
from lianfang.ground.places import queries as places
from lianfang.ground.rosters import queries
from lianfang.ground.rosters.rules.matching import Entry, Matching
from lianfang.kernel.ids import PlaceId, new_id
from tests.factories.cast import Cast, cast
from tests.factories.loaded_rosters import loaded, roster_of
from tests.factories.people import paper_number, phone_number

__all__ = ["cast"]

HEADINGS = ("序号", "姓名", "性别", "出生日期", "身份证号", "联系电话", "与户主关系", "楼栋", "单元", "房号", "居住情况")


def row(name: str, door: str = "1-1-102", *, paper: int = 0, phone: int = 0, **cells: str) -> list[str | int | None]:
    number, telephone = paper_number(paper) if paper else "", phone_number(phone) if phone else ""
    told = [cells.get(cell, "") for cell in ("sex", "born", "relation", "living")]
    return [name, told[0], told[1], number, telephone, told[2], *door.split("-"), told[3]]


FIRST = (
    row("钱示一", paper=101, phone=101, relation="户主"),
    row("周示二", phone=102, relation="配偶"),
    row("孙示三", born="1990-01-02", sex="男"),
    row("李同名", "1-1-201", paper=103),
    row("李同名", "1-1-201", paper=104),
    row("吴示四", "1-1-202", paper=105, living="户在人不在"),
    row("郑示五", "1-2-101", paper=106, phone=106),
    row("郑示五", "1-2-102", paper=107, phone=107),
)

# What a newer roster says of them, the verdict it gets, and the reason.
SECOND = (
    (row("周示二", phone=102, paper=102), "changed", {"paper_taken", "birth_taken", "sex_taken"}),
    (row("周示二", paper=102, relation="配偶"), "merged", {"same_as_row"}),
    (row("钱示一", paper=101, relation="子女"), "changed", {"relation_taken"}),
    (row("钱示一", paper=101, relation="户主"), "merged", {"same_as_row"}),  # the first row of a file holds
    (row("孙示三", born="1991-03-04"), "waiting", {"birth_differs_from_known"}),
    (row("孙示三", sex="女"), "waiting", {"birth_differs_from_known"}),
    (row("李同名", "1-1-201"), "waiting", {"several_alike"}),
    (row("吴示四", "1-1-202", paper=105), "changed", {"home_taken"}),
    (row("郑示五", "1-2-201", paper=108, phone=106), "added", {"new_here"}),  # the same phone and name, and another paper: somebody else
)


def test_what_a_newer_roster_says_of_people_who_are_known(cast: Cast) -> None:
    roster_id, first = loaded(cast.a, roster_of(*FIRST, headings=HEADINGS), cast.secretary)
    assert (first.added, first.waiting) == (len(FIRST), 0)
    roster_id, _ = loaded(cast.a, roster_of(*(line for line, _, _ in SECOND), headings=HEADINGS), cast.secretary, "新名册.xlsx")
    rows = queries.rows_of(roster_id, limit=100)
    assert [one.verdict.value for one in rows] == [verdict for _, verdict, _ in SECOND]
    for one, (line, _, reasons) in zip(rows, SECOND, strict=True):
        assert reasons <= {reason.code for reason in one.reasons}, line
    with cast.as_web(cast.secretary):
        flat = places.parse_address("1-1-202", cast.a).place
        assert flat is not None
        assert [one.people for one in people.households_of_door(flat.place_id)] == [1]  # registered and living: one household
        home = places.parse_address("1-1-102", cast.a).place
        assert home is not None
        assert "child" in [one.relation for one in people.people_of_door(home.place_id)]


def test_who_has_left_since_is_not_brought_back_by_the_same_row(cast: Cast) -> None:
    """What was settled after an earlier roster holds: the row is no news."""
    matching = Matching([], birth_of=lambda _known: None, earlier=[(b"as before", None)])
    outcome = matching.take(entry("钱示一", PlaceId(new_id()), content=b"as before"))
    assert (outcome.verdict.value, [reason.code for reason in outcome.reasons]) == ("unchanged", ["as_before"])
    assert list(matching.changes([], at_once=10)) == []


def entry(name: str, door: PlaceId, *, mark: str = "", content: bytes = b"") -> Entry:
    return Entry(
        ordinal=0, sheet="名册", line=1, name=name, sex=None, birth=date(1990, 1, 2), paper=None, paper_index=None, phone="", phone_index=None,
        relation=Relation.HEAD, kinds=(ResidenceKind.REGISTERED, ResidenceKind.ACTUAL), door=door, mark=mark, content=content or name.encode(),
    )  # fmt: skip


def test_changes_come_in_pieces_that_stand_by_themselves() -> None:
    """Each piece has the persons of its homes, and the households they belong to, in itself or in a piece before."""
    matching = Matching([], birth_of=lambda _known: None, earlier=())
    doors = [PlaceId(new_id()) for _ in range(7)]
    for number, door in enumerate(doors):
        for name in ("甲", "乙"):
            matching.take(entry(f"{name}{number}", door, mark="1"))
    persons: set[UUID] = set()
    households: set[UUID] = set()
    pieces = list(matching.changes([], at_once=3))
    assert [len(piece.persons) for piece in pieces] == [3, 3, 3, 3, 2]
    for piece in pieces:
        persons |= {person for person, _ in piece.persons}
        households |= {household for household, _ in piece.households}
        assert {home.person_id for home in piece.homes} <= persons
        assert {home.household_id for home in piece.homes} <= households
    assert (len(persons), len(households), sum(len(piece.homes) for piece in pieces)) == (14, 7, 28)
