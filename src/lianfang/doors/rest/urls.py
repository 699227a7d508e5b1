"""Addresses of the machine interface, below /api/."""

from __future__ import annotations

from django.urls import path

from lianfang.doors.rest.interface import api

urlpatterns = [path("v1/", api.urls)]
