"""Rows of a roster with their verdicts, and the questions that a person settles."""

from __future__ import annotations

from django.db import models

from lianfang.ground.rosters.loading_types import QuestionKind, Verdict

ROW_PURPOSES = {"sealed": "rosters_row.values", "said_sealed": "rosters_row.said"}
QUESTION_PURPOSES = {"before_sealed": "rosters_question.before"}
"""What the sealed columns are bound to."""


class Row(models.Model):
    """One row that names a person, or that could not be read (名册的一行).

    `sealed` holds what the row says, `said_sealed` why it got its verdict, with the facts; `content` is the blind fingerprint
    of what it says, by which the same row of a later file is known. The values go when the row needs nobody any more.
    """

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey("rosters.Roster", on_delete=models.CASCADE, related_name="+", db_index=False)  # `row_once` begins with it
    position = models.BigIntegerField()
    ordinal = models.IntegerField()
    sheet = models.SmallIntegerField()
    line = models.IntegerField()
    person = models.BooleanField()
    sealed = models.BinaryField(null=True)
    content = models.BinaryField()
    verdict = models.TextField(blank=True, choices=[(verdict.value, verdict.value) for verdict in Verdict])
    reason = models.TextField(blank=True)
    said_sealed = models.BinaryField(null=True)
    door_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rosters_row"
        constraints = (models.UniqueConstraint(fields=("roster", "ordinal"), name="row_once"),)
        indexes = (models.Index(fields=("roster", "verdict", "ordinal"), name="row_by_verdict"),)


class Question(models.Model):
    """Something that a roster cannot decide and a person does (待核对): what differs, who is at two doors, who was left out.

    `changes` are the ids of what the settlement began and ended, and `before_sealed` what was known before, so that it can be undone.
    """

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey("rosters.Roster", on_delete=models.CASCADE, related_name="+")
    position = models.BigIntegerField()
    row = models.ForeignKey("rosters.Row", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in QuestionKind])
    person_id = models.UUIDField()
    door_id = models.UUIDField(null=True)
    other_door_id = models.UUIDField(null=True)
    settlement = models.TextField(blank=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    changes = models.JSONField(null=True)
    before_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "rosters_question"
        indexes = (models.Index(fields=("roster", "kind", "id"), name="question_by_kind"),)
