"""Offices that somebody of another body holds while one is taken over: whose they were, and whose they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StandIn(models.Model):
    """One office stood in for (代行职责): the grant that ended, the one given instead (none where the deputy held the same anyway)."""

    id = models.UUIDField(primary_key=True)
    takeover = models.UUIDField()
    grant_before = models.UUIDField()
    account_before = models.UUIDField()
    grant_now = models.UUIDField(null=True)
    account_now = models.UUIDField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "playbooks_standin"
        constraints = (
            models.UniqueConstraint(fields=("grant_before",), condition=Q(ended_at=None), name="office_stood_in_for_once"),
            models.CheckConstraint(condition=~Q(account_before=models.F("account_now")), name="nobody_stands_in_for_themselves"),
        )
        indexes = (
            models.Index(fields=("takeover",), name="standin_takeover"),
            models.Index(fields=("account_before",), name="standin_before", condition=Q(ended_at=None)),
            models.Index(fields=("account_now",), name="standin_now", condition=Q(ended_at=None)),
        )
