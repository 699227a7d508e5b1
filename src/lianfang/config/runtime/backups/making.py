"""Making a backup while everything runs: the server streams its files, they are sealed on the way, and nothing plain is written anywhere."""

from __future__ import annotations

import os
import secrets as randomness
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime

from lianfang.config.runtime import database
from lianfang.config.runtime.backups import archive, files, folder, keys, streams
from lianfang.config.runtime.backups.troubles import BackupFailed, BackupsElsewhere, RestartFirst
from lianfang.config.runtime.home import Home, read_form, write_form
from lianfang.config.runtime.postgres import Cluster
from lianfang.kernel import clock

_HANDED_OVER_WITHIN = 60.0  # seconds in which the server's new settings hold


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was just made."""

    name: str
    began_at: datetime
    ended_at: datetime
    bytes: int
    destroyed: list[str]


def make(home: Home, *, keep: int | None = None) -> Made:
    """Make a base backup to which the log of changes goes from then on. With `keep`, only so many of the newest stay readable.

    Raises BackupsElsewhere, RestartFirst, BackupFailed.
    """
    engine, _started = database.ensure_running(home)
    cluster = engine.cluster
    if cluster is None:
        raise BackupsElsewhere
    began = clock.now()
    name = f"{began:%Y-%m-%dT%H%M%S}-{randomness.token_hex(2)}"
    with archive.alone(home, wait=True):
        first = _switch_on(cluster)
        before = folder.current(home)
        target = folder.place(home) / name
        (target / "wal").mkdir(parents=True, mode=0o700)
        key = keys.make(home, name)
        try:
            size = _base(cluster, home, name, key)
            files.seal(home, name, key)
        except BaseException:
            folder.forget(home, {name})
            raise
        archive.take(home, cluster, [*([(before, "")] if before else []), (name, first)])
        ended = clock.now()
        form = {
            "name": name, "began_at": began.isoformat(), "ended_at": ended.isoformat(), "first": first, "plain_bytes": size,
            "installation": read_form(home.path / "installation.json"),
        }  # fmt: skip
        write_form(target / "about.json", form)
        readable = [backup.name for backup in folder.held(home) if backup.readable]
        gone = folder.forget(home, set(readable[:-keep])) if keep else []
    return Made(name, began, ended, sum(path.stat().st_size for path in target.rglob(f"*{folder.SEALED}")), gone)


def renew(home: Home) -> Made:
    """A fresh backup, and no key left of any older one: what was erased before this is in none that can be read."""
    return make(home, keep=1)


def _switch_on(cluster: Cluster) -> str:
    """Have the server hand over its log from now on; the first piece after all that was changed until now."""
    with database.connected(cluster.server()) as server:
        if server.execute("show archive_mode").fetchone() != ("on",):
            raise RestartFirst
        cluster.hand_over_log()
        until = time.monotonic() + _HANDED_OVER_WITHIN
        server.execute("select pg_reload_conf()")
        while "archive" not in str(server.execute("show archive_command").fetchone()):
            if time.monotonic() > until:
                raise RestartFirst
            time.sleep(0.05)
        server.execute("select pg_switch_wal()")
        row = server.execute("select pg_walfile_name(pg_current_wal_insert_lsn() + 1)").fetchone()
        return str(row[0]) if isinstance(row, tuple) else ""


def _base(cluster: Cluster, home: Home, name: str, key: bytes) -> int:
    """Stream and seal the server's files; how many bytes they have."""
    server = cluster.server()
    command = [
        cluster.programs / "pg_basebackup", "-h", server.host, "-p", server.port, "-U", server.user, "--no-password",
        "-D", "-", "-F", "tar", "-X", "none", "-c", "fast",
    ]  # fmt: skip
    terms = cluster.account.terms() if cluster.account else {}
    surroundings = {"PGPASSWORD": server.password, "LC_ALL": "C", "PATH": os.environ.get("PATH", "")}
    path = folder.place(home) / name / f"base{folder.SEALED}"
    log = home.run / "backup.log"
    with log.open("w+") as said:
        try:
            with (
                subprocess.Popen(
                    [str(part) for part in command],
                    cwd="/",
                    env=surroundings,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=said,
                    **terms,
                ) as running,
                folder.writing(path) as sealed,
            ):
                try:
                    size = streams.seal(running.stdout, sealed, key, f"{name}/base") if running.stdout else 0
                except OSError:
                    running.kill()
                    raise
        except OSError as failed:
            raise BackupFailed(why=failed.strerror or type(failed).__name__) from None
        said.seek(0)
        words = said.read()
    if running.returncode:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise BackupFailed(why=words.strip().splitlines()[-1] if words.strip() else "pg_basebackup")
    return size
