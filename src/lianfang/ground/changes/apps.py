"""The change log as a Django app."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Registers the table of changes."""

    name = "lianfang.ground.changes"
    label = "changes"
    default_auto_field = "django.db.models.BigAutoField"
