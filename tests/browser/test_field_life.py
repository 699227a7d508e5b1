"""What a phone lives through besides the doors: WeChat, large type, messages, duty, other people's records, photos, a week alone."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from functools import partial
from operator import ne
from pathlib import Path
from uuid import UUID

from playwright.sync_api import expect

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.force_types import NewPost, PostKind
from lianfang.kernel import clock, filed, jpeg
from lianfang.kernel.ids import AccountId
from lianfang.work.outreach import commands as outreach
from lianfang.work.outreach import queries as messages
from lianfang.work.outreach.types import NewMessage
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds.types import NewRound
from tests.browser.grids import people
from tests.browser.handsets import PIN, Handset, Phone, built, handset, intake
from tests.browser.test_field_app import kept
from tests.doors.field.test_lines import deliver
from tests.factories import phones
from tests.factories.cast import Cast
from tests.factories.phones import digits_of
from tests.factories.pictures import PLACE, segment
from tests.ledger.recount import table
from tests.ledger.sending import record

__all__ = ["built", "handset", "intake", "people"]

PICTURE = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 2000; canvas.height = 1500;
  canvas.getContext("2d").fillRect(100, 100, 900, 900);
  return canvas.toDataURL("image/jpeg").split(",")[1];
}"""
WECHAT = "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0"
_NINE_DAYS_ON = """{
  const Real = Date, ahead = 9 * 86400000;
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
}"""


def test_from_wechat_by_a_code_through_a_shift_and_a_week_alone(handset: Phone, town: Cast, people: list[str]) -> None:
    grid = town.account("secretary.a")
    phone = _over_from_wechat(handset, grid)
    assert [device.cut for device in accounts.devices_of(grid)].count("deliver") == 1  # the one in WeChat is over
    _reads_a_message(phone, town, grid)
    _works_a_shift(phone)
    _mans_a_post(phone, town)
    _a_week_alone(phone)


def _over_from_wechat(handset: Phone, grid: AccountId) -> Handset:
    """In WeChat it works as a page only; its code takes the login to the real browser, where large type is asked for at the first start."""
    link = commands.invite_phone(grid, by=access.local_administrator())
    chat = handset(user_agent=WECHAT)
    chat.page.goto("about:blank")
    chat.page.goto(f"{chat.site}/field/join#{link.token}")
    chat.page.locator(".button.first").click()  # language and size as they are
    expect(chat.page.locator("h1")).to_have_text("微信里不能离线使用")
    chat.page.locator(".button.first").click()
    chat.page.fill("#join-digits", digits_of(grid))
    chat.page.locator(".button.first").click()
    code = chat.page.locator(".code.big").inner_text()
    phone = handset()
    page = phone.page
    page.goto(f"{phone.site}/field/join")
    page.locator("text=大字").click()
    page.locator(".button.first").click()
    assert page.evaluate("document.documentElement.dataset.mode") == "elder"
    page.locator("text=我有6位短码").click()
    page.fill("#join-code", code)
    page.fill("#join-digits", digits_of(grid))
    page.locator(".button.first").click()
    page.fill("#pin-new", PIN)
    page.fill("#pin-again", PIN)
    page.locator(".button.first").click()
    page.locator(".rows [data-door]").first.wait_for()
    return phone


def _reads_a_message(phone: Handset, town: Cast, grid: AccountId) -> None:
    """A message, read; its receipt goes back."""
    page = phone.page
    sent = outreach.send(NewMessage("明早到岗", "七点半在北门集合。", town.a.place_id), by=access.local_administrator())
    page.locator(".outbox-bar .link").click()
    page.locator(".tab-bar .badge").wait_for()
    page.goto(f"{phone.site}/field/#/messages")
    page.locator("text=知道了").click()
    page.locator("text=已读").wait_for()
    phone.delivered()
    for _try in range(40):
        [receipt] = [one for one in messages.told(sent.id) if one.account_id == grid]
        if receipt.read_at:
            break
        page.wait_for_timeout(250)
    assert receipt.read_at


def _works_a_shift(phone: Handset) -> None:
    """Signed in, handed over with a word, and so signed out."""
    page = phone.page
    page.goto(f"{phone.site}/field/#/duty")
    page.locator(".main .button.first").click()
    expect(page.locator("text=在岗：甲社区")).to_be_visible()
    page.locator(".main .button.first").click()
    page.fill("#hand-words", "3栋还有两户没有开门")
    page.locator(".sheet .button.first").click()
    expect(page.locator("text=现在不在岗")).to_be_visible()
    phone.delivered()
    assert [one["payload"]["duty"] for one in kept("presence")] == ["on", "off"]
    assert len(kept("remark")) == 1


def _mans_a_post(phone: Handset, town: Cast) -> None:
    """By the code on the post's poster, whose page leads into the app; signed out again at the same post."""
    [post] = organisations.open_posts([NewPost("北门岗", PostKind.CHECKPOINT, town.a.place_id, "守门")], by=None)
    page = phone.page
    page.goto(f"{phone.site}/r/post/{post}/")
    page.locator(f"a[href='/field/#/duty/{post}']").click()
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.locator("#duty-place option", has_text="北门岗").wait_for(state="attached")
    expect(page.locator("#duty-place")).to_have_value(str(post))
    page.locator(".main .button.first").click()
    expect(page.locator("text=在岗：北门岗")).to_be_visible()
    page.locator(".main .button", has_text="下岗").last.click()
    expect(page.locator("text=现在不在岗")).to_be_visible()
    phone.delivered()
    assert [(one["payload"]["duty"], one["payload"].get("post")) for one in kept("presence")][-2:] == [
        ("on", str(post)),
        ("off", str(post)),
    ]


def _a_week_alone(phone: Handset) -> None:
    """Nine days without the server: shut, until it is heard once."""
    page = phone.page
    page.goto(f"{phone.site}/field/#/")
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.context.add_init_script(_NINE_DAYS_ON)
    page.reload()
    page.fill("#pin", PIN)
    page.keyboard.press("Enter")
    page.locator("text=需要联网一次").wait_for()
    assert page.locator("[data-door]").count() == 0
    phone.context.set_offline(False)
    page.locator(".rows [data-door], .button.first").first.wait_for()
    if page.locator("text=现在连接").count():
        page.locator("text=现在连接").click()
    page.locator(".rows [data-door]").first.wait_for()


def test_what_others_recorded_is_settled_and_new_doors_people_and_rows_of_doors_go_along(
    handset: Phone, town: Cast, people: list[str], tmp_path: Path
) -> None:
    until = clock.now() + timedelta(days=1)
    rounds.open_round(NewRound("漏气排查", "gas", until, place=town.a.place_id), by=town.secretary)
    phone = handset()
    phone.join(town.account("grid.a"))
    phone.ready_offline()
    phone.context.set_offline(True)
    _takes_a_photo(phone)
    _records_several_and_what_was_found(phone)
    assert phone.unsent == 6
    _a_colleague_delivers_twice(phone, handset(locale="en-GB"), town, tmp_path / "sealed.json")
    pictured, *visits = kept()
    assert {one["actor"] for one in (pictured, *visits)} == {town.account("grid.a")}
    assert [one["payload"]["outcome"] for one in visits] == ["vacant", "vacant", "seen"]
    [book] = [row["book"] for row in table("ledger_receipt") if str(row["id"]) == str(pictured["id"])]
    picture = filed.read(book, f"{pictured['id']}.valve")
    assert picture is not None
    assert (jpeg.size_of(picture), len(picture) < 300_000) == (jpeg.Size(1280, 960), True)
    assert "杂物间9" in {one["name"] for one in table("places_place")} | {one.get("label") for one in table("places_place")}
    _what_differs_is_settled(phone, town, visits[0]["place"])
    [corrected] = kept("correction")
    assert corrected["payload"]["action"] == "withdraw"


def _takes_a_photo(phone: Handset) -> None:
    """A photo, which the form of this round asks for: small, and without the place where it was taken."""
    page = phone.page
    page.locator("[data-next]").click()
    page.locator("[data-outcome=seen]").click()
    taken = b64decode(page.evaluate(PICTURE))
    camera = taken[:2] + segment(0xE1, PLACE) + taken[2:]
    page.set_input_files(".step input[type=file]", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": camera})
    page.locator("img.photo").wait_for()
    here = page.url
    page.locator("[data-save]").click()
    page.wait_for_url(partial(ne, here))  # the app goes on to the next door by itself
    page.goto(f"{phone.site}/field/#/")


def _records_several_and_what_was_found(phone: Handset) -> None:
    """Two doors at once, and one that is on no list with somebody who is on none."""
    page = phone.page
    page.locator("text=几户一起记").click()
    for at in (0, 1):
        page.locator(".rows [data-door]").nth(at).click()
    page.locator(".foot .button.first").click()
    page.locator(".sheet [data-outcome=vacant]").click()
    page.locator(".sheet .button.first").click()
    page.locator(".saved").wait_for()
    page.goto(f"{phone.site}/field/#/new-door")
    page.locator("#nd-label").wait_for()
    if page.locator("#nd-unit").count():
        page.locator("#nd-unit").select_option(index=1)
    page.fill("#nd-floor", "1")
    page.fill("#nd-label", "杂物间9")
    page.locator(".foot .button.first").click()
    page.locator("[data-outcome=seen]").click()
    page.locator("text=名单上没有的人").click()
    page.fill("#person-name", "钱示新")
    page.locator(".sheet .button.first").click()
    page.locator("text=还没有办好的").count()
    page.locator(".tab-bar a").first.click()  # looks elsewhere before it is saved: what was begun is kept
    page.locator(".rows [data-door]").first.wait_for()
    page.go_back()
    expect(page.locator("text=钱示新")).to_be_visible()
    page.locator("[data-save]").click()
    page.locator(".saved").wait_for()


def _a_colleague_delivers_twice(phone: Handset, colleague: Handset, town: Cast, file: Path) -> None:
    """The sealed records as a file, delivered twice by a colleague: once is enough, and the author stays the author."""
    page = phone.page
    page.goto(f"{phone.site}/field/#/outbox")
    with page.expect_download() as download:
        page.locator("text=存成文件").last.click()
    download.value.save_as(file)
    colleague.join(town.account("secretary.a"))
    for _twice in (1, 2):
        colleague.page.goto(f"{colleague.site}/field/#/outbox")
        colleague.page.set_input_files("input[type=file]", file)
        colleague.page.locator("text=6 taken").wait_for()
        colleague.delivered()
        colleague.page.reload()
        colleague.page.fill("#pin", PIN)
        colleague.page.keyboard.press("Enter")
        colleague.page.locator("input[type=file]").wait_for(state="attached")


def _what_differs_is_settled(phone: Handset, town: Cast, door: UUID) -> None:
    """Somebody else was at one of the doors within the hour: a line, looked at and settled on this phone."""
    page = phone.page
    other = phones.join(town.account("secretary.a"))
    now = clock.now()
    assert deliver(other.seal(record(door, payload={"outcome": "seen", "people_seen": 1}, occurred_at=now - timedelta(minutes=9)))) == [
        "kept"
    ]
    phone.context.set_offline(False)
    page.locator(".outbox-bar .link").click()
    phone.delivered()
    for _try in range(20):
        if page.locator("[data-line=two_people]").count():
            break
        page.wait_for_timeout(300)
        page.locator(".outbox-bar .link").click()
    page.locator("[data-line=two_people] .button").click()
    page.locator(".sheet .tile").nth(1).click()  # theirs
    page.locator(".sheet .button").first.click()
    expect(page.locator("[data-line=two_people]")).to_have_count(0)
