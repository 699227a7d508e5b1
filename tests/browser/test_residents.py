"""The residents' page in a browser: what anybody at the door may see, and what the six digits open."""

from __future__ import annotations

from playwright.sync_api import expect

from lianfang.ground.accounts import commands
from tests.browser.conftest import PHONE, Open
from tests.browser.measuring import faint, outside, small
from tests.factories.cast import Cast


def test_the_record_of_a_household_opens_with_the_six_digits_of_its_card(window: Open, town: Cast, site: str) -> None:
    [sign] = commands.door_signs([town.a_door.place_id], by=None)
    one = window(size=PHONE)
    one.page.goto(f"{site}/r/{sign.token}/")
    assert "王示例" not in one.words
    assert (faint(one.page), outside(one.page), small(one.page, 44)) == ([], [], [])
    one.page.click("text=看我家的记录")
    wrong = "000000" if sign.code != "000000" else "111111"
    one.page.fill("[name=code]", wrong)
    one.press("Enter")
    expect(one.page.locator("[role=alert]")).to_be_visible()
    one.page.fill("[name=code]", sign.code)
    one.press("Enter")
    expect(one.page.locator("main")).to_contain_text("王*")
    assert faint(one.page) == []


def test_large_type_makes_every_target_large(window: Open, town: Cast, site: str) -> None:
    [sign] = commands.door_signs([town.a_door.place_id], by=None)
    one = window(size=PHONE, elder=True)
    one.page.goto(f"{site}/r/{sign.token}/")
    one.page.locator("text=我要求助").first.wait_for()
    assert (faint(one.page), outside(one.page), small(one.page, 60)) == ([], [], [])
