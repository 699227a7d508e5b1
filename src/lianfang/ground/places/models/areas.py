"""Areas: named, dated lists of places with exclusions."""

from __future__ import annotations

from django.db import models

from lianfang.ground.places.models.places import Place
from lianfang.ground.places.types import AreaKind
from lianfang.kernel.ids import AreaId, new_id


class Area(models.Model):
    """A named list of places with exclusions (片区): grid, compound, zone. `home` is the division it is administered at."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    home = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("name",), name="area_name"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="area_days_in_order"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=[kind.value for kind in AreaKind]), name="area_kind"),
        )

    @property
    def area_id(self) -> AreaId:
        """The id, typed."""
        return AreaId(self.id)


class AreaMember(models.Model):
    """A place that an area takes in, or leaves out of what it takes in, for a time."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    excluded = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("area", "valid_to"), name="member_of_area"),)
        constraints = (
            models.UniqueConstraint(fields=("area", "place"), condition=models.Q(valid_to=None), name="member_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")), name="member_days_in_order"
            ),
        )
