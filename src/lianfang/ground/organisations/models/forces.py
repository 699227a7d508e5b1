"""What organisations raise: teams, posts and responsibility areas, and who serves in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from lianfang.ground.organisations.force_types import PostKind, TeamKind
from lianfang.ground.organisations.models.dated import LIVE, in_order, once


class Team(models.Model):
    """A team (先锋队、突击队、志愿服务队、护卫队、义务监督员) with its task types and skills. A Party team is led by a full member: a trigger holds it."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in TeamKind])
    of_party = models.BooleanField(default=False)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    skills = ArrayField(models.TextField(), default=list)
    tasks = ArrayField(models.TextField(), default=list)
    takeover = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_team"
        constraints = (in_order("team_ends_after_it_begins"), models.CheckConstraint(condition=~Q(name=""), name="team_has_a_name"))
        indexes = (models.Index(fields=("position",), name="team_by_position", condition=LIVE),)


class TeamMember(models.Model):
    """Somebody in a team from day to day; one leads."""

    id = models.UUIDField(primary_key=True)
    team = models.ForeignKey("organisations.Team", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    leads = models.BooleanField(default=False)
    position = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_teammember"
        constraints = (
            in_order("team_member_ends_after_it_begins"),
            once("team_member_once", "team", "person"),
            once("team_led_by_one", "team", condition=Q(leads=True)),
        )
        indexes = (models.Index(fields=("position",), name="team_member_by_position", condition=LIVE),)


class Post(models.Model):
    """A post (先锋岗、示范岗、卡口、服务岗) with its place, its duty and its hours. None is without hours: a trigger holds it."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in PostKind])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    position = models.BigIntegerField()
    duty = models.TextField()
    needed = models.IntegerField(default=1)
    takeover = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_post"
        constraints = (
            in_order("post_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(duty=""), name="post_has_a_name_and_a_duty"),
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=99), name="post_needs_somebody"),
        )
        indexes = (models.Index(fields=("position",), name="post_by_position", condition=LIVE),)


class PostHours(models.Model):
    """When a post is manned: on which days of the week (bit 0 is Monday), from which minute of the day for how many minutes."""

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey("organisations.Post", on_delete=models.CASCADE, related_name="+")
    days = models.SmallIntegerField()
    begins = models.SmallIntegerField()
    lasts = models.SmallIntegerField()

    class Meta:
        db_table = "organisations_posthours"
        constraints = (
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=127, begins__gte=0, begins__lt=1440, lasts__gte=1, lasts__lte=1440),
                name="hours_of_a_week",
            ),
            models.UniqueConstraint(fields=("post", "days", "begins"), name="hours_once"),
        )


class PostHolder(models.Model):
    """Somebody who mans a post in turns, from day to day; nobody has two posts on a day. `shown`: agreed to be named on the wall."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey("organisations.Post", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    shown = models.BooleanField(default=False)
    position = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_postholder"
        constraints = (in_order("post_holder_ends_after_it_begins"), once("one_post_at_a_time", "person"))
        indexes = (
            models.Index(fields=("position",), name="post_holder_by_position", condition=LIVE),
            models.Index(fields=("post", "valid_to"), name="post_holder_by_post"),
        )


class Responsibility(models.Model):
    """A responsibility area (责任区): a set of places, as an area, that somebody of an organisation answers for."""

    id = models.UUIDField(primary_key=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_responsibility"
        constraints = (in_order("responsibility_ends_after_it_begins"), once("responsibility_once", "area", "person"))
        indexes = (models.Index(fields=("position",), name="responsibility_by_position", condition=LIVE),)
