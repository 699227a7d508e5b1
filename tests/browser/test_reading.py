"""Every main page can be read: contrast of all texts, targets large enough, nothing outside the screen."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.measuring import faint, outside, small
from tests.factories.cast import Cast


def main_pages(town: Cast) -> list[tuple[str, tuple[object, ...]]]:
    """The pages people work in, by name and arguments of their address."""
    places = [("place", (one.id,)) for one in (town.city, town.street, town.a, town.a_building, town.a_door)]
    mine = [(name, ()) for name in ("home", "me", "looks", "find", "matters", "quarantine", "duty", "accounts")]
    return [
        *places,
        *mine,
        ("open_doors", (town.a.id,)),
        ("history", (town.a.id,)),
        ("answering", (town.a.id,)),
        ("person", (town.resident,)),
        ("matter_new", (town.a_door.id,)),
        ("place_edit", (town.a_building.id,)),
        ("area", (town.a_grid,)),
        ("style", ()),
    ]


SIZES = ((DESK, False, 24), (DESK, True, 60), (PHONE, False, 44), (PHONE, True, 60))
"""Screen, elder mode, and the least height of a target there."""


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_main_page_can_be_read_and_hit(window: Open, town: Cast, locale: str) -> None:
    one = window("secretary.a", locale=locale)
    found: list[str] = []
    pages = main_pages(town)
    for name, of in pages if locale == "en" else pages[:6]:
        if one.go(name, *of) != 200:
            continue
        for size, elder, least in SIZES:
            one.page.set_viewport_size({"width": size[0], "height": size[1]})
            one.page.evaluate("(mode) => { document.documentElement.dataset.mode = mode; }", "elder" if elder else "")
            told = faint(one.page) + outside(one.page) + (small(one.page, least) if name != "style" else [])
            found += [f"{name} {one.page.title()} {size[0]} {'elder' if elder else ''}: {fault}" for fault in told]
    assert found == [], "\n".join(found)


def test_what_waits_in_each_place_fits_a_phone(window: Open, town: Cast) -> None:
    """The table comes after the page, in the place of what stood for it."""
    one = window("city")
    one.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert one.go("home") == 200
    one.page.get_by_role("columnheader", name="责任链缺口").wait_for()
    assert outside(one.page) == []
