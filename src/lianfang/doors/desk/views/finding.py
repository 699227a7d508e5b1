"""Search: places and areas by name, alias, code, initials or address; people by name, phone or paper.

What is typed may be a person's name or number, so it is posted: it stands in no address and no log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import pages
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.whereabouts import places_named, post_of
from lianfang.ground.accounts import access
from lianfang.ground.people import queries as people
from lianfang.ground.places import queries as places
from lianfang.ground.places.types import Certainty
from lianfang.kernel.ranges import contains

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lianfang.ground.people.types import FoundPerson
    from lianfang.ground.places.types import Found

PLACES, PEOPLE = 8, 8
_NUMBER = re.compile(r"[0-9Xx \-]{7,}")
_ADDRESS = re.compile(r"\d")


@page("places.see", methods=("GET", "POST"))
def find(request: DeskRequest) -> HttpResponse:
    """The search page, and its answers for the box in the top bar."""
    text = request.POST.get("text", "").strip()[:60]
    context: dict[str, Any] = {"text": text, "asked": bool(text)}
    if text:
        context |= _answers(request, text)
    if request.htmx:
        return pages.part(request, "desk/find/found.html", context) if text else pages.part(request, "desk/find/none.html", {})
    return pages.show(request, "desk/find/page.html", context)


def _answers(request: DeskRequest, text: str) -> dict[str, Any]:
    reach = access.ranges(request.actor, "places.see")
    found = places.find(text, reach, limit=PLACES)
    address = None
    if not found and _ADDRESS.search(text):
        match = places.parse_address(text, post_of(request.actor))
        near = [one for one in (match.place, *match.alternatives) if one is not None and contains(reach, one.range)]
        if near and match.certainty is not Certainty.NONE:
            named = places_named({one.id for one in near})
            address = {
                "why": match.why,
                "places": [{"id": one.id, "name": named.get(one.id, one.name), "path": ""} for one in near[:PLACES]],
            }
    return {"found": [_place(one) for one in found], "address": address, "people": _people(request, text)}


def _place(found: Found) -> dict[str, Any]:
    why = {
        "code": _("by its code"),
        "alias": _("by another name"),
        "former": _("by a former name"),
        "pinyin": _("by pinyin"),
        "initials": _("by initials"),
        "similar": _("similar name"),
    }
    if found.area is not None:
        name, href = found.area.name, reverse("desk:area", args=[found.area.id])
    elif found.place is not None:
        name, href = found.place.name, reverse("desk:place", args=[found.place.id])
    else:
        name, href = found.matched, ""
    return {"name": name, "href": href, "matched": found.matched, "path": " / ".join(found.path), "why": why.get(found.why, "")}


def _people(request: DeskRequest, text: str) -> list[dict[str, Any]]:
    """People within sight: by phone or paper when it is a number, else by the beginning of a name."""
    reach = access.ranges(request.actor, "people.see")
    if not reach:
        return []
    found: list[FoundPerson] = []
    if _NUMBER.fullmatch(text):
        found = [*people.find_by_phone(text, reach, PEOPLE), *people.find_by_paper(text, reach, PEOPLE)]
    elif not text[0].isdigit():
        found = people.find_by_name(text, reach, PEOPLE)
    where = places_named({one.door_id for one in found if one.door_id})
    return [
        {"person_id": one.person_id, "name": one.name, "phone": one.phone, "where": where.get(one.door_id, "") if one.door_id else ""}
        for one in found
    ]
