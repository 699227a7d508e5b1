"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the tables and the columns that are sealed."""

    name = "lianfang.ground.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the sealed columns."""
        from lianfang.ground.accounts.models.accounts import PURPOSES
        from lianfang.kernel.sealed import seals

        seals("accounts_account", PURPOSES)
