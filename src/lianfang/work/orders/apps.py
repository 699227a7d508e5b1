"""Orders as a Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Registers the projections and the chore."""

    name = "lianfang.work.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ledger what to fold and what the clock brings."""
        from lianfang.ledger import chores, folding
        from lianfang.work.orders import projections
        from lianfang.work.orders.commands.chasing import chase_late

        folding.register(projections.ORDERS)
        folding.register(projections.ANSWERS)
        chores.register("orders.late", chase_late)
