"""The bare address of the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lianfang.doors.desk.frame import public

if TYPE_CHECKING:
    from django.http import HttpRequest


@public("the bare address leads to the desk, which asks for sign-in", methods=("GET",))
def start(request: HttpRequest) -> HttpResponse:
    """To the first page."""
    del request
    return HttpResponseRedirect(reverse("desk:home"))
