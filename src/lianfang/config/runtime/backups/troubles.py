"""What can be wrong with a backup, in words, with what to do."""

from __future__ import annotations

from lianfang.kernel.errors import Refused


class BackupsElsewhere(Refused):
    """The database is a server of your own (DATABASE_URL): back it up and restore it with its own tools, and destroy its older backups there."""


class RestartFirst(Refused):
    """The database was started by an older version. Type "./lianfang down", start it again, and repeat this."""


class BackupFailed(Refused):
    """The backup was not made: {why}. The ones before it are as they were."""


class NoSuchBackup(Refused):
    """There is no backup {name} in {folder}: "./lianfang backup list" names those there are."""


class HomeNotEmpty(Refused):
    """There is a database in {home} already. Name another place in LIANFANG_HOME, or add --replace: what is there is then put aside, not deleted."""


class RestoreFailed(Refused):
    """The backup was opened, but the database did not come up from it: its log says why ({log}). A time after the last change that was kept cannot be reached."""
