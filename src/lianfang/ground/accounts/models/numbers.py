"""Numbers that stand on public sheets."""

from __future__ import annotations

from django.db import models


class DutyPhone(models.Model):
    """The number that is always answered for a place (值班电话): a community's or a street's. It is public; former ones stand in the changes."""

    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+", primary_key=True)
    phone = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_dutyphone"
