"""The living page: every part of the desk in each of its states, with invented values."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.forms.dressing import Dressed
from lianfang.doors.desk.frame import public
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts import bars, heat
from lianfang.doors.desk.parts.answers import Shown
from lianfang.doors.desk.parts.building import Door, Map, building_map
from lianfang.doors.desk.parts.children import Page
from lianfang.doors.desk.parts.strip import Item, Todo
from lianfang.doors.desk.parts.timeline import Line
from lianfang.doors.desk.views.myself import qr
from lianfang.doors.desk.whereabouts import Crumb
from lianfang.kernel import clock
from lianfang.kernel.figures import Unit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_CYCLE = (
    "seen",
    "seen",
    "seen",
    "phone",
    "seen",
    "away",
    "seen",
    "dark",
    "seen",
    "vacant",
    "seen",
    "lit",
    "seen",
    "moved",
    "refused",
    "seen",
    "check",
    "none",
    "seen",
    "shut",
)


class ExampleForm(Dressed):
    """Fields in their states."""

    name = forms.CharField(label=_("Name"), max_length=50, initial="王示例")
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, help_text=_("Mobile or fixed line, as it is dialled"))
    role = forms.ChoiceField(label=_("Role"), choices=[(key, name) for key, name in words.ROLES.items()])
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[(key, sign.name) for key, sign in words.SIGNS.items() if sign.key],
        initial="seen",
    )
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), required=False, disabled=True)
    agreed = forms.BooleanField(label=_("The person was told what is recorded and why"), required=False)


def invented_doors(*, units: int, floors: int, per_floor: int) -> list[Door]:
    """A building for show: every state appears."""
    doors: list[Door] = []
    for unit in range(1, units + 1):
        for floor in range(floors, 0, -1):
            for turn in range(1, per_floor + 1):
                number = len(doors)
                state = _CYCLE[(number * 7 + unit) % len(_CYCLE)]
                doors.append(
                    Door(
                        UUID(int=number + 1),
                        f"{floor}{turn:02d}",
                        _("Unit %(n)s") % {"n": unit},
                        floor,
                        number,
                        state=state,
                        tries=number % 4,
                    ),
                )
    return doors


def _maps() -> list[tuple[str, Map]]:
    return [
        ("ordinary", building_map(invented_doors(units=3, floors=6, per_floor=2))),
        ("tall", building_map(invented_doors(units=2, floors=40, per_floor=4))),
    ]


def _days() -> list[bars.Day]:
    tries = (0, 0, 12, 640, 800, 520, 90, 30, 0, 0, 980, 950, 410, 210)
    first = clock.today() - timedelta(days=len(tries) - 1)
    return [bars.Day(first + timedelta(days=number), visits, visits * 7 // 10) for number, visits in enumerate(tries)]


def _composed() -> dict[str, Any]:
    """What larger parts are made of: a path, who answers, what happened, what is shown once."""
    here = UUID(int=1)
    now = clock.now()
    return {
        "place": {"id": here, "name": "湖东社区", "level": "community"},
        "crumbs": [Crumb(here, "长春市", open=False), Crumb(here, "示例街道", open=True)],
        "pager": Page(first=101, last=200, all=1204, previous=1, next=3),
        "answers": [
            Shown("community_secretary", "刘示甲", on_duty=True, me=True),
            Shown("grid_worker", "陈示格", "第一网格", call=here),
            Shown("building_leader", str(_("nobody holds this office here")), gap=True, href="#", action=str(_("Appoint"))),
        ],
        "lines": [
            Line(now, str(words.SIGNS["seen"].name), state="seen", who="陈示格", where="3栋2单元501", where_href="#"),
            Line(
                now - timedelta(hours=3),
                str(words.SIGNS["dark"].name),
                state="dark",
                who="陈示格",
                note=str(_("withdrawn: wrong door")),
                gone=True,
            ),
        ],
        "codes": ("4F7K-9QX2", "M3TD-6WHA", "8PZC-2RLE", "VN5B-J7YG"),
        "rooms": ("101", "102"),
        "qr": qr("https://example.org/"),
    }


@public("shows the parts of the product with invented values; holds no data", methods=("GET",))
def style(request: HttpRequest) -> HttpResponse:
    """Every part in each of its states (/desk/style/)."""
    faulty = ExampleForm({"name": "", "phone": "1381234", "role": "grid_worker", "outcome": "seen"})
    faulty.is_valid()
    faulty.add_error("phone", _("The mobile number has 7 digits; it should have 11."))
    strip = [
        Item(_("Dwellings"), 3184, Unit.HOUSEHOLDS, "#", note=_("by door, vacant ones included")),
        Item(_("Settled"), 2951, Unit.HOUSEHOLDS, "#", 3184, _("each door by its last outcome"), wide=True),
        Item(_("Still open"), 233, Unit.HOUSEHOLDS, "#", 3184, _("74 of them never visited"), tone="owed"),
        Item(_("Matters late"), 2, Unit.ITEMS, "#", 14, _("the oldest by 3 hours"), tone="late"),
        Item(_("Not counted yet"), None, Unit.PEOPLE),
    ]
    cells = [heat.Cell(f"{n}号楼", left, 84, "#") for n, left in enumerate((0, 2, 7, 14, 40), 1)] + [heat.Cell("6号楼", 0, 0, "#")]
    todos = [
        Todo(5, Unit.HOUSEHOLDS, _("without a unit leader"), "41号楼 2单元", "#", _("Appoint")),
        Todo(2, Unit.ITEMS, _("matters late"), "", "#", _("See"), tone="late"),
    ]
    context = {
        "strip": strip,
        "cells": cells,
        "todos": todos,
        "maps": _maps(),
        "bars": bars.bars(_days()),
        "signs": list(words.SIGNS.values()),
        "form": ExampleForm(),
        "faulty": faulty,
        "examples": [
            Notice(str(_("Saved.")), undo="#", undo_words=str(_("Undo"))),
            Notice("…", "warn"),
            Notice("…", "bad"),
            Notice("…", ""),
        ],
        "swatches": _SWATCHES,
        **_composed(),
        "now": clock.now(),
    }
    return pages.show(request, "desk/style/page.html", context)


_SWATCHES = (
    "ink",
    "ink-2",
    "ink-3",
    "edge",
    "line",
    "line-2",
    "surface",
    "canvas",
    "sunken",
    "primary",
    "primary-2",
    "primary-soft",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "focus",
)
