"""Households at doors, who belongs to them since when, and the counts of each building."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from lianfang.ground.people.types import ResidenceKind


class Period(Func):
    """The days [valid_from, valid_to) of a row."""

    function = "daterange"
    output_field = DateRangeField()


_IN_ORDER = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
_LIVE = Q(valid_to__isnull=True)


class Household(models.Model):
    """People who keep house together at one door for a time (户). A door has none, one or several.

    `position` is the door's, and follows it while the row is live.
    """

    id = models.UUIDField(primary_key=True)
    door = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    name = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "people_household"
        constraints = (models.CheckConstraint(condition=_IN_ORDER, name="household_ends_after_it_begins"),)
        indexes = (models.Index(fields=("position",), name="household_live_by_position", condition=_LIVE),)


class Residence(models.Model):
    """One person belonging to one household in one sense from day to day (户籍 or 实际居住)."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    door = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ResidenceKind])
    relation = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "people_residence"
        constraints = (
            models.CheckConstraint(condition=_IN_ORDER, name="residence_ends_after_it_begins"),
            ExclusionConstraint(
                name="residence_one_of_a_kind_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        )
        indexes = (models.Index(fields=("position", "kind"), name="residence_live_by_position", condition=_LIVE),)


class Tally(models.Model):
    """Live households and people of one building-level place, kept by triggers, recountable from the rows.

    `position` and `span` are where the building's range begins and how long it is, so that sums over ranges know whole buildings.
    """

    building = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+", primary_key=True)
    position = models.BigIntegerField()
    span = models.BigIntegerField()
    households = models.IntegerField(default=0)
    registered = models.IntegerField(default=0)
    living = models.IntegerField(default=0)

    class Meta:
        db_table = "people_tally"
        indexes = (models.Index(fields=("position",), name="tally_by_position", include=("span", "households", "registered", "living")),)
