"""Pairs of persons that may be one, found across scopes by the database itself."""

from __future__ import annotations

from django.db import models


class Match(models.Model):
    """Two rows that carry the same paper, or the same phone and name (疑似同一人).

    Written by a trigger that sees all rows; no login of the web may read it, so that nobody learns of
    people outside their scope. The system takes each pair up once, and makes a matter of those who stand in two places.
    """

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    basis = models.TextField(choices=[("paper", "paper"), ("phone", "phone")])
    found_at = models.DateTimeField()
    taken_up = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "people_match"
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="match_of_two_once"),)
        indexes = (models.Index(fields=("id",), name="match_to_take_up", condition=models.Q(taken_up=False)),)


class Apart(models.Model):
    """Two persons of whom somebody said that they are two (另一人): a pair of them is no matter any more. `one` has the lower id."""

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    said_by = models.UUIDField(null=True)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "people_apart"
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="apart_once"),)
