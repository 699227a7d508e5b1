"""What a phone asks while it stands by: whether it was cut off, whether its bundle is still true; and saying that it was wiped."""

from __future__ import annotations

from django.http import HttpResponse

from lianfang.doors.field.frame import FieldRequest, answered, endpoint
from lianfang.doors.field.joining import whereto
from lianfang.doors.field.lines import lines_of
from lianfang.doors.field.reach import reach_of
from lianfang.ground.accounts import commands
from lianfang.kernel import clock
from lianfang.kernel.errors import Invalid


class NotCutOff(Invalid):
    """This phone was not cut off."""


@endpoint("GET", cut_off_too=True)
def poll(request: FieldRequest) -> HttpResponse:
    """Whether anything changed (/field/api/poll). A phone that was cut off learns that and nothing else."""
    if request.device.cut:
        return answered({"now": clock.now(), "cut": request.device.cut, **whereto(request)})
    reach = reach_of(request.actor)
    lines = sum(line["state"] == "open" for line in lines_of(reach))
    unread = sum(message.read_at is None for message in reach.messages)
    waiting = {"lines": lines, "matters": len(reach.matters), "messages": unread}
    return answered({"now": clock.now(), "cut": None, "stamp": reach.stamp, **whereto(request), **waiting})


@endpoint("POST", cut_off_too=True)
def wiped(request: FieldRequest) -> HttpResponse:
    """Nothing is left on this phone (/field/api/wiped)."""
    if not request.device.cut:
        raise NotCutOff
    commands.wiped(request.device.device_id)
    return answered({"now": clock.now()})
