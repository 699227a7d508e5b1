"""Files that came in, their content, and the layouts that people corrected."""

from __future__ import annotations

from django.db import models

from lianfang.ground.rosters.loading_types import AT_WORK, State

CONTENT_PURPOSES = {"sealed": "rosters_content.part"}
"""What the sealed column of a file's parts is bound to."""


class Roster(models.Model):
    """One roster as it came in (一份名册): who brought it, when, for which community, and how far it has come.

    `digest` is the keyed fingerprint of its bytes, `signature` that of its headings: a file with the same headings is a newer
    roster of the same kind. `layouts` says which column is what, sheet by sheet; `counts` holds the sums of the verdicts and of what
    the file lacks. The content is kept sealed for a short time, so that the answer and an export look like what came in.
    """

    id = models.UUIDField(primary_key=True)
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    book = models.BigIntegerField(null=True)
    name = models.TextField()
    form = models.TextField()
    digest = models.BinaryField()
    size = models.IntegerField()
    signature = models.TextField(blank=True)
    layouts = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    refusal = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    brought_by = models.UUIDField(null=True)
    brought_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rosters_roster"
        indexes = (
            models.Index(fields=("position", "brought_at"), name="roster_by_position"),
            models.Index(fields=("community", "digest"), name="roster_by_digest"),
            models.Index(fields=("brought_at",), name="roster_not_erased", condition=models.Q(erased_at__isnull=True)),
            models.Index(
                fields=("changed_at",),
                name="roster_waiting",
                condition=models.Q(state__in=[state.value for state in AT_WORK]),
            ),
        )


class Content(models.Model):
    """A piece of a file, sealed; gone when the file's time is over."""

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="+")
    position = models.BigIntegerField()
    part = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "rosters_content"
        constraints = (models.UniqueConstraint(fields=("roster", "part"), name="content_part_once"),)


class Remembered(models.Model):
    """What a community said of the columns of a sheet with certain headings, for the next time (记住的版式)."""

    id = models.BigAutoField(primary_key=True)
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    signature = models.TextField()
    columns = models.JSONField()
    said_by = models.UUIDField(null=True)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "rosters_remembered"
        constraints = (models.UniqueConstraint(fields=("community", "signature"), name="remembered_once"),)
