"""Incidents as a Django app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers the tables."""

    name = "lianfang.ground.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
