"""Rosters as a Django app."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Registers the tables, what follows a place that moves, what is sealed, and the eraser."""

    name = "lianfang.ground.rosters"
    label = "rosters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel."""
        from lianfang.ground.rosters import registration

        registration.register()
