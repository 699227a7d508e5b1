"""Organisations as a Django app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the tables."""

    name = "lianfang.ground.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
