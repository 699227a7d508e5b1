"""Playbooks as a Django app."""

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Registers the tables whose rows follow a moved place, and what goes with a book."""

    name = "lianfang.headquarters.playbooks"
    label = "playbooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel what moves and what is erased."""
        from lianfang.headquarters.playbooks.commands.erasing import erase_book
        from lianfang.kernel import erasers
        from lianfang.kernel.carriers import carries_position

        carries_position("playbooks_plan", live="retired_at is null")
        carries_position("playbooks_holder")
        for table in ("run", "item", "service"):
            carries_position(f"playbooks_{table}", live="true")
        erasers.register("playbooks", erase_book)
