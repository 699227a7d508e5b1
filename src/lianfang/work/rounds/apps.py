"""Rounds as a Django app."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Registers the projections, and the tables whose rows follow a moved place."""

    name = "lianfang.work.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold and the kernel what moves."""
        from lianfang.kernel.carriers import carries_position
        from lianfang.ledger import folding
        from lianfang.work.rounds import projections

        for projection in projections.ALL:
            folding.register(projection)
        carries_position("rounds_doorstate", live="true")
        carries_position("rounds_doortally", live="true")
