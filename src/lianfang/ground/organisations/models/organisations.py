"""Organisations: what they are today, and what they were called before."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.organisations.models.dated import in_order, once
from lianfang.ground.organisations.types import OrganisationKind

_KINDS = [(kind.value, kind.value) for kind in OrganisationKind]


class Organisation(models.Model):
    """One organisation (组织). `place` is where it has its seat, or the place it is the organisation of.

    `since` is the first day of the present name and kind; what they were before stands in OrganisationPast. `phone` is a number for
    the public.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(choices=_KINDS)
    parent = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    lo = models.BigIntegerField(unique=True)
    hi = models.BigIntegerField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    phone = models.TextField(blank=True, default="")
    since = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_organisation"
        constraints = (
            models.CheckConstraint(condition=Q(hi__gt=F("lo")), name="organisation_has_a_range"),
            in_order("organisation_ends_after_it_begins"),
        )
        indexes = (models.Index(fields=("name",), name="organisation_by_name"),)


class OrganisationPast(models.Model):
    """What an organisation was called and of what kind it was in [valid_from, valid_to)."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    kind = models.TextField(choices=_KINDS)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        db_table = "organisations_past"
        constraints = (in_order("former_ends_after_it_begins"), once("organisation_was_one_thing_at_a_time", "organisation"))
