"""Duty that was recorded wrongly is mended by corrections: what was said first stays in the book."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.access import Actor
from lianfang.ground.organisations import queries as organisations
from lianfang.ground.organisations.force_types import PostNotFound
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.ids import AccountId, PersonId, PlaceId
from lianfang.ledger.append import Beside, append
from lianfang.ledger.commands import correct
from lianfang.ledger.kinds.attendance import Duty, Presence
from lianfang.ledger.kinds.corrections import Ground
from lianfang.ledger.kinds.form import Channel
from lianfang.ledger.queries import standing
from lianfang.ledger.types import Saved
from lianfang.work.mobilisation.types import Spell, TimesWrong


@transaction.atomic
def correct_spell(spell: Spell, begins: datetime, ends: datetime | None, *, by: Actor) -> list[Saved]:
    """Say when somebody really came and went. One that ended by coming on elsewhere, or not yet, is given an end of its own.

    Raises TimesWrong, Denied, and what intake refuses for.
    """
    if begins > clock.now() or (ends is not None and not begins < ends <= clock.now()):
        raise TimesWrong
    saved = [correct(spell.record_id, by=by, reason=Ground.WRONG_TIME, at=begins)] if begins != spell.began_at else []
    if ends is None or ends == spell.ended_at:
        return saved
    last = standing(spell.ended_by) if spell.ended_by else None
    if last is not None and last.payload["duty"] == Duty.OFF:
        return [*saved, correct(last.id, by=by, reason=Ground.WRONG_TIME, at=ends)]
    root = standing(spell.record_id)
    off = Presence(duty=Duty.OFF, post=spell.post_id)
    beside: Beside = {
        "occurred_at": ends,
        "channel": Channel.PAPER,
        "incident": root.incident if root else None,
        **_whose(spell.account_id),
    }
    return [*saved, append(off, place=spell.place_id, by=by, **beside)]


@transaction.atomic
def duty_from_paper(
    person: PersonId,
    place: PlaceId,
    begins: datetime,
    ends: datetime,
    *,
    by: Actor,
    post: UUID | None = None,
) -> list[Saved]:
    """Type in that somebody was on duty, as the paper says that they signed; also for whoever has no account.

    Raises NotFound or Denied by access, PostNotFound, TimesWrong.
    """
    access.require(by, "duty.record", places.place(place))
    if post is not None and organisations.post(post).place_id != place:
        raise PostNotFound
    if not begins < ends <= clock.now():
        raise TimesWrong
    account = accounts.accounts_of_persons([person]).get(person)
    beside: Beside = {"channel": Channel.PAPER, **_whose(account or AccountId(person))}
    return [
        append(Presence(duty=duty, post=post), place=place, by=by, **beside | {"occurred_at": at})
        for duty, at in ((Duty.ON, begins), (Duty.OFF, ends))
    ]


def _whose(who: AccountId) -> Beside:
    """Whose duty it was: an account that acted, or the person whom the record is about."""
    return {"actor": who} if accounts.known([who]) else {"subject": who}
