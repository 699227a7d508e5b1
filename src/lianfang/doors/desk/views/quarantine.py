"""Records that wait for a decision: taken, or turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianfang.doors.desk import notices, pages
from lianfang.doors.desk.frame import DeskRequest, page
from lianfang.doors.desk.notices import Notice
from lianfang.doors.desk.parts.timeline import said_of
from lianfang.doors.desk.views.matters import tabs_of
from lianfang.doors.desk.whereabouts import places_named
from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.kernel.ids import RecordId
from lianfang.ledger import queries as ledger
from lianfang.ledger.intake import deciding

if TYPE_CHECKING:
    from typing import Any


@page("records.settle")
def quarantine(request: DeskRequest) -> HttpResponse:
    """Records from outside their author's grant, within what the reader settles (/desk/quarantine/)."""
    waiting = ledger.waiting(access.ranges(request.actor, "records.settle"))
    where = places_named({record.place for record in waiting})
    authors = accounts.names_of({record.author for record in waiting})
    rows: list[dict[str, Any]] = []
    for record in waiting:
        state, text = said_of(record.kind, record.payload)
        brings = _(", ").join(_brought(name) for name in record.brings)
        rows.append(
            {
                "id": record.id,
                "state": state,
                "text": text,
                "place_id": record.place,
                "where": where.get(record.place, ""),
                "author": authors.get(record.author, ""),
                "occurred_at": record.effective_at,
                "recorded_at": record.received_at,
                "why": _("outside what the author answers for") + (f" · {_('brings')} {brings}" if brings else ""),
            },
        )
    return pages.show(request, "desk/quarantine/list.html", {"waiting": rows, "tabs": tabs_of(request, "quarantine")})


def _brought(name: str) -> str:
    return {"door": _("a new door"), "person": _("a new person"), "remark": _("a remark")}.get(name, name)


@page("records.settle", methods=("POST",))
def decide(request: DeskRequest, record_id: UUID) -> HttpResponse:
    """Take a waiting record into the book, or turn it down; the command asks whether the reader may, at its place."""
    if request.POST.get("decision") == "take":
        deciding.release(RecordId(record_id), by=request.actor)
        notices.say(request, Notice(_("The record is taken and counts from now on.")))
    else:
        deciding.reject(RecordId(record_id), by=request.actor)
        notices.say(request, Notice(_("The record was not taken. Its sender is told so when it is sent again."), "warn"))
    return HttpResponseRedirect(reverse("desk:quarantine"))
