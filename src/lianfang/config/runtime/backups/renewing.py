"""How the parts below ask for fresh backups, without knowing of homes and servers."""

from __future__ import annotations

from lianfang.config.runtime import database
from lianfang.config.runtime.backups import folder, keys, making
from lianfang.config.runtime.home import Home
from lianfang.kernel import backups
from lianfang.kernel.backups import Renewed


def register() -> None:
    """For every process that may end an incident."""
    backups.register(lambda: renew(Home.here()))


def renew(home: Home) -> Renewed:
    """A fresh backup where there are any, whose keys are destroyed."""
    if database.engine(home).cluster is None:
        return Renewed(None, None, [], elsewhere=True)
    older = {name for name, key in keys.known(home).items() if not key.destroyed_at} | {
        backup.name for backup in folder.held(home) if backup.ended_at
    }
    if not older:
        return Renewed(None, None, [])
    made = making.renew(home)
    return Renewed(made.name, made.ended_at, made.destroyed)
