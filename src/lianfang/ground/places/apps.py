"""Places as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Registers the tables of places."""

    name = "lianfang.ground.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
