"""Duty: who is on duty where, coming on and going off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, back, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.whereabouts import places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.organisations import queries as organisations
from lianfang.kernel import clock
from lianfang.kernel.errors import NotFound
from lianfang.kernel.ids import PlaceId
from lianfang.work.mobilisation import commands, queries

_OFFERED = 100


def my_spell(request: DeskRequest) -> dict[str, Any] | None:
    """Where the reader is on duty now."""
    spell = queries.present_spell(request.actor.account_id) if request.actor.account_id else None
    if spell is None:
        return None
    return {"place_id": spell.place_id, "where": places_named({spell.place_id}).get(spell.place_id, ""), "since": spell.began_at}


@page("duty.record")
def duty(request: DeskRequest) -> HttpResponse:
    """Who is on duty within what the reader answers for, and the reader's own duty."""
    spells = queries.on_duty(access.ranges(request.actor, "duty.record"))
    names = queries.names_on_duty(spells)
    where = places_named({spell.place_id for spell in spells})
    named = organisations.posts_named({spell.post_id for spell in spells if spell.post_id})
    here = queries.present_spell(request.actor.account_id) if request.actor.account_id else None
    context = {
        "on_duty": [
            {
                "name": names.get(spell.account_id, ""),
                "place_id": spell.place_id,
                "where": where.get(spell.place_id, ""),
                "post": named.get(spell.post_id, "") if spell.post_id else "",
                "since": spell.began_at,
            }
            for spell in spells
        ],
        "mine": my_spell(request),
        "posts": accounts.posts_of(request.actor),
        "open_posts": organisations.posts(access.ranges(request.actor, "duty.record"), limit=_OFFERED) if here is None else [],
        "may_write": bool(access.ranges(request.actor, "messages.send")),
        "now": clock.now(),
    }
    return pages.show(request, "desk/duty/page.html", context)


@page("duty.record", methods=("POST",))
def duty_record(request: DeskRequest) -> HttpResponse:
    """Come on duty at a place, or go off; the command asks whether the reader may, there."""
    try:
        place_id = PlaceId(UUID(request.POST.get("place", "")))
    except ValueError:
        raise NotFound from None
    if request.POST.get("duty") == "off":
        request.saved.append(commands.sign_off(place_id, by=request.actor))
        notices.say(request, Notice(_("You are off duty.")))
    else:
        saved = commands.sign_on(place_id, by=request.actor)
        request.saved.append(saved)
        notices.say(
            request, Notice(_("You are on duty."), undo=reverse("desk:withdraw", args=[saved.record_id]), undo_words=_("Take back"))
        )
    return back(request, reverse("desk:duty"))
