"""The first page, search, the way behind a number, and the ribbon of a demonstration, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianfang.kernel import clock
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.work.rounds import commands as rounds
from tests.doors.conftest import Desk, words_of
from tests.factories.cast import Cast

DeskOf = Callable[[str], Desk]


def test_the_first_page_greets_by_the_hour_and_shows_ones_own_places(secretary: Desk, outsider: Desk, cast: Cast) -> None:
    morning = clock.local(clock.now()).replace(hour=8)
    for hours, greeting in ((0, "上午好"), (6, "下午好"), (12, "晚上好")):
        with clock.frozen(morning + timedelta(hours=hours)):
            assert greeting in words_of(secretary.get("home"))
    page = secretary.get("home")
    assert cast.a.name in words_of(page)
    assert cast.b.name not in words_of(page)
    assert cast.a.name not in words_of(outsider.get("home"))
    again = secretary.get("home", **{"If-None-Match": page["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("text", ["甲社区", "220106001001", "jsq"])
def test_a_place_is_found_by_name_code_and_initials_and_only_within_sight(secretary: Desk, outsider: Desk, cast: Cast, text: str) -> None:
    assert reverse("desk:place", args=[cast.a.id]) in secretary.post("find", text=text).content.decode()
    assert reverse("desk:place", args=[cast.a.id]) not in outsider.post("find", text=text).content.decode()


def test_people_and_addresses_are_found_by_what_is_typed_and_nothing_of_it_stands_in_the_address(
    secretary: Desk, outsider: Desk, cast: Cast
) -> None:
    assert "154****0011" in words_of(secretary.post("find", text="王示"))  # masked, as everywhere
    assert "154****0011" not in words_of(outsider.post("find", text="王示"))
    by_door = secretary.post("find", text="1栋1单元101")
    assert reverse("desk:place", args=[cast.a_door.id]) in by_door.content.decode()
    assert secretary.get("find", query={"text": "王示例"}).context["asked"] is False  # what is typed is posted
    part = secretary.post("find", text="没有这个地方", htmx=True)
    assert "<html" not in part.content.decode()
    assert secretary.post("find", text="", htmx=True).status_code == 200


def test_behind_a_number_stand_its_records_as_far_as_one_may_see(secretary: Desk, outsider: Desk, desk_of: DeskOf, cast: Cast) -> None:
    with cast.as_web(cast.secretary):
        rounds.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.secretary)
    for desk in (secretary, desk_of("city")):
        page = desk.get("figure", cast.a.id, "visits")
        assert page.status_code == 200
        assert page.context["where"] == cast.a.name
        assert page.context["counts"]
    day = secretary.get("figure", cast.a.id, "visits", query={"from": "2020-01-01", "to": "2020-01-31"})
    assert (day.context["figure"].value, list(day.context["rows"])) == (0, [])
    assert secretary.get("figure", cast.a.id, "visits", query={"from": "not a day"}).status_code == 200
    assert secretary.get("figure", cast.a.id, "never").status_code == 404
    assert outsider.get("figure", cast.a.id, "visits").status_code == 404


def test_a_demonstration_says_so_on_every_page_and_a_real_installation_does_not(secretary: Desk, settings: Any) -> None:
    settings.LIANFANG_DEMO = "yinhe"
    ribbon = "演示"
    assert ribbon in words_of(secretary.get("home"))
    assert ribbon in words_of(Client().get(reverse("desk:sign_in")))
    settings.LIANFANG_DEMO = ""
    assert 'class="lf-ribbon"' not in Client().get(reverse("desk:sign_in")).content.decode()
