"""Restoring: a backup is opened into a cluster of this home, the log of changes is played to its end or to a moment, and the program takes it over."""

from __future__ import annotations

import os
import shutil
import tarfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from psycopg import sql

from lianfang.config.runtime import database, installation, roles
from lianfang.config.runtime.backups import files, folder, keys, streams
from lianfang.config.runtime.backups.troubles import BackupsElsewhere, HomeNotEmpty, NoSuchBackup, RestoreFailed
from lianfang.config.runtime.database import Engine
from lianfang.config.runtime.home import Home, write_form
from lianfang.config.runtime.postgres import SUPERUSER, Cluster
from lianfang.config.runtime.running import Claim
from lianfang.config.runtime.troubles import ClusterFailed
from lianfang.kernel import clock
from lianfang.kernel.roles import OWNER
from lianfang.ledger.folding import cursors, fold_here, restoring

_PLAYED_WITHIN = 6 * 3600.0  # seconds; a day of a city is played in minutes
_STEPS = ("restore_command", "recovery_target_time", "recovery_target_action", "recovery_target_timeline")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    name: str
    database: str
    records: int
    put_aside: str | None


def restore(home: Home, name: str | None = None, *, until: datetime | None = None, replace: bool = False) -> Restored:
    """Restore a backup (the newest one that can be read, if none is named) into this home. Nothing may serve here meanwhile.

    Raises AlreadyUp, BackupsElsewhere, NoSuchBackup, BackupKeyGone, BackupDamaged, HomeNotEmpty, RestoreFailed; what stood here stands as before.
    """
    home.make()
    claim = Claim(home)
    try:
        engine = database.engine(home)
        if engine.cluster is None:
            raise BackupsElsewhere
        chosen = name or folder.current(home)
        told = folder.about(folder.place(home) / chosen) if chosen else {}
        if not chosen or not told:
            raise NoSuchBackup(name=chosen or "—", folder=folder.place(home))
        if engine.cluster.directory_of_cluster.exists() and not replace:
            raise HomeNotEmpty(home=home.path)
        aside = _bring_back(engine.cluster, home, chosen, until)
        files.bring_back(home, chosen)
        if not (home.path / "installation.json").exists():
            write_form(home.path / "installation.json", told["installation"])
        return Restored(chosen, *_take_over(home), str(aside) if aside else None)
    finally:
        claim.release()


def _bring_back(cluster: Cluster, home: Home, name: str, until: datetime | None) -> Path | None:
    """Have the server stand where the backup and its log lead; where the one before it was put."""
    cluster.prepare()
    opened, log = cluster.place / "data.restored", cluster.place / "restoring"
    for left in (opened, log):
        shutil.rmtree(left, ignore_errors=True)
        cluster.own(left)
    try:
        _open_base(cluster, home, name, opened)
        _open_log(cluster, home, name, log)
        _tell_how(opened, log, until)
        _belong(cluster, opened, log)
        cluster.stop()
        aside = None
        if cluster.directory_of_cluster.exists():
            aside = cluster.place / f"data.before-{clock.now():%Y-%m-%dT%H%M%S}"
            cluster.directory_of_cluster.rename(aside)
        opened.rename(cluster.directory_of_cluster)
        try:
            _play(cluster)
        except (ClusterFailed, RestoreFailed):
            cluster.stop()
            shutil.rmtree(cluster.directory_of_cluster)
            if aside:
                aside.rename(cluster.directory_of_cluster)
            raise RestoreFailed(log=cluster.log) from None
    finally:
        for left in (opened, log):
            shutil.rmtree(left, ignore_errors=True)
    return aside


def _open_base(cluster: Cluster, home: Home, name: str, into: Path) -> None:
    owner = cluster.account
    with (folder.place(home) / name / f"base{folder.SEALED}").open("rb") as sealed:
        pieces = streams.Pieces(streams.unseal(sealed, keys.of(home, name), f"{name}/base"))
        with tarfile.open(mode="r|", fileobj=pieces) as files:  # type: ignore[call-overload]  # what can be read is a file here
            files.extraction_filter = lambda member, _path: member  # each piece was proved to be what the server gave us
            for member in files:
                if owner:
                    member.uid, member.gid = owner.uid, owner.gid
                files.extract(member, into, numeric_owner=True)
        while pieces.read(2**20):
            pass  # to the end, so that one cut short behind the last file is found


def _open_log(cluster: Cluster, home: Home, name: str, into: Path) -> None:
    """Open all pieces of the log, with those that the server of this home has handed over and nobody has taken yet."""
    for path in sorted((folder.place(home) / name / "wal").glob(f"*{folder.SEALED}")):
        plain = path.name.removesuffix(folder.SEALED)
        with path.open("rb") as sealed, (into / plain).open("wb") as piece:
            for part in streams.unseal(sealed, keys.of(home, name), f"{name}/{plain}"):
                piece.write(part)
    if cluster.archive.is_dir():
        for waiting in cluster.archive.glob("[0-9A-F]*"):
            shutil.copy(waiting, into / waiting.name)


def _tell_how(opened: Path, log: Path, until: datetime | None) -> None:
    """Write down how far to play, where the server looks for it."""
    told = {"restore_command": f'cp "{log}/%f" "%p"', "recovery_target_action": "promote", "recovery_target_timeline": "latest"}
    if until:
        told["recovery_target_time"] = until.isoformat()
    with (opened / "postgresql.auto.conf").open("a") as settings:
        settings.writelines(f"{setting} = '{value}'\n" for setting, value in told.items())
    (opened / "recovery.signal").touch()


def _belong(cluster: Cluster, *directories: Path) -> None:
    if cluster.account:
        for directory in directories:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, cluster.account.uid, cluster.account.gid)


def _play(cluster: Cluster) -> None:
    """Start, wait until the log is played and the server writes again, and let our superuser in with the password of this home."""
    cluster.start()
    until = time.monotonic() + _PLAYED_WITHIN
    while "in production" not in cluster.run("pg_controldata", "-D", cluster.directory_of_cluster).stdout:
        if not cluster.is_running() or time.monotonic() > until:
            raise RestoreFailed(log=cluster.log)
        time.sleep(0.1)
    if not roles.can_enter(cluster.server()):
        cluster.stop()
        changed = f"alter role {SUPERUSER} password '{cluster.password}'\n"
        cluster.run("postgres", "--single", "-D", cluster.directory_of_cluster, "postgres", input=changed)
        cluster.start()
    with database.connected(cluster.server()) as server:
        for setting in _STEPS:
            server.execute(sql.SQL("alter system reset {}").format(sql.Identifier(setting)))
        server.execute("select pg_reload_conf()")


def _take_over(home: Home) -> tuple[str, int]:
    """The program's side: roles with the passwords of this home, cursors of this cluster, what was not yet folded; database and records."""
    engine: Engine = database.engine(home)
    database.ensure_roles(engine)
    found = installation.current(home)
    name = found.database if found else installation.REAL
    database.enter(engine.server(OWNER, name))
    here = cursors.cluster()
    if any(cursor.cluster != here for cursor in cursors.read()):
        restoring.adopt()
    fold_here()
    with connection.cursor() as asked:
        asked.execute("select count(*) from ledger_record")
        return name, int(asked.fetchone()[0])
