"""Mobilisation as a Django app."""

from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    """Registers the projection."""

    name = "lianfang.work.mobilisation"
    label = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold."""
        from lianfang.kernel.carriers import carries_position
        from lianfang.ledger import folding
        from lianfang.work.mobilisation import projections

        folding.register(projections.PRESENCE)
        for table in ("force", "need", "assignment"):
            carries_position(f"mobilisation_{table}")
