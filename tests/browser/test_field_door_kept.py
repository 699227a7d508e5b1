"""The screen of a door stays behind the others: opened for something else, it shows that, and nothing that was saved already."""

from __future__ import annotations

import json

from playwright.sync_api import Route, expect

from tests.browser.grids import people
from tests.browser.handsets import Phone, built, handset, intake
from tests.factories.cast import Cast

__all__ = ["built", "handset", "intake", "people"]


def refusing(route: Route) -> None:
    """The intake as it answers a record that it cannot take."""
    answer = route.fetch()
    asked = json.loads(route.request.post_data or "{}")["parcels"]
    verdicts = [
        {"id": one["id"], "verdict": "refused", "code": "unknown_place", "reason": "示例"} for parcel in asked for one in parcel["records"]
    ]
    route.fulfill(response=answer, json={**answer.json(), "verdicts": verdicts})


def test_a_door_that_stayed_behind_shows_what_it_is_opened_for(handset: Phone, town: Cast, people: list[str]) -> None:
    phone = handset()
    phone.join(town.account("grid.a"))
    page = phone.page
    phone.context.route("**/intake/sealed", refusing)
    page.locator("[data-next]").click()
    door = page.url.rsplit("/", 1)[1]
    phone.visit("dark")
    page.locator(".saved").wait_for()
    page.goto(f"{phone.site}/field/#/outbox")
    page.locator(".button.first").click()
    mend = page.locator("[data-standing=refused] .button").first
    mend.wait_for()
    page.goto(f"{phone.site}/field/#/door/{door}")
    expect(page.locator("[data-outcome=dark]")).to_have_attribute("aria-checked", "false")
    page.goto(f"{phone.site}/field/#/outbox")
    mend.click()
    expect(page.locator("[data-outcome=dark]")).to_have_attribute("aria-checked", "true")
