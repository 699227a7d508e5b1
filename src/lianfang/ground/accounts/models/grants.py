"""Grants."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import ScopeKind


class Grant(models.Model):
    """One role of one account over one place, area or organisation subtree, from day to day (授权).

    The organisation is named by id and range only: organisations stand above accounts, and the link is made
    in the database by their own migration; so is the incident that a grant came with, and ends with. A grant is never deleted: it is revoked, with the moment and by whom.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])
    scope = models.TextField(choices=[(kind.value, kind.value) for kind in ScopeKind])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", null=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    organisation_id = models.UUIDField(null=True)
    organisation_lo = models.BigIntegerField(null=True)
    organisation_hi = models.BigIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.TextField(blank=True)
    incident = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "accounts_grant"
        constraints = (
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="grant_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(
                    scope=ScopeKind.PLACE, place__isnull=False, area__isnull=True,
                    organisation_id__isnull=True, organisation_lo__isnull=True, organisation_hi__isnull=True,
                )
                | Q(
                    scope=ScopeKind.AREA, area__isnull=False, place__isnull=True,
                    organisation_id__isnull=True, organisation_lo__isnull=True, organisation_hi__isnull=True,
                )
                | Q(
                    scope=ScopeKind.ORGANISATION, place__isnull=True, area__isnull=True,
                    organisation_id__isnull=False, organisation_lo__isnull=False, organisation_hi__gt=F("organisation_lo"),
                ),
                name="grant_covers_one_thing",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("organisation_id",), name="grant_by_organisation", condition=Q(organisation_id__isnull=False)),
            models.Index(fields=("incident",), name="grant_by_incident", condition=Q(incident__isnull=False)),
        )
