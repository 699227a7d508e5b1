"""Sponsorship."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianfang.ground.organisations.models.dated import LIVE, in_order, once


class Sponsorship(models.Model):
    """An organisation that answers for a place, an area or another organisation from day to day (包保), and the document it rests on.

    `takeover`: it stands in for another that is out of action (接管), until that takes its duties back.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    sponsored = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    takeover = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_sponsorship"
        constraints = (
            models.CheckConstraint(
                condition=Q(place__isnull=False, area=None, sponsored=None)
                | Q(place=None, area__isnull=False, sponsored=None)
                | Q(place=None, area=None, sponsored__isnull=False),
                name="sponsorship_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(sponsored=None) | ~Q(sponsored=models.F("organisation")), name="sponsorship_of_another"),
            in_order("sponsorship_ends_after_it_begins"),
            once("sponsorship_of_place_once_a_day", "organisation", "place", condition=Q(place__isnull=False)),
            once("sponsorship_of_area_once_a_day", "organisation", "area", condition=Q(area__isnull=False)),
            once("sponsorship_of_body_once_a_day", "organisation", "sponsored", condition=Q(sponsored__isnull=False)),
        )
        indexes = (models.Index(fields=("takeover",), name="sponsorship_by_takeover", condition=LIVE & Q(takeover__isnull=False)),)
