"""Calls: opened, answered, widened to the neighbours when too few come, closed."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.kernel.ranges import Range
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake.books import open_books
from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import book_of
from lianfang.work.mobilisation import queries
from lianfang.work.mobilisation.models import Call, Summons
from lianfang.work.mobilisation.rules.forces import bits
from lianfang.work.mobilisation.types import Answer, CallClosed, CallNotFound, CallSeen, CallWrong, NewCall, NobodyToCall

LONGEST = 200
_PURPOSE, _BYTES = "mobilisation_summons.reply", 10

# Who is called: in order of coming to the pool, never twice for one call. One statement, however many.
_SUMMON = """
with chosen as (
    select f.id, f.person from mobilisation_force f
    where f.position >= %(lo)s and f.position < %(hi)s and f.valid_from <= %(day)s and (f.valid_to is null or f.valid_to > %(day)s)
      and f.able & %(able)s = %(able)s and (%(organisation)s::uuid is null or f.organisation = %(organisation)s::uuid)
      and (not %(listed)s or f.id = any(%(forces)s::uuid[]))
      and f.near_lo <= %(position)s and f.near_hi > %(position)s
      and not exists (select from mobilisation_summons s where s.call_id = %(call)s and s.force_id = f.id)
    order by f.id limit %(most)s
), called as (
    insert into mobilisation_summons (id, call_id, force_id, person, position, wave, answered_by)
    select uuidv7(), %(call)s, id, person, %(position)s, %(wave)s, '' from chosen returning id, force_id
), sent as (
    insert into mobilisation_dispatch (id, summons_id, position, channel, state, due_at, tries)
    select uuidv7(), called.id, %(position)s, way.channel, 'waiting', %(now)s, 0
    from called join mobilisation_force f on f.id = called.force_id cross join unnest(%(channels)s::text[]) way(channel)
    where way.channel = 'sms' or f.mail_sealed is not null
)
select count(*) from called
"""


def call_up(new: NewCall, *, by: Actor) -> CallSeen:
    """Call people to a place; messages are queued when this returns. Raises NotFound or Denied by access, CallWrong, NobodyToCall."""
    place = places.place(new.place)
    access.require(by, "orders.send", place)
    words = new.words.strip()
    if not 0 < len(words) <= LONGEST or new.wanted < 1 or new.wait_minutes < 1:
        raise CallWrong(words=LONGEST)
    now = clock.now()
    name = book_of(Retention.RESIDENT, new.incident, drill=new.test, at=now)
    call = Call(
        id=new_id(now), book=open_books([name])[name].id, place=place.id, position=place.lo, words=words, wanted=new.wanted,
        able=bits(new.able, full_member=False, of_age=False), organisation=new.organisation, test=new.test, wait_minutes=new.wait_minutes, called_by=by.account_id, called_at=now, wave_at=now,
    )  # fmt: skip
    with acting(by.account_id):
        call.save(force_insert=True)
        if not _summon(call, place.range, new.forces):
            raise NobodyToCall
    return queries.call(call.id)


def _summon(call: Call, where: Range, forces: tuple[UUID, ...] = (), most: int = 1_000_000) -> int:
    facts: dict[str, Any] = {
        "call": str(call.id), "lo": where.lo, "hi": where.hi, "day": clock.today(), "able": call.able, "listed": bool(forces),
        "organisation": str(call.organisation) if call.organisation else None, "forces": [str(one) for one in forces],
        "position": call.position, "most": most, "wave": call.wave, "now": clock.now(),
        "channels": ["sms", "email"] if settings.LIANFANG_EMAIL_HOST else ["sms"],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SUMMON, facts)
        return int(cursor.fetchone()[0])


def widen(call_id: UUID) -> int:
    """The next wave, when too few have promised in time: to the neighbours, one step up the tree, twice as many as are missing."""
    call = Call.objects.select_for_update().get(pk=call_id)
    told = queries.call(call_id)
    if (
        call.closed_at
        or call.enough_at
        or told.promised >= call.wanted
        or clock.now() < call.wave_at + timedelta(minutes=call.wait_minutes)
    ):
        return 0
    return _next_wave(call, told)


@transaction.atomic
def call_neighbours(call_id: UUID, *, by: Actor) -> int:
    """The next wave now, without waiting: how many more were called. Raises CallNotFound, Denied, CallClosed."""
    told = queries.call(call_id)
    access.require(by, "orders.send", places.place(told.place_id))
    if told.closed_at:
        raise CallClosed
    call = Call.objects.select_for_update().get(pk=call_id)
    if told.promised >= told.wanted:
        return 0
    with access.scoped(access.local_administrator()):  # whom it reaches lies outside the caller's own place, and is not shown to them
        return _next_wave(call, told)


def _next_wave(call: Call, told: CallSeen) -> int:
    """One step up the tree, and on to the next at once where a step has nobody left; at the top those not called yet, wave after wave."""
    up = [*reversed(places.ancestors(places.place(PlaceId(call.place))))]
    called, call.wave_at = 0, clock.now()
    for step in range(min(call.wave - 1, len(up) - 1), len(up)):
        call.wave = step + 2
        called = _summon(call, up[step].range, most=2 * (call.wanted - told.promised))
        if called:
            break
    call.save(update_fields=["wave", "wave_at"])
    return called


def answer_for(summons_id: UUID, answer: Answer, *, by: Actor, channel: str = "phone") -> CallSeen:
    """Type what somebody answered by telephone or on paper. Raises CallNotFound, Denied, CallClosed."""
    row = Summons.objects.select_related("call").filter(pk=summons_id).first()
    if row is None:
        raise CallNotFound
    access.require(by, "duty.record", places.place(PlaceId(row.call.place)))
    return _answered(row, answer, channel)


def answer_by_link(token: str, answer: Answer) -> CallSeen:
    """What the person answers who holds the link; inside the scope of the call."""
    return _answered(summons_of(token), answer, "link")


@transaction.atomic
def _answered(row: Summons, answer: Answer, channel: str) -> CallSeen:
    call = Call.objects.select_for_update().get(pk=row.call_id)
    if call.closed_at:
        raise CallClosed
    now = clock.now()
    Summons.objects.filter(pk=row.pk).update(answer=answer.value, answered_at=now, answered_by=channel)
    here = Summons.objects.filter(call=call, answer=Answer.HERE).count()
    if here >= call.wanted:
        Call.objects.filter(pk=call.pk, enough_at=None).update(enough_at=now)
    return queries.call(call.id)


def close_call(call_id: UUID, *, by: Actor) -> CallSeen:
    """End a call: nothing more goes out, nothing more is answered."""
    told = queries.call(call_id)
    access.require(by, "orders.send", places.place(told.place_id))
    Call.objects.filter(pk=call_id, closed_at=None).update(closed_at=clock.now())
    return queries.call(call_id)


def token_of(summons_id: UUID) -> str:
    """The end of the reply link: the id and a part of its keyed fingerprint. It is stored nowhere."""
    mark = keyring().blind(str(summons_id), _PURPOSE)[:_BYTES]
    return urlsafe_b64encode(summons_id.bytes + mark).decode().rstrip("=")


def summons_id_of(token: str) -> UUID:
    """The summons that a link is for. Raises CallNotFound where the link was not made here."""
    try:
        content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        found = UUID(bytes=content[:16])
    except (ValueError, Error):
        raise CallNotFound from None
    if not hmac.compare_digest(content[16:], keyring().blind(str(found), _PURPOSE)[:_BYTES]):
        raise CallNotFound
    return found


def summons_of(token: str) -> Summons:
    """The row of a link, within the scope. Raises CallNotFound, also when the person has left the pool."""
    row = Summons.objects.select_related("call").filter(pk=summons_id_of(token)).first()
    if row is None:
        raise CallNotFound
    return row
