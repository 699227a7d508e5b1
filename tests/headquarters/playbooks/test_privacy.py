"""Every field of playbooks has a privacy class."""

from __future__ import annotations

from django.apps import apps

from lianfang.headquarters.playbooks.privacy import CLASSES


def test_every_field_has_a_privacy_class() -> None:
    models = {model.__name__: {field.name for field in model._meta.get_fields()} for model in apps.get_app_config("playbooks").get_models()}
    assert {name: set(fields) for name, fields in CLASSES.items()} == models
