"""Verbs of bulletins: publishing one, and withdrawing it."""

from __future__ import annotations

import math
from datetime import timedelta

from django.db import transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.places import queries as places
from lianfang.headquarters.bulletins import queries
from lianfang.headquarters.bulletins.composing import sources
from lianfang.headquarters.bulletins.definitions import Definition
from lianfang.headquarters.bulletins.models import Issue as Row
from lianfang.headquarters.bulletins.models import Withdrawal
from lianfang.headquarters.bulletins.revising import whole
from lianfang.headquarters.bulletins.types import (
    AlreadyPublished,
    AlreadyWithdrawn,
    Issue,
    IssueId,
    NoReason,
    NotYetCounted,
    PeriodAhead,
    Subject,
)
from lianfang.kernel import clock, db
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import new_id
from lianfang.ledger.queries import folded_until, wait_until_folded

LONGEST_REASON = 300
COUNTED_WITHIN = 5.0
"""Seconds that publishing waits for what was received before it to be counted."""

__all__ = ["publish", "withdraw"]


def publish(definition: Definition, subject: Subject, period: Period, *, by: Actor) -> Issue:
    """Compute and keep a bulletin. Raises NotFound or Denied by access, PeriodAhead, NotYetCounted, AlreadyPublished."""
    access.require(by, Ability.BULLETINS_PUBLISH, places.place(subject.place_id))
    if period.last > clock.today():
        raise PeriodAhead
    _wait_until_counted()
    with transaction.atomic():
        db.lock(f"bulletin {subject.id} {definition.key}")
        standing = queries.told(subject.id, definition.key, period.first, period.last)
        if standing is not None:
            raise AlreadyPublished(number=standing.number)
        content = whole(definition, subject, period)
        row = Row(
            id=new_id(), definition=definition.key, version=definition.version, subject=subject.id, place_id=subject.place_id,
            area_id=subject.area_id, lo=subject.here.lo, hi=subject.here.hi, number=queries.last_number(subject.id, definition.key) + 1,
            first=period.first, last=period.last, published_at=clock.now(), published_by=by.account_id,
            xact=int(content["cursor"]["xact"]), seq=content["cursor"]["seq"], content=content,
        )  # fmt: skip
        row.save(force_insert=True)
    return queries.issue(IssueId(row.id))


def _wait_until_counted() -> None:
    """What was received up to now is counted, or nothing is published: a number that leaves records out would stand for ever."""
    if not wait_until_folded(COUNTED_WITHIN, sources()):
        since = folded_until(sources())
        raise NotYetCounted(since=f"{clock.local(since):%m-%d %H:%M}", minutes=math.ceil((clock.now() - since) / timedelta(minutes=1)))


def withdraw(issue: Issue, reason: str, *, by: Actor) -> Issue:
    """Take a bulletin back: it stays as it was, marked withdrawn, with the reason. Raises NoReason, AlreadyWithdrawn, and by access."""
    access.require(by, Ability.BULLETINS_PUBLISH, places.place(issue.place_id))
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        db.lock(f"bulletin {issue.subject_id} {issue.definition}")
        if queries.issue(issue.id).withdrawn_at is not None:
            raise AlreadyWithdrawn
        gone = Withdrawal(
            issue_id=issue.id, lo=issue.here.lo, hi=issue.here.hi, withdrawn_at=clock.now(), withdrawn_by=by.account_id,
            reason=reason.strip()[:LONGEST_REASON],
        )  # fmt: skip
        gone.save(force_insert=True)
    return queries.issue(issue.id)
