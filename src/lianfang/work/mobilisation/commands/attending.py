"""Duty that was recorded wrongly is mended by corrections: what was said first stays in the book."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lianfang.ground.accounts.access import Actor
from lianfang.kernel import clock
from lianfang.ledger.append import append
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
    incident = root.incident if root else None
    return [
        *saved,
        append(off, place=spell.place_id, by=by, actor=spell.account_id, occurred_at=ends, channel=Channel.PAPER, incident=incident),
    ]
