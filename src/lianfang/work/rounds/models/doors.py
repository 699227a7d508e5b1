"""How doors stand, folded from visits."""

from __future__ import annotations

from django.db import models


class DoorState(models.Model):
    """How a door stands (门户状态). `stream` keeps drills apart; `position` follows the door when it moves."""

    pk = models.CompositePrimaryKey("stream", "place")
    stream = models.UUIDField()
    place = models.UUIDField()
    position = models.BigIntegerField()
    outcome = models.TextField()
    settled = models.BooleanField()
    effective_at = models.DateTimeField()
    record = models.UUIDField()
    tries = models.IntegerField()
    people_seen = models.IntegerField()
    visits = models.IntegerField()

    class Meta:
        db_table = "rounds_doorstate"
        indexes = (models.Index(fields=("position",), name="doorstate_position"),)


class DoorTally(models.Model):
    """How many doors of a building stand how: distinct doors (户), each keyed to its one building. `span` is the length of its range."""

    pk = models.CompositePrimaryKey("stream", "building", "outcome")
    stream = models.UUIDField()
    building = models.UUIDField()
    outcome = models.TextField()
    position = models.BigIntegerField()
    span = models.BigIntegerField()
    settled = models.BooleanField()
    doors = models.IntegerField()

    class Meta:
        db_table = "rounds_doortally"
        indexes = (models.Index(fields=("position",), name="doortally_position"),)


class DoorDay(models.Model):
    """How many doors of a community were visited on a day, by the day of the visit before (`previous`; the first of the calendar where there was none).

    A door counts once in each of its days, so that in any period those count whose visit before lies before it: distinct doors (户), from sums.
    At the position the community had when the visits were made.
    """

    pk = models.CompositePrimaryKey("stream", "position", "day", "previous")
    stream = models.UUIDField()
    position = models.BigIntegerField()
    day = models.DateField()
    previous = models.DateField()
    span = models.BigIntegerField()
    place = models.UUIDField()
    doors = models.IntegerField()

    class Meta:
        db_table = "rounds_doorday"
