"""Drafts of an assignment: asked for, solved by the process of jobs, looked at, confirmed."""

from __future__ import annotations

from django.db import models

from lianfang.work.mobilisation.models.forces import Force, Need
from lianfang.work.mobilisation.types import DraftState


class Draft(models.Model):
    """A proposal for all of a place (分派草案); the row is the job. `gap` is in millionths of the bound; `weights` and `cost` by their names."""

    id = models.UUIDField(primary_key=True)
    place = models.UUIDField()
    drill = models.BooleanField(default=False)
    position = models.BigIntegerField()
    state = models.TextField(choices=[(state.value, state.value) for state in DraftState])
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    turns = models.IntegerField(default=0)
    gap = models.BigIntegerField(null=True)
    weights = models.JSONField(default=dict)
    cost = models.JSONField(default=dict)
    without_point = models.IntegerField(default=0)
    confirmed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "mobilisation_draft"
        indexes = (
            models.Index(fields=("position", "asked_at"), name="draft_position"),
            models.Index(fields=("changed_at",), name="draft_waiting", condition=models.Q(state__in=("asked", "solving"))),
        )


class Line(models.Model):
    """One person of a draft and where they would go."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+", db_index=False)
    force = models.ForeignKey(Force, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.BigIntegerField()

    class Meta:
        db_table = "mobilisation_line"
        constraints = (models.UniqueConstraint(fields=("draft", "force"), name="line_once"),)
        indexes = (models.Index(fields=("draft", "need"), name="line_by_need"),)


class Shortage(models.Model):
    """A need of a draft that stays short: by how many, why, and what there is."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.BigIntegerField()
    missing = models.IntegerField()
    why = models.TextField()
    fitting = models.IntegerField()
    wanted = models.IntegerField()
    free = models.IntegerField()
    nearest = models.IntegerField(null=True)

    class Meta:
        db_table = "mobilisation_shortage"
