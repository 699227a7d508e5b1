"""Outreach as a Django app."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Registers the tables whose rows follow a moved place, and what goes with a book."""

    name = "lianfang.work.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel what moves and what is erased."""
        from lianfang.kernel import erasers
        from lianfang.kernel.carriers import carries_position

        for table in ("outreach_message", "outreach_receipt"):
            carries_position(table, live="true")
        from lianfang.work.outreach.commands import erase_book

        erasers.register("messages", erase_book)
