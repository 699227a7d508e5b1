"""Verbs of the log of changes: there is one, and it forgets."""

from __future__ import annotations

from django.db import connection


def forget_touches() -> None:
    """Drop what was noted of touches before yesterday: nothing that is asked about them is kept for an hour."""
    with connection.cursor() as cursor:
        cursor.execute("delete from changes_touch where at < now() - interval '1 day'")
