"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The book, its intake and its folding. Duties register their projections and reactions themselves."""

    name = "lianfang.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the sealed columns, so that they follow the keys; refuse servers that may lose what they confirm; say who erases what."""
        from lianfang.kernel import erasers, filed
        from lianfang.kernel.sealed import seals
        from lianfang.ledger import durability
        from lianfang.ledger.intake.keeping import REMARK
        from lianfang.ledger.intake.quarantine import PURPOSE

        seals("ledger_remark", {"sealed": REMARK})
        seals("ledger_quarantine", {"sealed": PURPOSE})
        erasers.register("photos", filed.erase_book)
        durability.watch()
        from lianfang.ledger.ending.persons import erase_doors, erase_persons

        erasers.register("persons", erase_persons)
        erasers.register("doors", erase_doors)
