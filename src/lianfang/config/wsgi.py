"""The web process: Django behind Granian's WSGI interface."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianfang.config.settings")
application = get_wsgi_application()

from lianfang.config.runtime.backups import renewing  # noqa: E402 - it needs the tables loaded

renewing.register()
