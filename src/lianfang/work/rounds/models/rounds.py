"""Rounds as master data, and what is folded of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Round(models.Model):
    """One round (一轮排查): every door of an area with one form, from its opening to its deadline.

    `series` binds the repeats of one order together, `number` counts them. `home` is the division or building it is run from.
    `stream` keeps a drill's rounds apart. `ends_at` is the deadline, or earlier if it was closed by hand; `first_closes_at` the
    deadline it was opened with, once it was given more time; `frozen_at` when the statement at the end was taken. One opened by mistake
    is `withdrawn_at` a moment: it then counts nowhere, and the log of changes keeps who took it back and why.
    """

    id = models.UUIDField(primary_key=True)
    series = models.UUIDField()
    number = models.IntegerField()
    name = models.TextField()
    form = models.TextField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    home = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    incident = models.UUIDField(null=True)
    stream = models.UUIDField()
    legal_basis = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    repeat_days = models.IntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField(null=True)
    first_closes_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rounds_round"
        constraints = (
            models.CheckConstraint(condition=Q(place__isnull=True) ^ Q(area__isnull=True), name="round_over_one_thing"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(ends_at__lte=F("closes_at")), name="round_ends_by_its_deadline"),
            models.CheckConstraint(condition=Q(repeat_days__isnull=True) | Q(repeat_days__gte=1), name="round_repeats_in_days"),
            models.UniqueConstraint(fields=("series", "number"), name="round_numbered_once"),
        )
        indexes = (models.Index(fields=("stream", "ends_at"), name="round_by_end"),)


class Member(models.Model):
    """What a round takes in and leaves out: places, as its area said on the day it was opened. They may move; the round follows them."""

    pk = models.CompositePrimaryKey("round_id", "place_id")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    excluded = models.BooleanField(default=False)

    class Meta:
        db_table = "rounds_member"


class Earlier(models.Model):
    """A round whose earlier visits are being taken in: those `since` a moment that were folded before it was opened, or prolonged.

    So far up to the position `upto`; the row goes when all are.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="earlier", primary_key=True)
    since = models.DateTimeField()
    upto = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "rounds_earlier"


class ChangedDoor(models.Model):
    """A door to which a household came, or which one left, since some day: its rounds are computed anew, and the row goes."""

    place = models.UUIDField(primary_key=True)
    since = models.DateField()

    class Meta:
        db_table = "rounds_changeddoor"


class RoundDoor(models.Model):
    """How a door stands in a round; doors nobody has touched have no row. `standing` is its outcome, or "household" where one lacks.

    `people_seen` (人) is the most people met there at once, households added up; `people_times` (人次) adds up all visits.
    """

    pk = models.CompositePrimaryKey("round", "place")
    round = models.UUIDField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    standing = models.TextField()
    settled = models.BooleanField()
    effective_at = models.DateTimeField()
    record = models.UUIDField()
    last_at = models.DateTimeField()
    tries = models.IntegerField()
    visits = models.IntegerField()
    people_seen = models.IntegerField()
    people_times = models.IntegerField()
    next_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rounds_rounddoor"
        indexes = (
            models.Index(fields=("round", "position"), name="rounddoor_position"),
            models.Index(fields=("round", "next_at"), include=("position",), condition=Q(settled=False), name="rounddoor_due"),
        )


class RoundTally(models.Model):
    """How many doors of a building stand how in a round: each door once, keyed to its one building."""

    pk = models.CompositePrimaryKey("round", "building", "standing")
    round = models.UUIDField()
    building = models.UUIDField()
    standing = models.TextField()
    position = models.BigIntegerField()
    span = models.BigIntegerField()
    settled = models.BooleanField()
    doors = models.IntegerField()
    visits = models.IntegerField()
    people_seen = models.IntegerField()
    people_times = models.IntegerField()

    class Meta:
        db_table = "rounds_roundtally"
        indexes = (models.Index(fields=("round", "position"), name="roundtally_position"),)


class Unreached(models.Model):
    """A door that was still open when its round ended, and why, as known then. Never changed: later records show as revisions."""

    pk = models.CompositePrimaryKey("round", "place")
    round = models.UUIDField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    reason = models.TextField()
    tries = models.IntegerField()

    class Meta:
        db_table = "rounds_unreached"
        indexes = (models.Index(fields=("round", "position"), name="unreached_position"),)


class Statement(models.Model):
    """How many doors a building had when its round ended, and how many of them were settled, as known then."""

    pk = models.CompositePrimaryKey("round", "building")
    round = models.UUIDField()
    building = models.UUIDField()
    position = models.BigIntegerField()
    span = models.BigIntegerField()
    doors = models.IntegerField()
    settled = models.IntegerField()

    class Meta:
        db_table = "rounds_statement"
        indexes = (models.Index(fields=("round", "position"), name="statement_position"),)


class ArrivalRow(models.Model):
    """Somebody who came from elsewhere, and until which day they are followed up (none where no rule asks for it)."""

    record = models.UUIDField(primary_key=True)
    stream = models.UUIDField()
    book = models.IntegerField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    subject = models.UUIDField(null=True)
    arrived_on = models.DateField()
    follow_until = models.DateField(null=True)
    origin = models.TextField()
    means = models.TextField()
    rule = models.TextField(null=True)

    class Meta:
        db_table = "rounds_arrival"
        indexes = (models.Index(fields=("position", "arrived_on"), name="arrival_position"),)
