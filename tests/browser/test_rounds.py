"""A round from its opening to the paper in the hand, by a tired secretary at the keyboard."""

from __future__ import annotations

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from lianfang.ground.places import commands as laying
from lianfang.ground.places import queries as places
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.measuring import faint, outside, small
from tests.factories.cast import Cast

DOORS = 20


def test_a_round_is_opened_twenty_doors_recorded_by_keys_and_the_missing_printed(window: Open, town: Cast) -> None:
    laid = laying.lay_out(town.a.place_id, laying.parse_layout("2栋，1个单元，15层，每层2户"), by=None)
    building = places.place(laid.buildings[0])
    one = window("secretary.a")
    one.page.get_by_role("link", name="排查").click()
    one.page.get_by_role("link", name="发起一轮排查").first.click()
    one.page.fill("[name=name]", "第二轮敲门行动")
    one.page.fill("[name=purpose]", "核实居住人员和需要帮助的人")
    one.page.click("main button.btn-primary")
    expect(one.page.locator("h1")).to_have_text("第二轮敲门行动")
    address = one.page.url
    one.go("place", building.id)
    first = one.page.locator("[data-map] .lf-d").first
    first.click()
    expect(one.page.locator("#panel [data-door]")).to_be_visible()
    one.press(*("1274" * (DOORS // 4)))
    expect(one.page.locator("#legend")).to_contain_text("15 / 30", timeout=30_000)
    one.page.goto(address)
    expect(one.page.locator("#strip")).to_contain_text(re.compile(r"15户 ?/ 38户"))
    expect(one.page.locator("#coverage")).to_contain_text("2栋")
    one.page.get_by_role("link", name=re.compile("熄灯 5")).click()
    expect(one.page.locator("#missing tbody tr:not(.grp)")).to_have_count(5)
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True))).pages)
    for label in one.page.locator("#missing tbody th b").all_inner_texts():
        assert label in printed
    for size, least in ((DESK, 24), (PHONE, 44)):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert faint(one.page) + outside(one.page) + small(one.page, least) == []
