"""Rosters as people keep them, invented: rows in, an .xlsx file out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places.models import Place
from lianfang.ground.rosters import commands
from lianfang.ground.rosters.loading_types import Summary
from lianfang.kernel.sheets import Page, write

HEADINGS = ("序号", "姓名", "性别", "身份证号", "联系电话", "与户主关系", "楼栋", "单元", "房号")
Line = Sequence[str | int | None]


def line(
    name: str, door: str = "1-1-101", *, paper: str = "", phone: str = "", relation: str = "", sex: str = ""
) -> list[str | int | None]:
    """One row of a roster under HEADINGS, without its number."""
    building, unit, room = door.split("-")
    return [name, sex, paper, phone, relation, building, unit, room]


def roster_of(*lines: Line, headings: Sequence[str] = HEADINGS, sheet: str = "名册") -> bytes:
    """An .xlsx with headings in its first row."""
    return write([Page(sheet, [list(headings), *([number, *row] for number, row in enumerate(lines, start=1))])])


def brought(community: Place, content: bytes, actor: Actor, name: str = "名册.xlsx") -> UUID:
    """A file that came in and was tried."""
    with access.scoped(actor):
        roster_id = commands.receive(community, content, name, by=actor.account_id)
    commands.try_out(roster_id, actor)
    return roster_id


def loaded(community: Place, content: bytes, actor: Actor, name: str = "名册.xlsx") -> tuple[UUID, Summary]:
    """A file that came in and was loaded."""
    roster_id = brought(community, content, actor, name)
    return roster_id, commands.load(roster_id, actor)
