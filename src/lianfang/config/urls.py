"""Every address of the product, door by door."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_DOORS = (("", "lianfang.doors.desk.urls"), ("r/", "lianfang.doors.residents.urls"), ("api/", "lianfang.doors.rest.urls"))


def _present(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [path(prefix, include(module)) for prefix, module in _DOORS if _present(module)]
