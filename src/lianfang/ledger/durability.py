"""A record is answered as kept only where a commit is on disk: no process of ours works on a server that confirms what it may lose."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from lianfang.kernel.db import ONLY_FOR_TESTS
from lianfang.kernel.errors import Refused

_ASKED = "select current_setting('fsync'), current_setting('synchronous_commit'), coalesce(current_setting(%s, true), '')"
_fit: WeakSet[Any] = WeakSet()


class Unsafe(Refused):
    """The database has {setting} switched off: records confirmed to a phone could be lost. Switch it on and start again."""


def must_keep_what_it_confirms(connection: BaseDatabaseWrapper, **_more: object) -> None:
    """Refuse a connection, once for its life, whose commits may be lost: by the server's settings, the database's or the role's."""
    if connection.connection in _fit:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [ONLY_FOR_TESTS])
        fsync, commits, only_for_tests = cursor.fetchone()
    if only_for_tests != "on":
        for name, value in (("fsync", fsync), ("synchronous_commit", commits)):
            if value == "off":
                connection.close()
                raise Unsafe(setting=name)
    _fit.add(connection.connection)


def watch() -> None:
    """Ask this of every new connection of this process."""
    connection_created.connect(must_keep_what_it_confirms, dispatch_uid="lianfang.durability")
