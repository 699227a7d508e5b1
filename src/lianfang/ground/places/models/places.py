"""A place as it is, as it was, the positions given, and the tally of doors."""

from __future__ import annotations

from datetime import date

from django.db import models

from lianfang.ground.places.types import Kind, Level
from lianfang.kernel.ids import PlaceId, new_id
from lianfang.kernel.ranges import Range

_BELOW_DOOR = models.Q(level=Level.DOOR.value)


class Place(models.Model):
    """A place (地方), in its present state; what it was before stands in PlacePast.

    Everything inside it has a position in [lo, hi). `since` is the first day of the present name, code, parent and position.
    A place that ended keeps its last state, with `valid_to` the first day on which it was no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=12, null=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    floor = models.SmallIntegerField(null=True)
    ordinal = models.IntegerField(default=0)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    since = models.DateField()

    class Meta:
        indexes = (
            models.Index(fields=("parent", "ordinal"), name="place_children"),
            models.Index(fields=("lo",), name="place_above_door", condition=~_BELOW_DOOR),
            models.Index(
                fields=("lo",),
                name="place_moved_doors",
                condition=models.Q(level=Level.DOOR.value, valid_to=None, since__gt=models.F("valid_from")),
            ),
            models.Index(fields=("code",), name="place_code", condition=models.Q(code__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(fields=("lo",), condition=_BELOW_DOOR, name="place_door_position_once"),
            models.CheckConstraint(condition=models.Q(lo__lt=models.F("hi")), name="place_range"),
            models.CheckConstraint(
                condition=models.Q(since__gte=models.F("valid_from"))
                & (models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("since"))),
                name="place_days_in_order",
            ),
            models.CheckConstraint(
                condition=(models.Q(level=Level.PROVINCE.value) & models.Q(parent=None))
                | (~models.Q(level=Level.PROVINCE.value) & models.Q(parent__isnull=False)),
                name="place_has_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None) | models.Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="place_point_on_earth",
            ),
        )

    @property
    def place_id(self) -> PlaceId:
        """The id, typed."""
        return PlaceId(self.id)

    @property
    def range(self) -> Range:
        """The positions inside the place today."""
        return Range(self.lo, self.hi)

    @property
    def position(self) -> int:
        """The number that stands for the place itself: the first of its range."""
        return self.lo

    @property
    def at_level(self) -> Level:
        """The level as an enum."""
        return Level(self.level)

    @property
    def of_kind(self) -> Kind:
        """The kind as an enum."""
        return Kind(self.kind)

    def existed_on(self, day: date) -> bool:
        """Whether the place existed on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class PlacePast(models.Model):
    """What a place was called, coded, and where it stood in [valid_from, valid_to).

    The period may be empty: a position given and taken away within a day was still stamped on records. `moved_itself` tells
    a place that was moved to another parent from one carried along when its parent moved.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField()
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=12, null=True)
    parent = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    moved_itself = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("place",), name="past_of_place"),
            models.Index(fields=("lo",), name="past_position"),
            models.Index(fields=("code",), name="past_code", condition=models.Q(code__isnull=False)),
            models.Index(fields=("parent",), name="past_children"),
            models.Index(fields=("place",), name="past_moves", condition=models.Q(moved_itself=True)),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(valid_from__lte=models.F("valid_to")), name="past_days_in_order"),
            models.CheckConstraint(condition=models.Q(lo__lt=models.F("hi")), name="past_range"),
        )


class GivenPosition(models.Model):
    """Every range ever given to a place above the door, for ever: rows are only added (a trigger holds it).

    Doors are left out: a city has millions. Their positions are unique among doors, lie inside a building's, and are checked
    against the past of all others.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=12)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    given_on = models.DateField()

    class Meta:
        db_table = "places_position"
        indexes = (models.Index(fields=("place",), name="position_of_place"),)
        constraints = (models.UniqueConstraint(fields=("level", "lo"), name="position_given_once"),)


class Tally(models.Model):
    """Doors in force of one building, kept by statement triggers on the places, recountable."""

    place = models.OneToOneField(Place, primary_key=True, on_delete=models.CASCADE, related_name="+")
    position = models.BigIntegerField()
    doors = models.IntegerField()
    dwellings = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("position",), name="tally_position"),)
