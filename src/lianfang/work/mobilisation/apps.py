"""Mobilisation as a Django app."""

from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    """Registers the projection, the tables whose rows follow a moved place, and what goes with a book."""

    name = "lianfang.work.mobilisation"
    label = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold, and the kernel what moves and what is erased."""
        from lianfang.kernel import erasers
        from lianfang.kernel.carriers import carries_position
        from lianfang.kernel.sealed import seals
        from lianfang.ledger import folding
        from lianfang.work.mobilisation import projections
        from lianfang.work.mobilisation.models.forces import PURPOSES

        folding.register(projections.PRESENCE)
        seals("mobilisation_force", PURPOSES)
        for table in ("force", "need", "assignment"):
            carries_position(f"mobilisation_{table}")
        for table in ("withdrawal", "wish", "draft", "line", "shortage", "call", "summons", "dispatch"):
            carries_position(f"mobilisation_{table}", live="true")
        from lianfang.work.mobilisation.commands.erasing import erase_book

        erasers.register("mobilisation", erase_book)
        # Whoever offered themselves in peacetime, or for another incident, is known by that too.
        kept = "select person from mobilisation_force where person = any(%(asked)s) and book is distinct from %(book)s and valid_to is null"
        erasers.keeps("mobilisation", kept)
