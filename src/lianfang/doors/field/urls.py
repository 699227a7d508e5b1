"""Addresses of the field: the shell of the app."""

from django.urls import path

from lianfang.doors.field import shell

app_name = "field"
urlpatterns = [
    path("", shell.page, name="page"),
    path("join", shell.page, name="join_page"),
    path("worker.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
]
