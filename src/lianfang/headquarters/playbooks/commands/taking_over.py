"""Take-over (接管): while a body is out of action another does everything it did, for a time, and then gives it back.

What goes along: what the body sponsors, its posts and teams, the offices that its people hold in the chain of responsibility, and the
matters they have open. What is asked of a place (orders, rounds, calls) goes with the offices by itself.
"""

from __future__ import annotations

import logging
from uuid import UUID

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as offices
from lianfang.ground.accounts.access import Actor
from lianfang.ground.accounts.rules.roles import Ability
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations import queries as bodies
from lianfang.ground.organisations.types import OrganisationSeen
from lianfang.ground.places import queries as places
from lianfang.headquarters.playbooks.models import StandIn
from lianfang.headquarters.playbooks.queries.standing_in import offices_at
from lianfang.headquarters.playbooks.takeover_types import DeputyAmongThem, DeputyMissing, OfficeOffered, TakenOver, TakingOver, UntilWrong
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.errors import Denied, Refused
from lianfang.kernel.ids import AccountId, GrantId, MatterId, OrganisationId, RecordId, derived_id, new_id
from lianfang.ledger import queries as ledger
from lianfang.ledger.kinds.errands import Settlement
from lianfang.work.matters import commands as matters
from lianfang.work.matters import queries as open_matters
from lianfang.work.matters.offices import owner_at
from lianfang.work.matters.types import MatterNotFound, MatterSeen

_log = logging.getLogger("lianfang.takeovers")
AT_ONCE = 200
"""Matters handed over in one transaction; the process of jobs does the rest."""


def take_over(asked: TakingOver, *, by: Actor) -> TakenOver:
    """Let another body do what one did, from now on.

    Whoever decides may change both bodies, and give the offices that are handed over. Raises NotFound or Denied by access, TakenOverAlready,
    OrganisationNotFound, OrganisationEnded, DeputyMissing, DeputyAmongThem, UntilWrong, and what revoking and giving an office raise.
    """
    body = _mine(asked.out_of_action, by)
    _mine(asked.taken_by, by)
    if asked.until is not None and asked.until <= clock.today():
        raise UntilWrong
    held = {one.holder.grant_id: one.holder.account_id for one in _offered(body)}
    if asked.offices and asked.deputy is None:
        raise DeputyMissing
    if asked.deputy in {held.get(one) for one in asked.offices}:
        raise DeputyAmongThem
    with acting(by.account_id, asked.document.strip()):
        takeover_id, moved = organisations.take_over(
            asked.out_of_action, asked.taken_by, asked.document, by=by.account_id, until=asked.until
        )
        for grant_id in dict.fromkeys(asked.offices):
            if asked.deputy is not None and grant_id in held:  # one that has ended since the form was shown is nobody's any more
                _hand(takeover_id, grant_id, held[grant_id], asked.deputy, by=by, reason=asked.document.strip())
        handed = _hand_matters(takeover_id, by=by)
    return TakenOver(takeover_id, moved, StandIn.objects.filter(takeover=takeover_id).count(), handed)


def give_back(takeover_id: UUID, *, by: Actor) -> TakenOver:
    """The body takes everything back now that still holds, and the matters that are still open. Raises TakeoverNotFound, NotFound or Denied."""
    told = bodies.takeover(takeover_id)
    for body in (told.out_of_action_id, told.taken_by_id):
        _mine(body, by)
    with acting(by.account_id, told.document):
        rows = list(StandIn.objects.select_for_update().filter(takeover=takeover_id, ended_at=None).order_by("begun_at", "id"))
        waiting = [(row, one) for row in rows for one in _held_for(row)]
        moved = organisations.give_back(takeover_id, by=by.account_id)
        again = {row.pk for row in rows if _office_back(row, told.document, by=by)}
        StandIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
        theirs = {one.id: (row, one) for row, one in waiting}.values()
        done = sum(_matter_back(row, one, by=by, again=row.pk in again) for row, one in theirs)
    return TakenOver(takeover_id, moved, len(rows), done)


def look_after_takeovers() -> int:
    """Give back what is due today, and hand over matters that were left or came in for those out of action. For the process of jobs."""
    local = access.local_administrator()
    with access.scoped(local):
        due = bodies.takeovers_due()
        lasting = list(StandIn.objects.filter(ended_at=None).values_list("takeover", flat=True).distinct())
    done = 0
    for takeover_id in (*due, *(set(lasting) - set(due))):
        try:
            with access.scoped(local):
                done += _given_back(takeover_id, by=local) if takeover_id in due else _hand_matters(takeover_id, by=local)
        except Refused as refused:  # it stays as it was, and is tried again; the others go on
            _log.warning("take-over %s: %s", takeover_id, refused.code)
    return done


def _given_back(takeover_id: UUID, *, by: Actor) -> int:
    give_back(takeover_id, by=by)
    return 1


def _mine(organisation_id: OrganisationId, by: Actor) -> OrganisationSeen:
    """A body, unless the actor may not change organisations where it has its seat."""
    body = bodies.organisation(organisation_id)
    if body.place_id is not None:
        access.require(by, Ability.ORGANISATIONS_EDIT, places.place(body.place_id))
    elif not by.local:
        raise Denied
    return body


def _offered(body: OrganisationSeen) -> list[OfficeOffered]:
    return [] if body.place_id is None else offices_at(places.place(body.place_id))


def _hand(takeover_id: UUID, grant_id: GrantId, account: AccountId, deputy: AccountId, *, by: Actor, reason: str) -> None:
    now = accounts.hand_office(grant_id, deputy, by=by, reason=reason)
    StandIn.objects.create(
        id=new_id(), takeover=takeover_id, grant_before=grant_id, account_before=account, grant_now=now, account_now=deputy,
        begun_at=clock.now(),
    )  # fmt: skip


def _hand_matters(takeover_id: UUID, *, by: Actor) -> int:
    """What those out of action have open there goes to whoever stands in, due as it was."""
    done = 0
    for row in StandIn.objects.select_for_update().filter(takeover=takeover_id, ended_at=None).order_by("begun_at", "id"):
        for one in _there(row, AccountId(row.account_before))[: AT_ONCE - done]:
            done += _handed(one, AccountId(row.account_now), by=by)
    return done


def _there(row: StandIn, owner: AccountId) -> list[MatterSeen]:
    """Open matters of somebody inside what the office covers."""
    pieces = access.scope_ranges(offices.scope_of_grant(GrantId(row.grant_before)), reading=False)
    return [one for one in open_matters.matters_of(owner, limit=10 * AT_ONCE) if any(piece.has(one.position) for piece in pieces)]


def _held_for(row: StandIn) -> list[MatterSeen]:
    """What the deputy has open that was handed over with the office, or came in since."""
    return [one for one in _there(row, AccountId(row.account_now)) if one.raised_at >= row.begun_at]


def _office_back(row: StandIn, document: str, *, by: Actor) -> bool:
    """Whether whoever held the office holds it again by this."""
    now = None if row.grant_now is None else GrantId(row.grant_now)
    return accounts.give_office_back(GrantId(row.grant_before), now, by=by, reason=document) is not None


def _matter_back(row: StandIn, one: MatterSeen, *, by: Actor, again: bool) -> int:
    """To whoever had it or holds the office again (`again`), else to whoever holds it now."""
    to = AccountId(row.account_before) if again or _had_it(one, row) else owner_at(one.place_id)
    return 0 if to is None or to == row.account_now else _handed(one, to, by=by)


def _had_it(one: MatterSeen, row: StandIn) -> bool:
    """Whether it was handed over with the office."""
    if one.cause is None:
        return False
    try:
        cause = open_matters.matter(MatterId(one.cause))
    except MatterNotFound:
        return False
    return cause.settlement is Settlement.HANDED_OVER and cause.owner == row.account_before


def _handed(one: MatterSeen, to: AccountId, *, by: Actor) -> int:
    """Hand one over, once: where figures lag behind, it looks open for a while after."""
    handed = RecordId(derived_id(one.id, "taken over"))
    if ledger.standing(handed) is not None:
        return 0
    matters.hand_over(one.id, to, one.due_at, by=by, record_id=handed)
    return 1
