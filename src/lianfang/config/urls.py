"""Every address of the product, door by door."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from lianfang.config import health

_DOORS = (("r/", "lianfang.doors.residents.urls"), ("api/", "lianfang.doors.rest.urls"), ("", "lianfang.doors.desk.urls"))


def _present(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    *(path(prefix, include(module)) for prefix, module in _DOORS if _present(module)),
]

handler404 = "lianfang.doors.desk.pages.lost"
handler500 = "lianfang.doors.desk.pages.broken"
