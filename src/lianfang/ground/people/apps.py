"""People as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the tables, and which of them follow a place that moves."""

    name = "lianfang.ground.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the rows that carry a position and the columns that are sealed."""
        from lianfang.ground.people import registration

        registration.register()
