"""Verbs of the pool: registering and withdrawing people, saying what places need, and deciding by hand."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from lianfang.ground.accounts import access
from lianfang.ground.accounts.access import Actor
from lianfang.ground.people import commands as people
from lianfang.ground.people import queries as person_queries
from lianfang.ground.people.types import Added, AgeGroup, NewPerson, SamePaper
from lianfang.ground.places import queries as places
from lianfang.kernel import clock
from lianfang.kernel.db import acting
from lianfang.kernel.ids import PersonId, PlaceId, new_id
from lianfang.kernel.sealing import keyring
from lianfang.ledger.intake.books import open_books
from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import book_of
from lianfang.work.mobilisation import queries
from lianfang.work.mobilisation.commands.erasing import forget
from lianfang.work.mobilisation.models import Assignment, Force, Need, Wish, Withdrawal
from lianfang.work.mobilisation.models.forces import PURPOSES
from lianfang.work.mobilisation.rules.forces import OF_AGE, bits, lacking
from lianfang.work.mobilisation.types import (
    Came,
    ConsentMissing,
    DoesNotFit,
    FloorAndCap,
    ForceNotFound,
    ForceSeen,
    GoesElsewhere,
    InThePool,
    KeptAway,
    MailUnreadable,
    NeedNotFound,
    NeedSeen,
    NewForce,
    NewNeed,
    NotOfAge,
    PlaceFull,
    WishKind,
)

_GROWN = {AgeGroup.ADULT, AgeGroup.ELDER, AgeGroup.AGED}


def register(new: NewForce, *, by: Actor) -> ForceSeen:
    """Put somebody on the list of those who can be sent. Raises NotFound or Denied by access, ConsentMissing, InThePool, PersonNotFound, PersonInvalid.

    Whether they are of age is read from the person's own data now; who is not, or of whom it is not known, goes to no place with a risk.
    """
    access.require(by, "people.edit", places.place(new.home))
    return _put(new, by=by)


def offer_oneself(new: NewForce) -> ForceSeen:
    """Somebody who has shown the code of their own door puts themselves on the list; inside the scope of the door.

    Raises ConsentMissing, InThePool, PersonNotFound, MailUnreadable.
    """
    return _put(replace(new, came=Came.VOLUNTEER, channel="resident"), by=Actor(None, "", ""))


def take_oneself_off(person_id: PersonId) -> None:
    """The same person takes themselves off again; what is kept is that somebody did. Raises ForceNotFound."""
    row = Force.objects.filter(queries.on(clock.today()), person=person_id, came=Came.VOLUNTEER).first()
    if row is None:
        raise ForceNotFound
    with acting(None):
        _end(row, "resident")


def _put(new: NewForce, *, by: Actor) -> ForceSeen:
    home = places.place(new.home)
    if new.came is Came.VOLUNTEER and not new.consents:
        raise ConsentMissing
    now = clock.now()
    name = book_of(Retention.RESIDENT, new.incident, drill=False, at=now)
    row = Force(
        id=new_id(now), came=new.came.value, book=open_books([name])[name].id, place=home.id, position=home.lo, organisation=new.organisation, channel=new.channel, consent_at=now if new.consents else None,
        valid_from=new.valid_from or clock.today(), valid_to=new.valid_to, mail_sealed=_mail(new.mail),
    )  # fmt: skip
    if new.only_in:
        row.near_lo, row.near_hi = places.place(new.only_in).range
    with acting(by.account_id):
        row.person, row.own_person = _person(new.person, by)
        row.able = bits(new.able, full_member=new.full_member, of_age=False)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as refused:
            if "force_once_at_a_time" in str(refused):
                raise InThePool from None
            raise
        if person_queries.person(PersonId(row.person)).age_group in _GROWN:
            row.able |= OF_AGE
            row.save(update_fields=["able"])
    return queries.force(row.id)


def _mail(text: str) -> bytes | None:
    if not text.strip():
        return None
    try:
        validate_email(text.strip())
    except ValidationError:
        raise MailUnreadable from None
    return keyring().seal(text.strip(), PURPOSES["mail_sealed"])


def _person(person: PersonId | NewPerson, by: Actor) -> tuple[PersonId, bool]:
    """The person, and whether they are known here by the pool alone: somebody with the same paper, or phone and name, is not made again.

    Somebody known must be seen before they are in the pool, for being in it shows them. Raises PersonNotFound.
    """
    if not isinstance(person, NewPerson):
        return person_queries.person(person).person_id, False
    try:
        with transaction.atomic():
            _alone(people.add_person(person, by=by.account_id))
    except SamePaper as known:
        return PersonId(known.facts["person_id"]), False
    return person.id, True


def _alone(added: Added) -> None:
    if added.alike:
        raise SamePaper(person_id=added.alike[0].person_id)


def withdraw(force_id: UUID, *, by: Actor, channel: str = "desk") -> None:
    """Take somebody off the list: the row goes, what they are sent to ends today, and only that it happened is kept."""
    row = _force(force_id)
    access.require(by, "people.edit", places.place(PlaceId(row.place)))
    with acting(by.account_id):
        _end(row, channel)


def _end(row: Force, channel: str) -> None:
    today = clock.today()
    Assignment.objects.filter(force=row.id, valid_to=None).update(valid_to=today)
    Withdrawal.objects.create(id=new_id(), position=row.position, withdrawn_at=clock.now(), channel=channel)
    if row.own_person:  # known here by the pool alone, and seen through its row, which therefore goes last
        forget(PersonId(row.person), "consent withdrawn")
    row.delete()


def release(force_id: UUID, *, by: Actor) -> None:
    """Let somebody go who was sent by an organisation: from today they are no longer in the pool. The row stays, dated."""
    row = _force(force_id)
    access.require(by, "people.edit", places.place(PlaceId(row.place)))
    with acting(by.account_id):
        Force.objects.filter(pk=row.pk).update(valid_to=clock.today())
        Assignment.objects.filter(force=row.id, valid_to=None).update(valid_to=clock.today())


def ask_for(new: NewNeed, *, by: Actor) -> list[NeedSeen]:
    """Say what a place needs; of a Party team two needs: its full member, and the rest. Raises NotFound or Denied by access, FloorAndCap."""
    place = places.place(new.place)
    access.require(by, "orders.send", place)
    if new.floor < 0 or new.cap < max(new.floor, 1):
        raise FloorAndCap
    group, risky = new_id(), new.risky
    led = 1 if new.led_by_member else 0
    common = bits(new.require, full_member=False, of_age=risky)
    wanted = [(max(new.floor - led, 0), new.cap - led, common)]
    if led:
        wanted.insert(0, (1, 1, bits((), full_member=True, of_age=risky)))
    rows = [
        Need(
            id=new_id(), grouped=group, name=new.name.strip(), kind=new.kind.value, place=place.id, position=place.lo, floor=floor, cap=cap,
            require=require, risky=risky, subject=new.subject, incident=new.incident, drill=new.drill, valid_from=clock.today(),
        )
        for floor, cap, require in wanted
        if cap
    ]  # fmt: skip
    with acting(by.account_id):
        Need.objects.bulk_create(rows)
    return [queries.need(row.id) for row in rows]


def end_need(need_id: UUID, *, by: Actor) -> None:
    """A place needs nobody any more, from today: who was sent there is free."""
    row = _need(need_id)
    access.require(by, "orders.send", places.place(PlaceId(row.place)))
    with acting(by.account_id):
        group = Need.objects.filter(grouped=row.grouped, valid_to=None)
        Assignment.objects.filter(need__in=list(group), valid_to=None).update(valid_to=clock.today())
        group.update(valid_to=clock.today())


def pin(force_id: UUID, need_id: UUID, *, by: Actor, reason: str = "") -> None:
    """Decide by hand that somebody goes there: every draft keeps to it. Raises DoesNotFit, NotOfAge, GoesElsewhere, KeptAway, PlaceFull."""
    force, need = _force(force_id), _need(need_id)
    access.require(by, "orders.send", places.place(PlaceId(need.place)))
    check(force, need)
    with acting(by.account_id, reason):
        Wish.objects.filter(force=force, kind=WishKind.PINNED).delete()
        taken = Wish.objects.select_for_update().filter(need=need, kind=WishKind.PINNED)
        if len(taken) >= need.cap:
            raise PlaceFull
        Wish.objects.create(id=new_id(), force=force, need=need, kind=WishKind.PINNED, position=need.position, reason=reason)


def check(force: Force, need: Need) -> None:
    """The hard rules of one pair, the same that the solver keeps."""
    missing = lacking(need.require, force.able)
    if missing & OF_AGE or (need.risky and not force.able & OF_AGE):
        raise NotOfAge
    if missing:
        raise DoesNotFit
    if not force.near_lo <= need.position < force.near_hi:
        raise GoesElsewhere
    if Wish.objects.filter(force=force, need__grouped=need.grouped, kind=WishKind.KEPT_AWAY).exists():
        raise KeptAway


def keep_away(force_id: UUID, need_id: UUID, *, by: Actor, reason: str = "") -> None:
    """Decide by hand that somebody does not go there, whatever is needed there."""
    force, need = _force(force_id), _need(need_id)
    access.require(by, "orders.send", places.place(PlaceId(need.place)))
    with acting(by.account_id, reason):
        Wish.objects.filter(force=force, need__grouped=need.grouped).delete()
        Wish.objects.create(id=new_id(), force=force, need=need, kind=WishKind.KEPT_AWAY, position=need.position, reason=reason)


def leave_open(force_id: UUID, need_id: UUID, *, by: Actor) -> None:
    """Take back what was decided by hand."""
    force, need = _force(force_id), _need(need_id)
    access.require(by, "orders.send", places.place(PlaceId(need.place)))
    with acting(by.account_id):
        Wish.objects.filter(force=force, need__grouped=need.grouped).delete()


def _force(force_id: UUID) -> Force:
    row = Force.objects.filter(pk=force_id).first()
    if row is None:
        raise ForceNotFound
    return row


def _need(need_id: UUID) -> Need:
    row = Need.objects.filter(pk=need_id).first()
    if row is None:
        raise NeedNotFound
    return row
