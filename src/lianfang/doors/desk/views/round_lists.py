"""Lists of a round's open doors: out as a workbook and on paper, and filled in and typed back as paper records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianfang.doors.desk import pages
from lianfang.doors.desk.forms.rounds import FilledListForm
from lianfang.doors.desk.frame import DeskRequest, Of, page
from lianfang.doors.desk.saying import fault_of, said
from lianfang.doors.desk.views.rounds import Held, held, inside_asked, reason_asked
from lianfang.doors.desk.whereabouts import crumbs
from lianfang.doors.desk.workbooks import XLSX
from lianfang.kernel.errors import Refused
from lianfang.work.rounds import lists

if TYPE_CHECKING:
    from lianfang.ground.places.models import Place

_MEDIA = {"xlsx": XLSX, "pdf": "application/pdf"}
_SHOWN = 200
_VERDICTS = {
    "added": gettext_lazy("recorded"),
    "unchanged": gettext_lazy("recorded before, no change"),
    "waiting": gettext_lazy("waiting for a decision"),
    "refused": gettext_lazy("not understood, not recorded"),
    "empty": gettext_lazy("left empty"),
}


@page("figures.see", place=Of("campaign_id", held))
def round_list(request: DeskRequest, campaign: Held, place: Place, form: str = "xlsx") -> HttpResponse:
    """The missing doors as one walks, with empty boxes for what is found: to be filled in and brought back."""
    del place  # asked about by the frame
    _place, inside = inside_asked(request, campaign.ranges)
    return _file(lists.blank(campaign.told, inside, reason=reason_asked(request), form=form), f"missing-{campaign.told.id}.{form}")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=_MEDIA[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("records.write", place=Of("campaign_id", held), methods=("GET", "POST"))
def round_back(request: DeskRequest, campaign: Held, place: Place) -> HttpResponse:
    """A filled list comes back: each row with an outcome becomes a paper record, and is told what became of it."""
    campaign.told.must_count()
    form = FilledListForm(request.POST or None, request.FILES or None)
    found = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["file"]
        content = told.read()
        try:
            found = lists.take_back(campaign.told, content, told.name, by=request.actor)
        except Refused as refused:
            fault_of(form, refused, ((Refused, "file"),))
        else:
            if "fetch" in request.POST:
                return _file(lists.answered(content, found, said), f"verdicts-{campaign.told.id}.xlsx")
    context = {
        "round": campaign.told,
        "place": place,
        "crumbs": crumbs(request.actor, place),
        "form": form,
        "found": found and _told(found),
    }
    return pages.show(request, "desk/rounds/back.html", context)


def _told(found: lists.TakenBack) -> dict[str, Any]:
    """How many rows became what, and those that somebody must look at."""
    open_rows = [row for row in found.rows if row.verdict in {"waiting", "refused"}]
    return {
        "counts": [(_VERDICTS[word], count) for word, count in found.counts.items() if count],
        "rows": [
            {
                "where": row.sheet,
                "number": row.row,
                "verdict": _VERDICTS[row.verdict],
                "why": said(row.why) if row.why else _("outside what the writer answers for"),
            }
            for row in open_rows[:_SHOWN]
        ],
        "more": max(0, len(open_rows) - _SHOWN),
    }
