"""The entry of administration: to the first tab the reader may see."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from lianfang.doors.desk.frame import SIGNED_IN, DeskRequest, page
from lianfang.doors.desk.navigation import administration_tabs
from lianfang.kernel.errors import Denied


@page(SIGNED_IN)
def administration(request: DeskRequest) -> HttpResponse:
    """Accounts for those who administer them, the log of looks for those who watch over it."""
    tabs = administration_tabs(request.actor, request.path)
    if not tabs:
        raise Denied
    return HttpResponseRedirect(tabs[0].href)
