"""Who belongs to which Party organisation, and who holds which office in it. Both tell of a person's membership: the class is sensitive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianfang.ground.organisations.member_types import MembershipKind, Office, Standing, Way
from lianfang.ground.organisations.models.dated import LIVE, in_order, once


class Membership(models.Model):
    """One person belonging to one Party organisation from day to day.

    `home`: the organisational relation (组织关系) lies there. `attached`: it lies elsewhere, and stays there. `grouped`: in a group of a branch.
    `position` is that of the organisation's seat, 0 where it has none.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in MembershipKind])
    standing = models.TextField(choices=[(standing.value, standing.value) for standing in Standing])
    position = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_membership"
        constraints = (
            in_order("membership_ends_after_it_begins"),
            once("membership_one_home_at_a_time", "person", condition=Q(kind="home")),
            once("membership_of_a_body_once", "person", "organisation"),
        )
        indexes = (
            models.Index(fields=("position",), name="membership_live_by_position", condition=LIVE),
            models.Index(fields=("organisation", "valid_to"), name="membership_by_organisation"),
        )


class Appointment(models.Model):
    """One person in one office of a Party organisation, or as first secretary (第一书记) of a community or compound, for a term.

    `appointed_by` designates; `document` is the paper. Of a first secretary also scope (place or area), duties and the note at hand-over.
    `shown`: the holder has agreed to be named on sheets for the wall.
    """

    id = models.UUIDField(primary_key=True)
    office = models.TextField(choices=[(office.value, office.value) for office in Office])
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    position = models.BigIntegerField()
    way = models.TextField(choices=[(way.value, way.value) for way in Way], default=Way.DESIGNATED)
    appointed_by = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    duties = models.TextField(blank=True)
    term_until = models.DateField(null=True)
    handover = models.TextField(blank=True)
    shown = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_appointment"
        constraints = (
            in_order("appointment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=(Q(office="first_secretary", organisation=None) & (Q(place=None) ^ Q(area=None)))
                | (~Q(office="first_secretary") & Q(organisation__isnull=False, place=None, area=None)),
                name="appointment_to_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(office="first_secretary") | (Q(appointed_by__isnull=False) & ~Q(document="") & ~Q(duties="")),
                name="first_secretary_appointed_by_paper",
            ),
            once("appointment_of_a_person_once", "person", "office", "organisation", condition=Q(organisation__isnull=False)),
            once("one_secretary_at_a_time", "organisation", condition=Q(office="secretary")),
            once("one_group_leader_at_a_time", "organisation", condition=Q(office="group_leader")),
            once("one_first_secretary_of_a_place", "place", condition=Q(office="first_secretary", place__isnull=False)),
            once("one_first_secretary_of_an_area", "area", condition=Q(office="first_secretary", area__isnull=False)),
        )
        indexes = (models.Index(fields=("position",), name="appointment_by_position", condition=LIVE),)
