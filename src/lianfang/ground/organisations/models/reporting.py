"""Members and organisations that report to the community (双报到): the slip, what the community needs, who took it on, the hours certified."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.organisations.models.dated import LIVE, in_order, once
from lianfang.ground.organisations.reporting_types import ClaimWay, ReportKind


class Report(models.Model):
    """One slip (报到单): a member reports to the community they live in, or an organisation to one; signed there, the receipt goes home.

    A trigger holds that a member lives there; nobody has two slips in force.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ReportKind])
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    signed_by = models.UUIDField(null=True)
    signed_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_report"
        constraints = (
            in_order("report_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(kind="organisation", person=None) | (~Q(kind="organisation") & Q(person__isnull=False)), name="report_of_whom"
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_on=None) | Q(signed_by__isnull=False, signed_on__gte=F("valid_from")),
                name="report_signed_by_somebody",
            ),
            once("report_of_a_person_once", "person", condition=Q(person__isnull=False)),
            once("report_of_an_organisation_once", "organisation", "community", condition=Q(person=None)),
        )
        indexes = (models.Index(fields=("position",), name="report_by_position", condition=LIVE),)


class Need(models.Model):
    """What a community asks for (需求清单), public in the community and at the units."""

    id = models.UUIDField(primary_key=True)
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    what = models.TextField()
    wanted = models.IntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_need"
        constraints = (
            in_order("asked_need_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(what="") & Q(wanted__gte=1, wanted__lte=999), name="asked_need_of_something"),
        )
        indexes = (models.Index(fields=("position",), name="asked_need_by_position", condition=LIVE),)


class Claim(models.Model):
    """Somebody who reported takes a need on (认领), and what they served, in minutes, certified by somebody else of the community."""

    id = models.UUIDField(primary_key=True)
    need = models.ForeignKey("organisations.Need", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey("organisations.Report", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    way = models.TextField(choices=[(way.value, way.value) for way in ClaimWay])
    claimed_on = models.DateField()
    served_on = models.DateField(null=True)
    minutes = models.IntegerField(null=True)
    certified_by = models.UUIDField(null=True)
    certified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "organisations_claim"
        constraints = (
            models.UniqueConstraint(fields=("need", "report", "claimed_on"), name="claim_once_a_day"),
            models.CheckConstraint(
                condition=Q(served_on=None, minutes=None, certified_by=None, certified_at=None)
                | Q(
                    served_on__gte=F("claimed_on"),
                    minutes__gte=1,
                    minutes__lte=1440,
                    certified_by__isnull=False,
                    certified_at__isnull=False,
                ),
                name="claim_hours_are_certified",
            ),
        )
        indexes = (models.Index(fields=("position",), name="claim_by_position"),)


class Takeover(models.Model):
    """A body that is out of action, and the one that does its duties for a time (接管)."""

    id = models.UUIDField(primary_key=True)
    out_of_action = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    until = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_takeover"
        constraints = (
            in_order("takeover_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(out_of_action=F("taken_by")) & ~Q(document=""), name="takeover_by_another_on_paper"),
            once("taken_over_by_one", "out_of_action"),
        )
