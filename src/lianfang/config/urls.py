"""Every address of the product, door by door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from lianfang.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("r/", include("lianfang.doors.residents.urls")),
    path("field/", include("lianfang.doors.field.urls")),
    path("api/", include("lianfang.doors.rest.urls")),
    path("", include("lianfang.doors.desk.urls")),
]

handler404 = "lianfang.doors.desk.pages.lost"
handler500 = "lianfang.doors.desk.pages.broken"
