"""Closings and their steps. A row stays for ever: it is the certificate, and the log of erasures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.headquarters.closing.types import State, StepState


class Closing(models.Model):
    """The end of an incident's books, or of books whose time is over (销毁).

    `position` is where it belongs for who may see it; `marks` are what will be searched for, written so that the search does not find
    them here, and taken away with the certificate.
    """

    id = models.UUIDField(primary_key=True)
    what = models.TextField()
    incident = models.UUIDField(null=True)
    name = models.TextField()
    books = models.JSONField(default=list)
    place = models.UUIDField()
    position = models.BigIntegerField()
    state = models.TextField()
    authority = models.TextField()
    document = models.TextField()
    reason = models.TextField(blank=True)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    number = models.IntegerField(null=True, unique=True)
    counts = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    marks = models.JSONField(default=list)

    class Meta:
        db_table = "closing_closing"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="closing_state"),
            models.CheckConstraint(
                condition=Q(what="rolling") | Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="closing_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(what="rolling")
                | Q(state__in=("proposed", "cancelled"))
                | Q(confirmed_by__isnull=False, asked_by__isnull=False),
                name="closing_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("incident",), condition=Q(incident__isnull=False) & ~Q(state="cancelled"), name="closing_of_an_incident_once"
            ),
        )


class Step(models.Model):
    """One step of a closing. Done is done; one that failed says with which code, and is taken again."""

    id = models.BigAutoField(primary_key=True)
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="steps")
    position = models.BigIntegerField()
    ordinal = models.IntegerField()
    name = models.TextField()
    state = models.TextField(default=StepState.WAITING.value)
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)

    class Meta:
        db_table = "closing_step"
        constraints = (models.UniqueConstraint(fields=("closing", "name"), name="closing_step_once"),)
