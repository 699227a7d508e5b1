"""The door of the phones as a Django app: the built app as static files, no tables."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    """Registers the static files."""

    name = "lianfang.doors.field"
    label = "field"
    default_auto_field = "django.db.models.BigAutoField"
