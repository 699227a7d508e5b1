"""Other names of places, and the keys under which names are found."""

from __future__ import annotations

from django.db import models

from lianfang.ground.places.models.areas import Area
from lianfang.ground.places.models.places import Place


class Alias(models.Model):
    """Another name of a place (别名): what people say, an abbreviation, a district of a command."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("place",), name="alias_of_place"),)
        constraints = (
            models.UniqueConstraint(fields=("place", "name"), condition=models.Q(valid_to=None), name="alias_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="alias_days_in_order"
            ),
        )


class SearchKey(models.Model):
    """A spelling under which a place or an area is found by its beginning: name, stem, alias, former name, pinyin, initials, inside."""

    # Derived rows by the hundred thousand: that they name a place is checked by `doctor`, not row by row.
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80, db_collation="C")

    class Meta:
        indexes = (
            models.Index(fields=("key",), name="searchkey_key"),
            models.Index(fields=("place",), name="searchkey_place", condition=models.Q(place__isnull=False)),
            models.Index(fields=("area",), name="searchkey_area", condition=models.Q(area__isnull=False)),
        )
        constraints = (models.CheckConstraint(condition=models.Q(place=None) ^ models.Q(area=None), name="searchkey_names_one"),)
