"""Pairs of persons that may be one, found across scopes by the database itself."""

from __future__ import annotations

from django.db import models


class Match(models.Model):
    """Two rows that carry the same paper, or the same phone and name (疑似同一人).

    Written by a trigger that sees all rows; no login of the web may read it, so that nobody learns of
    people outside their scope. What is done about a pair is a matter for somebody who answers for both.
    """

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    basis = models.TextField(choices=[("paper", "paper"), ("phone", "phone")])
    found_at = models.DateTimeField()

    class Meta:
        db_table = "people_match"
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="match_of_two_once"),)
