"""Organisations as a Django app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Registers the tables."""

    name = "lianfang.ground.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel which rows follow a moved place."""
        from lianfang.kernel import erasers
        from lianfang.kernel.carriers import carries_position

        for table in ("membership", "appointment", "team", "teammember", "post", "postholder", "responsibility", "report", "need"):
            carries_position(f"organisations_{table}")
        # A member may live elsewhere: their body knows them.
        erasers.keeps(
            "organisations", "select person_id from organisations_membership where person_id = any(%(asked)s) and valid_to is null"
        )
