"""Who can be sent, what places need, and who is sent where."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lianfang.work.mobilisation.types import Came, NeedKind, WishKind

PURPOSES = {"mail_sealed": "mobilisation_force.mail"}
"""What each sealed column is bound to (kernel.sealing)."""


class Period(Func):
    """The days [valid_from, valid_to) of a row."""

    function = "daterange"
    output_field = DateRangeField()


_IN_ORDER = Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))


class Force(models.Model):
    """Somebody who can be sent (可调配力量), from day to day: a member who reported at home, a cadre released, a volunteer.

    `position` is their home's. `able` are bits (rules.forces). `near_lo`, `near_hi`: they go only there. A volunteer's row is deleted
    when they withdraw; a `Withdrawal` says that it happened. Whoever came for an incident goes with its `book`.
    """

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    came = models.TextField(choices=[(came.value, came.value) for came in Came])
    book = models.IntegerField(null=True)
    place = models.UUIDField()
    position = models.BigIntegerField()
    organisation = models.UUIDField(null=True)
    able = models.BigIntegerField()
    near_lo = models.BigIntegerField(default=0)
    near_hi = models.BigIntegerField(default=2**63 - 1)
    channel = models.TextField()
    consent_at = models.DateTimeField(null=True)
    own_person = models.BooleanField(default=False)
    mail_sealed = models.BinaryField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "mobilisation_force"
        constraints = (
            models.CheckConstraint(condition=_IN_ORDER, name="force_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(came=Came.VOLUNTEER) | Q(consent_at__isnull=False), name="volunteers_consent"),
            ExclusionConstraint(
                name="force_once_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
            ),
        )
        indexes = (
            models.Index(fields=("position",), name="force_position"),
            models.Index(fields=("person",), name="force_person"),
            models.Index(fields=("book",), name="force_book"),
        )


class Withdrawal(models.Model):
    """That somebody withdrew, and when; not who."""

    id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField()
    withdrawn_at = models.DateTimeField()
    channel = models.TextField()

    class Meta:
        db_table = "mobilisation_withdrawal"


class Need(models.Model):
    """What a place needs (需求): so many people, with all that is required. `subject` is the post or area it is for, `grouped` its place's needs.

    `risky`: being of age is required, and that cannot be taken away. `drill`: asked for in practice only.
    """

    id = models.UUIDField(primary_key=True)
    grouped = models.UUIDField()
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in NeedKind])
    place = models.UUIDField()
    position = models.BigIntegerField()
    floor = models.IntegerField()
    cap = models.IntegerField()
    require = models.BigIntegerField(default=0)
    risky = models.BooleanField(default=False)
    subject = models.UUIDField(null=True)
    incident = models.UUIDField(null=True)
    drill = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "mobilisation_need"
        constraints = (
            models.CheckConstraint(condition=_IN_ORDER, name="need_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(floor__gte=0) & Q(cap__gte=F("floor")) & Q(cap__gt=0), name="need_floor_and_cap"),
        )
        indexes = (
            models.Index(fields=("position",), name="need_position"),
            models.Index(fields=("grouped",), name="need_grouped"),
            models.Index(fields=("incident",), name="need_incident"),
        )


class Wish(models.Model):
    """What a person decided by hand: this one here (pinned), or this one not there (kept away)."""

    id = models.UUIDField(primary_key=True)
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in WishKind])
    position = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        db_table = "mobilisation_wish"
        constraints = (
            models.UniqueConstraint(fields=("force",), condition=Q(kind=WishKind.PINNED), name="pinned_once"),
            models.UniqueConstraint(fields=("force", "need", "kind"), name="wish_once"),
        )


class Assignment(models.Model):
    """Somebody sent somewhere from day to day (分派). It outlives the row in the pool: it is what was served."""

    id = models.UUIDField(primary_key=True)
    force = models.UUIDField()
    person = models.UUIDField()
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    draft = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "mobilisation_assignment"
        constraints = (
            models.CheckConstraint(condition=_IN_ORDER, name="assignment_ends_after_it_begins"),
            ExclusionConstraint(
                name="sent_to_one_place_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
            ),
        )
        indexes = (
            models.Index(fields=("position",), name="assignment_position"),
            models.Index(fields=("force",), name="assignment_force"),
        )
