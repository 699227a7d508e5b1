"""Matters as a Django app."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Registers the projection, the reaction, the chore, and the table whose rows follow a moved place."""

    name = "lianfang.work.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold and what a record sets off, and the kernel what moves."""
        from lianfang.kernel.carriers import carries_position
        from lianfang.ledger import chores, folding, reacting
        from lianfang.work.matters import projections, reactions
        from lianfang.work.matters.commands import pairs

        folding.register(projections.MATTERS)
        reacting.register(reactions.HELP_WANTED)
        chores.register("matters.pairs", pairs.take_up_pairs)
        carries_position("matters_matter", live="true")
