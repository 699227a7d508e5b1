"""Our own launcher for the PostgreSQL that comes along: loopback TCP with SCRAM, no socket, an unprivileged account.

HOME/postgres belongs to the database's account: `data` and `log`. What we write ourselves lies outside it, so that
whoever gets hold of that account cannot make root write elsewhere: HOME/database.conf, and HOME/database.port, the port
that was free at the first start and is kept. Nothing here changes the rights of a directory that was there before.
"""

from __future__ import annotations

import os
import random
import secrets as randomness
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lianfang.config.environment import Server
from lianfang.config.runtime import account, binaries, tuning
from lianfang.config.runtime.account import Account
from lianfang.config.runtime.home import make_passable
from lianfang.config.runtime.troubles import ClusterFailed

SUPERUSER = "postgres"
LOOPBACK = "127.0.0.1"
_PORTS = range(20_000, 32_000)  # below the range from which outgoing connections take theirs
_RUNNING = 0  # exit status of `pg_ctl status`
_ACCEPTS, _STARTS_UP = 0, 1  # exit statuses of `pg_isready`
_PATIENCE = 30.0  # seconds in which a killed server's remains may still be in the way


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether nothing listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(near: range = _PORTS) -> int:
    """A port that nothing listens on."""
    return next(port for port in random.SystemRandom().sample(near, len(near)) if is_free(port))


@dataclass
class Cluster:
    """The embedded server of one home."""

    home: Path
    password: str
    small: bool = False
    _pause: float = field(default=0.25, repr=False)

    @property
    def place(self) -> Path:
        """The directory that belongs to the database's account."""
        return self.home / "postgres"

    @property
    def directory_of_cluster(self) -> Path:
        """The data directory."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """Where its log lies."""
        return self.place / "log"

    @property
    def archive(self) -> Path:
        """Where it hands over the log of its changes, once there is a backup."""
        return self.place / "archive"

    @cached_property
    def account(self) -> Account | None:
        """The account it runs as; none is oneself."""
        return account.chosen(self.place)

    @cached_property
    def programs(self) -> Path:
        """The directory of its programs."""
        return binaries.find(self.home, self.account)

    @property
    def port(self) -> int:
        """The port remembered; 0 before the first start."""
        try:
            return int((self.home / "database.port").read_text())
        except FileNotFoundError:
            return 0

    def server(self, name: str = "postgres") -> Server:
        """How its superuser connects."""
        return Server(LOOPBACK, self.port, SUPERUSER, self.password, name)

    def is_running(self) -> bool:
        """Whether the server of this home runs (and not only something on its port)."""
        if not (self.directory_of_cluster / "postmaster.pid").exists():
            return False
        return self.run("pg_ctl", "-D", self.directory_of_cluster, "status").returncode == _RUNNING

    def listens(self) -> bool:
        """Whether something answers on its port: the cheapest look, which leaves no line in its log."""
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def start(self) -> bool:
        """Make the cluster if need be and start it; whether it had to be started. Ready when this returns."""
        if self._is_serving():
            return False
        if not self.directory_of_cluster.exists():
            self.prepare()
            self._make()
        account.must_enter(self.account, self.place)
        port = self.port
        if not port or not is_free(port):
            port = free_port()
            (self.home / "database.port").write_text(f"{port}\n")
        self._write_settings(port)
        self._start_patiently()
        return True

    def hand_over_log(self) -> None:
        """From its next look at its settings the server hands over the log of its changes."""
        self.own(self.archive)
        self._write_settings(self.port)

    def own(self, directory: Path) -> None:
        """Make a directory that belongs to the server's account alone."""
        directory.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(directory, self.account.uid, self.account.gid)

    def run(self, program: str, *arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run one of its programs as its account."""
        return account.run(
            self.account,
            [self.programs / program, *arguments],
            umask=0o077,
            **({} if "input" in more else {"stdin": subprocess.DEVNULL}),
            **more,
        )

    def _write_settings(self, port: int) -> None:
        hba = self.home / "database.hba" if (self.home / "node.json").exists() else None
        if hba:
            self._write(hba, tuning.HBA_OF_A_WINDOW)
        archive = self.archive if self.archive.is_dir() else None
        self._write(self.home / "database.conf", tuning.text(port, small=self.small, archive=archive, hba=hba))

    def stop(self) -> None:
        """Stop the server; sessions are ended, what is committed is on disk."""
        if self.is_running():
            self.run("pg_ctl", "-D", self.directory_of_cluster, "-m", "fast", "-w", "-t", "120", "stop")

    def _is_serving(self) -> bool:
        """Whether it runs and answers; waits while it starts up, or while a killed one is still going."""
        until = time.monotonic() + _PATIENCE
        while self.is_running():
            answer = self.run("pg_isready", "-q", "-h", LOOPBACK, "-p", str(self.port)).returncode
            if answer == _ACCEPTS:
                return True
            if answer != _STARTS_UP and time.monotonic() > until:
                raise ClusterFailed(log=self.log)
            time.sleep(self._pause)
        return False

    def _start_patiently(self) -> None:
        """Start, trying again while the remains of a killed server are in the way."""
        until = time.monotonic() + _PATIENCE
        first = self.place / "start.log"
        while True:
            started = self.run("pg_ctl", "-D", self.directory_of_cluster, "-w", "-t", "600", "-l", first, "start")
            if started.returncode == 0:
                return
            remains = "lock file" in self._tail(first) or "shared memory block" in self._tail(first)
            if not remains or time.monotonic() > until:
                raise ClusterFailed(log=first)
            time.sleep(self._pause)

    def prepare(self) -> None:
        """Have the directory that belongs to the server's account, where it may enter it."""
        make_passable(self.home)
        self.own(self.place)
        self.place.chmod(0o700)
        account.must_enter(self.account, self.place)

    def _make(self) -> None:
        """Make an empty cluster, aside first, so that a broken attempt leaves nothing that looks whole."""
        aside = self.place / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        secret = self._secret_file()
        try:
            made = self.run(
                "initdb", "-D", aside, "-E", "UTF8", "-U", SUPERUSER, "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}", "--data-checksums",
            )  # fmt: skip
        finally:
            secret.unlink()
        if made.returncode:
            log = self.home / "database.log"
            log.write_text(made.stdout + made.stderr)
            raise ClusterFailed(log=log)
        ours = "include '../../database.conf'"
        account.run(self.account, ["/bin/sh", "-c", 'echo "$1" >> "$2"', "sh", ours, aside / "postgresql.conf"])
        aside.replace(self.directory_of_cluster)

    def _secret_file(self) -> Path:
        """A new file with the superuser's password, which only the database's account may read."""
        path = self.place / f"password.{randomness.token_hex(8)}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            if self.account:
                os.fchown(file.fileno(), self.account.uid, self.account.gid)
            file.write(self.password)
        return path

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """A file that the server reads."""
        path.write_text(text)
        path.chmod(0o644)

    @staticmethod
    def _tail(path: Path) -> str:
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""
