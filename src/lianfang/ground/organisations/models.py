"""Tables of this context. Seen by it only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.organisations.types import OrganisationKind


class Organisation(models.Model):
    """One organisation (组织). `place` is where it has its seat, or the place it is the organisation of."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in OrganisationKind])
    parent = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    lo = models.BigIntegerField(unique=True)
    hi = models.BigIntegerField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_organisation"
        constraints = (
            models.CheckConstraint(condition=Q(hi__gt=F("lo")), name="organisation_has_a_range"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="organisation_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=("name",), name="organisation_by_name"),)


class Sponsorship(models.Model):
    """An organisation that answers for a street, a community or a compound from day to day (包保), and the document it rests on."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_sponsorship"
        constraints = (
            models.CheckConstraint(condition=Q(place=None) ^ Q(area=None), name="sponsorship_of_one_thing"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="sponsorship_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=("organisation", "place"), condition=Q(valid_to=None), name="sponsorship_of_place_once"),
            models.UniqueConstraint(fields=("organisation", "area"), condition=Q(valid_to=None), name="sponsorship_of_area_once"),
        )
