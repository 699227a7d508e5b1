"""What goes up, as a Django app."""

from django.apps import AppConfig


class UpwardConfig(AppConfig):
    """Names it."""

    name = "lianfang.headquarters.upward"
    label = "upward"
    default_auto_field = "django.db.models.BigAutoField"
