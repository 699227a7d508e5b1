"""Bulletins as a Django app."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """Declares the figures."""

    name = "lianfang.headquarters.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the declarations, so that the one list is whole."""
        from lianfang.headquarters.bulletins import figures

        figures.declare_all()
