"""The residents' pages as a Django app: templates and styles, no tables."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """Registers templates."""

    name = "lianfang.doors.residents"
    label = "residents"
    default_auto_field = "django.db.models.BigAutoField"
