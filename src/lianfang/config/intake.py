"""The intake process: the ledger's bare ASGI application, with the tables loaded and no request stack of Django's."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")
django.setup()

from lianfang.config.runtime import priority  # noqa: E402 - they need the tables loaded
from lianfang.ledger.intake.server import application  # noqa: E402

priority.give_way(priority.INTAKE)
__all__ = ["application"]
