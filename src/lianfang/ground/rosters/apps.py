"""Rosters as a Django app."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Registers the tables."""

    name = "lianfang.ground.rosters"
    label = "rosters"
    default_auto_field = "django.db.models.BigAutoField"
