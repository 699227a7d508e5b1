"""The intake process: the ledger's bare ASGI application, with the tables loaded and no request stack of Django's."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")
django.setup()

from lianfang.ledger.intake.server import application  # noqa: E402 - it needs the tables loaded

__all__ = ["application"]
