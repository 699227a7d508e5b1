"""Addresses of the field: the shell of the app, and what phones speak to."""

from django.urls import path

from lianfang.doors.field import bundle, joining, lines, messages, shell, standing_by

app_name = "field"
urlpatterns = [
    path("", shell.page, name="page"),
    path("join", shell.page, name="join_page"),
    path("test", shell.page, name="test_page"),
    path("worker.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("api/hello", joining.hello, name="hello"),
    path("api/join", joining.join, name="join"),
    path("api/handover", joining.hand_over, name="handover"),
    path("api/bundle", bundle.bundle, name="bundle"),
    path("api/poll", standing_by.poll, name="poll"),
    path("api/lines", lines.mine, name="lines"),
    path("api/lines/<uuid:line_id>/settle", lines.settle, name="settle_line"),
    path("api/messages/<uuid:message_id>/read", messages.read, name="message_read"),
    path("api/wiped", standing_by.wiped, name="wiped"),
]
