"""A phone that is cut off: it delivers and then forgets; one that was stolen forgets before it sends anything."""

from __future__ import annotations

from typing import Any

from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel.ids import DeviceId
from tests.browser.grids import people
from tests.browser.handsets import Phone, built, handset, intake
from tests.browser.test_field_app import kept
from tests.factories.cast import Cast
from tests.ledger.recount import table

__all__ = ["built", "handset", "intake", "people"]

READABLE = """() => new Promise((done) => {
  const asked = indexedDB.open("lianfang-field");
  asked.onsuccess = () => {
    const all = asked.result.transaction(["lock", "readable", "held"]), left = {};
    for (const name of ["lock", "readable", "held"]) { const one = all.objectStore(name).count(); one.onsuccess = () => { left[name] = one.result; }; }
    all.oncomplete = () => { asked.result.close(); done(left); };
  };
})"""
NOTHING = {"lock": 0, "readable": 0, "held": 0}


def test_a_phone_that_is_cut_off_delivers_and_forgets_and_a_stolen_one_forgets_first(handset: Phone, town: Cast, people: list[str]) -> None:
    for stolen in (False, True):
        phone = handset()
        phone.join(town.account("grid.a"))
        phone.ready_offline()
        phone.context.set_offline(True)
        phone.page.locator("[data-next]").click()
        phone.visit("dark")
        phone.page.locator(".saved").wait_for()
        [device, *_] = sorted(accounts.devices_of(town.account("grid.a")), key=lambda one: str(one.device_id), reverse=True)
        commands.cut_off(DeviceId(device.device_id), by=access.local_administrator(), stolen=stolen)
        order: list[str] = []
        phone.page.on("request", lambda asked, order=order: order.append(asked.url.rsplit("/", 1)[1]))
        phone.context.set_offline(False)
        phone.page.locator("text=手机里的名单已清除").wait_for()
        phone.page.locator("text=所有记录都已送到").wait_for()
        assert phone.page.evaluate(READABLE) == NOTHING
        assert phone.unsent == 0
        assert (order.index("wiped") < order.index("sealed")) == stolen
    waiting: list[dict[str, Any]] = table("ledger_quarantine")
    assert [one["cause"] for one in waiting] == ["from_cut_device"] * 2
    assert kept() == []
