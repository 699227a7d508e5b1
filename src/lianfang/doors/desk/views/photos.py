"""A photo that came with a record: shown in one answer only, with a reason, and noted before the answer leaves."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lianfang.doors.desk import pages, words
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.views.correcting import Root, recorded
from lianfang.doors.desk.views.myself import own_id
from lianfang.doors.desk.whereabouts import crumbs, door_title
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.places import queries as places
from lianfang.ledger import looking

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lianfang.ground.places.models import Place


@page("people.reveal", place=Of("record_id", recorded), methods=("POST",))
def photo(request: DeskRequest, record: Root, place: Place, question: str) -> HttpResponse:
    """One photo, with all who have seen it."""
    reason = request.POST.get("words", "").strip() or request.POST.get("reason", "")
    picture = looking.look(record.record, question, reason, by=own_id(request))
    looks = looking.looks_at(record.record.id, question)
    names = accounts.names_of({one.account_id for one in looks})
    context = {
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "door": door_title(places.ancestors(place), place),
        "title": _(looking.photos_of(record.record.payload)[question].english),
        "at": record.record.effective_at,
        "picture": b64encode(picture).decode(),
        "looks": [{"at": one.at, "who": names.get(one.account_id, ""), "reason": words.word(words.REASONS, one.reason)} for one in looks],
    }
    return pages.show(request, "desk/door/photo.html", context)
