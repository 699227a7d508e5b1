"""The field app on phones in a browser, against the real site and intake: without network, killed, with wrong clocks, in other hands.

LIANFANG_FULL=1 walks the whole way (500 doors, 300 visits, a server that dies in every third batch); the gate walks a shorter one.
"""

from __future__ import annotations

import json
from functools import partial
from operator import ne
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from playwright.sync_api import Route, expect

from lianfang.ground.accounts import queries as accounts
from lianfang.kernel.ids import AccountId
from tests.browser.grids import FULL, people
from tests.browser.handsets import Handset, Intake, Phone, built, handset, intake, workshop
from tests.browser.measuring import faint, fine_print, outside, small
from tests.factories.cast import Cast

__all__ = ["built", "handset", "intake", "people"]

VISITS = 300 if FULL else 18
_TOMORROW = """{
  const Real = Date, ahead = 86400000;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
}"""


def kept(kind: str = "visit") -> list[dict[str, Any]]:
    """What the ledger holds of a kind, in the order of the phone's counter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, actor, device, device_seq, place, occurred_at, effective_at, recorded_at, skew, payload from ledger_record "
            "where kind = %s order by device_seq",
            [kind],
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [{**row, "payload": json.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"]} for row in rows]


def on_disk(profile: Path, *words: str) -> list[str]:
    """Which of the words stand in any file of a profile, in any of the ways a browser writes text."""
    found = []
    for path in profile.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            ways = {word: (word.encode(), word.encode("utf-16-le"), json.dumps(word).strip('"').encode()) for word in words}
            found += [f"{word} in {path.relative_to(profile)}" for word, forms in ways.items() if any(form in raw for form in forms)]
    return found


def test_what_is_recorded_without_network_arrives_once_and_whole(handset: Phone, town: Cast, people: list[str], intake: Intake) -> None:
    phone = handset()
    phone.join(town.account("secretary.a"))
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.page.locator("[data-next]").click()
    asked: list[str] = []
    for number in range(VISITS):
        if number == VISITS // 3:
            phone.page.close()  # the tab is killed, and opened again with no network
            phone.page = phone.context.new_page()
            phone.open()
            phone.unlock()
            phone.page.locator("[data-next]").click()
        if number == VISITS * 2 // 3:
            phone.context.add_init_script(_TOMORROW)  # the clock jumps a day ahead, and the tab is killed once more
            phone.page.close()
            phone.open()
            phone.unlock()
            phone.page.locator("[data-next]").click()
        asked.append(phone.page.url.rsplit("/", 1)[1])
        before = phone.page.url
        phone.visit("vacant" if number % 2 else "seen")
        phone.page.wait_for_url(partial(ne, before))
    assert phone.unsent == VISITS
    phone.kill()  # the whole browser, at once
    numbers = accounts.phone_of(town.account("secretary.a"))
    assert on_disk(phone.profile, *people[:30], numbers, "王示例", "刘示甲") == []
    phone.switch_on()
    tries = _dies_in_every_third_batch(phone)
    phone.open()
    phone.unlock()
    for _try in range(30):
        if not phone.unsent:
            break
        phone.page.locator(".outbox-bar .link").click()
        phone.page.wait_for_timeout(300)
    phone.delivered()
    found = kept()
    assert len(found) == len({row["id"] for row in found}) == VISITS
    assert sorted(str(row["place"]) for row in found) == sorted(asked)
    assert {row["actor"] for row in found} == {town.account("secretary.a")}
    assert len({row["device"] for row in found}) == 1
    assert [row["device_seq"] for row in found] == list(range(1, VISITS + 1))
    assert all(row["effective_at"] <= row["recorded_at"] for row in found)
    ahead = [row for row in found if row["occurred_at"] > row["recorded_at"]]
    assert len(ahead) == VISITS - VISITS * 2 // 3
    assert len(tries) >= 2


def _dies_in_every_third_batch(phone: Handset) -> list[int]:
    """The server dies after it has kept the first batch, and every third from there: the phone never hears of it. The batches tried."""
    tries: list[int] = []

    def dying(route: Route) -> None:
        tries.append(len(tries))
        if len(tries) % 3 == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.context.route("**/intake/sealed", dying)
    return tries


def test_a_page_that_was_loaded_past_the_service_worker_is_kept_all_the_same(handset: Phone) -> None:
    phone = handset()
    phone.ready_offline()
    with phone.page.expect_navigation():
        phone.context.new_cdp_session(phone.page).send("Page.reload", {"ignoreCache": True})
    phone.ready_offline()


def test_a_phone_in_other_hands_sends_what_the_first_one_sealed_as_the_first_ones(handset: Phone, town: Cast, people: list[str]) -> None:
    phone = handset()
    phone.join(town.account("secretary.a"))
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.page.locator("[data-next]").click()
    phone.visit("seen")
    expect(phone.page.locator(".saved")).to_be_visible()
    phone.page.goto(f"{phone.site}/field/#/settings")
    phone.page.locator(".button.grave").click()
    phone.page.locator("[data-leave]").click()
    phone.page.locator("#join-digits, h1").first.wait_for()
    assert phone.unsent == 1
    phone.page.route("**/intake/sealed", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.join(town.account("grid.a"), pin="739155")
    assert phone.unsent == 1
    phone.page.locator("[data-next]").click()
    phone.visit("vacant")
    phone.page.unroute("**/intake/sealed")
    phone.page.locator(".outbox-bar .link").click()
    phone.delivered()
    by = {row["payload"]["outcome"]: row["actor"] for row in kept()}
    assert by == {"seen": town.account("secretary.a"), "vacant": town.account("grid.a")}


def test_ten_wrong_pins_wipe_what_is_readable_and_a_colleague_delivers_the_rest(
    handset: Phone, town: Cast, people: list[str], tmp_path: Path
) -> None:
    phone = handset()
    phone.join(town.account("grid.a"))
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.page.locator("[data-next]").click()
    phone.visit("dark")
    expect(phone.page.locator(".saved")).to_be_visible()
    phone.page.goto(f"{phone.site}/field/#/outbox")
    with phone.page.expect_download() as download:
        phone.page.locator("text=存成文件").last.click()
    file = tmp_path / "sealed.json"
    download.value.save_as(file)
    assert "王示例" not in file.read_text()
    phone.page.reload()
    for left in range(9, -1, -1):
        phone.page.fill("#pin", f"11223{left}")
        phone.page.keyboard.press("Enter")
        if left:
            phone.page.locator(f"text=还可以试{left}次").wait_for()
    phone.page.locator("text=手机里的名单已清除").wait_for()
    assert phone.unsent == 1
    assert judged(phone, elder=False) == {}
    colleague = handset()
    colleague.join(town.account("secretary.a"))
    colleague.page.goto(f"{colleague.site}/field/#/outbox")
    colleague.page.set_input_files("input[type=file]", file)
    colleague.page.locator("text=收下1条").wait_for()
    colleague.delivered()
    assert [row["actor"] for row in kept()] == [town.account("grid.a")]
    phone.context.set_offline(False)
    phone.page.locator("text=所有记录都已送到").wait_for(timeout=30_000)
    assert len(kept()) == 1


SCREENS = ("", "outbox", "duty", "matters", "messages", "settings", "new-door")


def judged(phone: Handset, *, elder: bool) -> dict[str, list[str]]:
    """What is wrong with the screen as it stands: contrast, size of targets and of large type, width, and what axe calls serious."""
    axe = (workshop() / "cache" / "field-app" / "node_modules" / "axe-core" / "axe.min.js").read_text()
    phone.page.evaluate(axe)
    found = phone.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations)")
    serious = [f"{one['id']} {one['nodes'][0]['target']}" for one in found if one["impact"] in {"serious", "critical"}]
    told = {
        "faint": faint(phone.page),
        "small": small(phone.page, 60 if elder else 44),
        "wide": outside(phone.page),
        "axe": serious,
        "fine print": fine_print(phone.page, 18) if elder else [],
    }
    return {name: wrong for name, wrong in told.items() if wrong}


def test_every_screen_can_be_read_and_touched_and_the_form_is_filled_in(handset: Phone, town: Cast, people: list[str]) -> None:
    phone = handset(size=(360, 800))
    page = phone.page
    wrong = _coming_in(phone, town.account("secretary.a"))
    for elder in (False, True):
        for screen in SCREENS:
            page.goto(f"{phone.site}/field/#/{screen}")
            page.wait_for_timeout(200)
            wrong[f"{screen} {elder}"] = judged(phone, elder=elder)
        page.goto(f"{phone.site}/field/#/")
        page.locator("[data-next]").click()
        page.locator("[data-outcome=seen]").click()
        wrong[f"door {elder}"] = judged(phone, elder=elder)
        for at in range(2):  # a person more, a remark: each takes the focus, and goes with Escape
            page.locator(".step > .link").nth(at).click()
            expect(page.locator("[role=dialog]:visible")).to_be_focused()
            wrong[f"sheet {at} {elder}"] = judged(phone, elder=elder)
            page.keyboard.press("Escape")
            expect(page.locator("[role=dialog]:visible")).to_have_count(0)
        page.goto(f"{phone.site}/field/#/settings")
        page.locator(".segments button").last.click()
        page.locator(".segments button").nth(1).click()  # English, too
    assert {name: found for name, found in wrong.items() if found} == {}
    page.locator(".segments button").nth(2).click()
    page.locator(".segments button").first.click()
    _fill_in(phone)
    [visit] = kept()
    assert visit["payload"] | {"round": ""} == {
        "outcome": "seen", "people_seen": 2, "unlisted": 1, "wants_help": True, "form": "headcount/1", "answers": {"living": 1}, "round": "",
    } | {name: visit["payload"][name] for name in visit["payload"] if visit["payload"][name] in (None, 0)}  # fmt: skip
    assert UUID(visit["payload"]["round"])
    assert visit["place"] == town.a_door.place_id
    assert (len(kept("remark")), len(kept("presence"))) == (1, 1)


def _coming_in(phone: Handset, account: AccountId) -> dict[str, dict[str, list[str]]]:
    """Everything on the way in: the page that tests a phone, the first start, joining without a link and with one, the PIN, unlocking."""
    page, wrong = phone.page, {"welcome": judged(phone, elder=False)}

    def look(name: str) -> None:
        wrong[name] = judged(phone, elder=False)

    page.goto(f"{phone.site}/field/test")
    page.locator("p[role=status]").wait_for()
    look("phone test")
    phone.open()
    page.locator(".button.first").click()
    page.locator("h1").wait_for()
    look("no link")
    page.locator("button").last.click()
    look("code")
    phone.join(account)
    phone.open()
    page.locator("#pin").wait_for()
    look("unlock")
    phone.unlock()
    return wrong


def _fill_in(phone: Handset) -> None:
    """Find a door by pinyin, say who was met, add somebody, ask for help, sign in for a shift, send."""
    page = phone.page
    page.goto(f"{phone.site}/field/#/")
    page.locator(".finder input").fill("wangshili")
    page.locator(".door-row").first.click()
    page.locator("[data-outcome=seen]").click()
    page.locator(".step .segments button").first.click()
    page.locator("text=名单上没有的人").click()
    page.fill("#person-name", "钱示新")
    page.locator(".sheet .button.first").click()
    page.locator("[aria-label=实际居住人数] button").last.click()
    page.locator("text=需要帮助").click()
    page.locator("[data-save]").click()
    page.locator(".saved").wait_for()
    page.goto(f"{phone.site}/field/#/duty")
    page.locator("#duty-place").wait_for()
    page.locator(".button.first").click()
    expect(page.locator("text=在岗：甲社区")).to_be_visible()
    page.locator(".outbox-bar .link").click()
    phone.delivered()
