"""The desk as a Django app: templates, static files, template tags; no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers templates and tags."""

    name = "lianfang.doors.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
