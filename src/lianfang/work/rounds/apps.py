"""Rounds as a Django app."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Registers projections, reactions, what the clock brings, and the tables whose rows follow a moved place."""

    name = "lianfang.work.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold, and the kernel what moves and what is erased."""
        from lianfang.kernel import erasers
        from lianfang.kernel.carriers import carries_position
        from lianfang.ledger import chores, folding, reacting
        from lianfang.work.rounds import commands, projections, reactions
        from lianfang.work.rounds.projections import catching_up

        for projection in projections.ALL:
            folding.register(projection)
        for reaction in reactions.ALL:
            reacting.register(reaction)
        chores.register("rounds.catch_up", catching_up.catch_up)
        chores.register("rounds.pass_time", commands.pass_time)
        for table in ("doorstate", "doortally", "rounddoor", "roundtally", "arrival", "unreached", "statement"):
            carries_position(f"rounds_{table}", live="true")
        from lianfang.work.rounds.commands.erasing import erase_book

        erasers.register("rounds", erase_book)
