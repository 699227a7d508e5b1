"""Branches that come into being on approval and end: their life, its steps, what they record and what they may not."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianfang.ground.organisations.branch_types import ActKind, AdmissionCase, BranchState, StepKind
from lianfang.ground.organisations.types import APPLIED_FOR


class Branch(models.Model):
    """The life of one branch (党支部) that is applied for, approved, founded, and dissolved or converted.

    `host` or `incident` is the body for whose task a temporary branch is raised: it ends with it. Dates and transitions are held by triggers.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.OneToOneField("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.TextField()
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in APPLIED_FOR])
    purpose = models.TextField()
    host = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+", null=True)
    applicant = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.TextField(choices=[(state.value, state.value) for state in BranchState], default=BranchState.APPLIED)
    applied_on = models.DateField()
    until = models.DateField(null=True)
    approver = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    approved_on = models.DateField(null=True)
    founded_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_document = models.TextField(blank=True)

    class Meta:
        db_table = "organisations_branch"
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="branch_has_a_name_and_a_purpose"),
            models.CheckConstraint(
                condition=~Q(kind__in=("temporary_branch", "action_branch")) | Q(host__isnull=False) | Q(incident__isnull=False),
                name="branch_for_a_task_has_a_host",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("applied", "refused", "withdrawn"))
                | (Q(approver__isnull=False, approved_on__isnull=False) & ~Q(document="")),
                name="branch_approved_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("active", "dissolved", "converted"), organisation__isnull=False, founded_on__isnull=False)
                | Q(state__in=("applied", "approved", "refused", "withdrawn"), organisation=None, founded_on=None),
                name="branch_founded_is_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("dissolved", "converted"), ended_on__isnull=False)
                | (~Q(state__in=("dissolved", "converted")) & Q(ended_on=None)),
                name="branch_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(approved_on=None) | Q(approved_on__gte=F("applied_on")))
                & (Q(founded_on=None) | Q(founded_on__gte=F("approved_on")))
                & (Q(ended_on=None) | Q(ended_on__gte=F("founded_on"))),
                name="branch_days_in_order",
            ),
        )
        indexes = (models.Index(fields=("incident",), name="branch_by_incident", condition=Q(incident__isnull=False)),)


class Step(models.Model):
    """One step in the life of a branch: what, on which day, by which organisation, on what paper. Append-only."""

    id = models.UUIDField(primary_key=True)
    branch = models.ForeignKey("organisations.Branch", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in StepKind])
    on = models.DateField()
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "organisations_step"
        indexes = (models.Index(fields=("branch", "recorded_at"), name="step_by_branch"),)


class Authorisation(models.Model):
    """The recorded paper of a higher Party organisation that lets branches of one incident admit at the front line (火线入党), for a time."""

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    issuer = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organisations_authorisation"
        constraints = (
            models.CheckConstraint(condition=~Q(document=""), name="authorisation_has_a_document"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="authorisation_ends_after_it_begins"
            ),
        )


class Act(models.Model):
    """What a branch did (组织活动): study, a meeting, a task. Five kinds a temporary branch may not do; a trigger holds it.

    For an admission: whom, the case of the exception, and both approvals.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in ActKind])
    on = models.DateField()
    subject = models.TextField(blank=True)
    present = models.IntegerField(null=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    position = models.BigIntegerField()
    case = models.TextField(choices=[(case.value, case.value) for case in AdmissionCase], blank=True)
    studied_on = models.DateField(null=True)
    approver = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.TextField(blank=True)
    authorisation = models.ForeignKey("organisations.Authorisation", on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "organisations_act"
        constraints = (
            models.CheckConstraint(condition=Q(present=None) | Q(present__gte=0), name="act_presence_counts"),
            models.CheckConstraint(
                condition=~Q(kind="admit")
                | (
                    Q(person__isnull=False, studied_on__isnull=False, approver__isnull=False, studied_on__lte=F("on"))
                    & ~Q(case="")
                    & ~Q(document="")
                ),
                name="act_of_admission_is_whole",
            ),
        )
        indexes = (models.Index(fields=("organisation", "on"), name="act_by_organisation"),)
