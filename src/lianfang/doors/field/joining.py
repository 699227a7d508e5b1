"""How a phone gets in: by a link, by a code from another browser; and how a browser gives its login away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from msgspec import Struct

from lianfang.doors.field.frame import FieldRequest, answered, body_of, endpoint, public
from lianfang.doors.field.ground import roles_of
from lianfang.doors.field.shell import intake_origin
from lianfang.ground.accounts import access, commands
from lianfang.kernel import clock
from lianfang.kernel.delivering import KeyUnreadable, ParcelBroken, bytes_of, text_of
from lianfang.kernel.sealing import keyring

if TYPE_CHECKING:
    from lianfang.ground.accounts.access import Actor

LOCK_AFTER_DAYS = 8


class NewDevice(Struct):
    """The phone that joins: what it is called, and the raw point of its key."""

    name: str
    public_key: str


class Joining(Struct):
    """What joining takes: a link's token or a code, and the last four digits of the telephone number on file."""

    digits: str
    device: NewDevice
    token: str = ""
    code: str = ""


@public("a phone that joins has no credential yet; the link or code and the digits stand in for it")
def join(request: HttpRequest) -> HttpResponse:
    """Join (/field/api/join)."""
    said = body_of(request, Joining)
    try:
        key = bytes_of(said.device.public_key)
    except ParcelBroken:
        raise KeyUnreadable from None
    if said.code:
        joined = commands.take_over(said.code, said.digits, name=said.device.name, key=key)
    else:
        joined = commands.join_phone(said.token, said.digits, name=said.device.name, key=key)
    actor = access.actor_of_id(joined.account_id)
    told = {"device": joined.device_id, "credential": joined.token, **who(actor), **whereto(request)}
    return answered({**told, "now": clock.now(), "lock_after_days": LOCK_AFTER_DAYS})


def who(actor: Actor) -> dict[str, Any]:
    """The account and its offices, as a phone shows them."""
    return {"account": {"id": actor.account_id, "name": actor.name}, "roles": roles_of(actor)}


def whereto(request: HttpRequest) -> dict[str, Any]:
    """To which key records are sealed, and where they are delivered."""
    keys = keyring().field
    origin = intake_origin(request)
    own = f"{request.scheme}://{request.get_host()}"
    return {
        "server_key": text_of(keys.public),
        "server_key_id": keys.current,
        "intake": f"{own if origin == chr(39) + 'self' + chr(39) else origin}/intake/",
    }


@public("what a phone that is tried out needs to know: the server's time and where the intake is, of nobody", methods=("GET",))
def hello(request: HttpRequest) -> HttpResponse:
    """The server's time and the intake's address (/field/api/hello): the page that tests a phone asks for them."""
    return answered({"now": clock.now(), **whereto(request)})


@endpoint("POST")
def hand_over(request: FieldRequest) -> HttpResponse:
    """A code with which the real browser takes the login over (/field/api/handover)."""
    made = commands.hand_over(request.device.device_id)
    return answered({"code": made.code, "until": made.expires_at})
