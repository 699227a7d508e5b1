"""The desk in a real browser: recording by keys, taking back, looking, languages, sizes, keyboard, paper, polling."""

from __future__ import annotations

import io
import re
import time

from playwright.sync_api import Route, expect
from pypdf import PdfReader

from lianfang.ground.places import queries as places
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as recording
from lianfang.work.rounds import queries as rounds
from tests.browser.conftest import PHONE, Open
from tests.factories.cast import Cast


def test_a_visit_is_recorded_by_number_keys_and_the_map_changes(window: Open, town: Cast) -> None:
    one = window("secretary.a")
    one.page.get_by_role("rowheader", name="甲社区").get_by_role("link").click()
    one.page.get_by_role("link", name="按楼栋").click()
    one.page.get_by_role("rowheader", name="1栋").get_by_role("link").click()
    doors = [door for door in places.doors_of(town.a_building) if door.floor == 2]
    expect(one.cell(doors[0].id)).to_have_class(re.compile("s-none"))
    one.cell(doors[0].id).click()
    expect(one.page.locator("#panel [data-door]")).to_have_attribute("data-door", str(doors[0].id))
    one.press("1")
    expect(one.cell(doors[0].id)).to_have_class(re.compile("s-seen"))
    expect(one.page.locator("#panel [data-door]")).to_have_attribute("data-door", str(doors[1].id))
    one.press("7")
    expect(one.cell(doors[1].id)).to_have_class(re.compile("s-dark"))
    expect(one.page.locator("#legend")).to_contain_text("熄灯 1")
    one.press("z")
    expect(one.cell(doors[1].id)).to_have_class(re.compile("s-none"))
    states = rounds.door_states([door.place_id for door in doors])
    assert {place: str(state.outcome) for place, state in states.items()} == {doors[0].place_id: "seen"}


def test_a_key_too_many_after_the_last_open_door_records_nothing(window: Open, town: Cast) -> None:
    *others, last = places.doors_of(town.a_building)
    for door in others:
        recording.record_visit(door.place_id, Outcome.SEEN, by=town.grid_worker)
    one = window("secretary.a")
    until = time.monotonic() + 30
    while len(rounds.door_states([door.place_id for door in others])) < len(others):  # the folder beside the server folds them
        assert time.monotonic() < until, "what was recorded is not folded"
        one.page.wait_for_timeout(50)
    one.go("place", town.a_building.id)
    one.cell(last.id).click()
    expect(one.page.locator("#panel [data-door]")).to_have_attribute("data-door", str(last.id))
    one.press("1")
    expect(one.page.locator("#panel")).to_contain_text("本楼别的门都办结了")
    one.press("2", "z")  # had the second key recorded, only that would be taken back
    expect(one.cell(last.id)).to_have_class(re.compile("s-none"))


def test_keys_struck_before_anything_answers_are_for_one_door_each_in_their_order(window: Open, town: Cast) -> None:
    one = window("secretary.a")
    one.go("place", town.a_building.id)
    doors = [door for door in places.doors_of(town.a_building) if door.floor == 2]
    held: list[Route] = []

    def hold(panel: Route) -> None:
        held.append(panel)

    one.page.route("**/panel/", hold)
    one.cell(doors[0].id).click()
    one.page.wait_for_timeout(50)
    one.press("1", "7")
    one.page.wait_for_timeout(50)
    for panel in held:  # what a click asked for arrives in the middle of the saving
        panel.continue_()
    expect(one.cell(doors[1].id)).to_have_class(re.compile("s-dark"))
    one.page.unroute("**/panel/")
    third = one.page.locator("#panel [data-door]").get_attribute("data-door")
    one.press("2", "z", "4")  # what is on its way is taken back, not the one before it
    expect(one.cell(third)).to_have_class(re.compile("s-vacant"))
    states = rounds.door_states([door.place_id for door in places.doors_of(town.a_building)])
    assert {str(place): str(state.outcome) for place, state in states.items()} == {
        str(doors[0].place_id): "seen",
        str(doors[1].place_id): "dark",
        str(third): "vacant",
    }


def test_a_full_number_is_shown_for_a_reason_and_the_look_is_listed(window: Open, town: Cast) -> None:
    one = window("secretary.a")
    one.go("place", town.a_door.id)
    one.page.get_by_role("rowheader").get_by_role("link", name="王*").click()
    assert "15400000011" not in one.words
    one.page.select_option("[name=field]", "phone")
    one.page.select_option("[name=reason]", "care")
    one.page.click("#main >> button:has-text('查看')")
    expect(one.page.locator("#revealed")).to_contain_text("15400000011")
    one.go("looks")
    expect(one.page.locator("main table tbody tr")).to_have_count(1)
    assert "帮助" in one.words


def test_the_secretary_of_the_next_community_sees_nothing(window: Open, town: Cast) -> None:
    one = window("secretary.b")
    for name, of in (("place", town.a.id), ("place", town.a_building.id), ("place", town.a_door.id), ("person", town.resident)):
        assert one.go(name, of) == 404
        for secret in ("甲社区", "王示例", "1栋"):
            assert secret not in one.words
    one.page.fill("[name=text]", "甲社区")
    expect(one.page.locator("#found")).not_to_be_empty()
    assert "甲社区" not in one.page.inner_text("#found")


def test_language_and_size_are_switched_and_stay(window: Open, town: Cast) -> None:
    one = window("secretary.a")
    one.page.click(".lf-me summary")
    one.page.click("text=English")
    expect(one.page.locator("html")).to_have_attribute("lang", "en")
    assert "What needs me" in one.words
    one.page.click(".lf-me summary")
    one.page.click("text=Large type")
    expect(one.page.locator("html")).to_have_attribute("data-mode", "elder")
    one.go("place", town.a.id)
    expect(one.page.locator("html[lang=en][data-mode=elder]")).to_have_count(1)
    assert one.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    one.page.click(".lf-me summary")
    one.page.click("text=简体中文")
    expect(one.page.locator("html[lang=zh-Hans][data-mode=elder]")).to_have_count(1)


def test_everything_on_the_way_to_a_record_is_done_by_keyboard(window: Open, town: Cast) -> None:
    one = window()
    one.go("sign_in")
    one.page.locator("[name=login]").focus()
    one.page.keyboard.type("secretary.a")
    one.press("Tab")
    one.page.keyboard.type("梅花三弄 for tests 1719")
    one.press("Enter")
    one.page.wait_for_url("**/desk/")
    one.press("/")
    one.page.keyboard.type("甲社区1栋")
    expect(one.page.locator("#found a").first).to_be_visible()
    one.press("ArrowDown", "Enter")
    expect(one.page.locator("h1")).to_have_text("1栋")
    first = one.page.locator("[data-map] .lf-d").first
    one.press("ArrowDown", "ArrowRight")
    expect(one.page.locator("#panel [data-door]")).to_be_visible()
    chosen = one.page.locator("[data-map] .lf-d[aria-current]")
    expect(chosen).to_be_focused()
    assert chosen.get_attribute("id") != first.get_attribute("id")
    door = chosen.get_attribute("id")
    one.press("3")
    expect(one.page.locator(f"#{door}")).to_have_class(re.compile("s-away"))
    one.press("Enter")
    expect(one.page.locator("#panel h2").first).to_be_visible()


def test_a_building_prints_whole(window: Open, town: Cast) -> None:
    one = window("secretary.a")
    one.go("place", town.a_building.id)
    one.page.emulate_media(media="print")
    for hidden in (".lf-top", "#panel", ".btn-primary"):
        assert not one.page.locator(hidden).first.is_visible()
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True))).pages)
    for door in places.doors_of(town.a_building):
        assert printed.count(door.name) >= 1
    cut = one.page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter((e) => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1).map((e) => e.className)",
    )
    assert [names for names in cut if names != "visually-hidden"] == []


def test_a_page_asks_whether_it_still_stands_and_not_while_it_is_hidden(window: Open, town: Cast) -> None:
    one = window()
    one.page.clock.install()
    one.sign_in("secretary.a")
    one.go("place", town.a_building.id)
    one.page.wait_for_load_state("networkidle")
    answers: list[int] = []
    one.page.on("response", lambda answer: answers.append(answer.status) if answer.request.headers.get("x-poll") else None)
    with one.page.expect_response(lambda answer: bool(answer.request.headers.get("x-poll"))):
        one.page.clock.run_for(25_000)
    assert answers == [304]
    other = window("grid.a", size=PHONE)
    other.go("place", town.a_door.id)
    other.page.click("main button:has-text('见面')")
    expect(other.page.locator("main")).to_contain_text("记为见面")
    one.page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    one.page.clock.run_for(60_000)
    assert answers == [304]
    one.page.evaluate("Object.defineProperty(document, 'hidden', { value: false, configurable: true })")
    with one.page.expect_response(lambda answer: bool(answer.request.headers.get("x-poll"))):
        one.page.clock.run_for(25_000)
    assert answers[1] == 200
    expect(one.cell(town.a_door.id)).to_have_class(re.compile("s-seen"))
