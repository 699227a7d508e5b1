"""Published bulletins and their withdrawals."""

from __future__ import annotations

from django.db import models


class Issue(models.Model):
    """A bulletin as it was published (一期): values, version of the definition, and the mark of the ledger it was read at.

    `subject` is the place or area it is about, `lo` and `hi` its positions on that day: by them row security lets it be read.
    A trigger refuses every change; no person stands in `content`.
    """

    id = models.UUIDField(primary_key=True)
    definition = models.TextField()
    version = models.IntegerField()
    subject = models.UUIDField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    number = models.IntegerField()
    first = models.DateField()
    last = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    xact = models.BigIntegerField()
    seq = models.BigIntegerField()
    content = models.JSONField()

    class Meta:
        db_table = "bulletins_issue"
        constraints = (
            models.UniqueConstraint(fields=("subject", "definition", "number"), name="bulletins_issue_number_once"),
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="bulletins_issue_days_in_order"),
        )
        indexes = (models.Index(fields=("lo", "published_at"), name="bulletins_issue_position"),)


class Withdrawal(models.Model):
    """The withdrawal of an issue (撤回): it stays readable, with who withdrew it and why."""

    issue = models.OneToOneField(Issue, primary_key=True, on_delete=models.PROTECT, related_name="withdrawal")
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.UUIDField(null=True)
    reason = models.TextField()

    class Meta:
        db_table = "bulletins_withdrawal"
