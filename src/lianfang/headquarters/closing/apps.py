"""Closing as a Django app."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Names the sealed column, so that it follows the keys."""

    name = "lianfang.headquarters.closing"
    label = "closing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is held is sealed like everything sensitive."""
        from lianfang.headquarters.closing.types import HELD
        from lianfang.kernel.sealed import seals

        seals("closing_held", {"sealed": HELD}, key="hold_id")
