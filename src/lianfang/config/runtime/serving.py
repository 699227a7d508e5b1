"""`up`: which processes serve an installation, when they are ready, and what the person at the terminal is told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path

from django.utils.translation import gettext as _

from lianfang.config import beats, environment, static
from lianfang.config.nodes import window
from lianfang.config.nodes.watching import mend_again_and_again
from lianfang.config.runtime import database
from lianfang.config.runtime.backups import archive
from lianfang.config.runtime.database import Engine
from lianfang.config.runtime.home import Home
from lianfang.config.runtime.installation import Installation
from lianfang.config.runtime.postgres import is_free
from lianfang.config.runtime.progress import say
from lianfang.config.runtime.running import Claim
from lianfang.config.runtime.supervisor import Part, Supervisor
from lianfang.config.runtime.troubles import DiedAtStart, NotReady, PortTaken
from lianfang.kernel.errors import Refused
from lianfang.kernel.roles import FOLDER

PORT = 8000
_READY_WITHIN = 60  # seconds
_POOL = 10  # connections of one web worker: one for each thread, and two
_PREPARE = 3  # times that a process says a thing on one connection before the database keeps it prepared
_PORTS_TRIED = 50
_KEEP = 10.0  # seconds between looks whether there is something to back up
_LOOK = 2.0  # seconds between looks whether the database is there


@dataclass(frozen=True, slots=True)
class Address:
    """Where pages are served; the intake listens on the next port."""

    host: str = "127.0.0.1"
    port: int = PORT
    tls: tuple[Path, Path] | None = None

    @property
    def origin(self) -> str:
        """The origin as a browser on this machine writes it; for all interfaces, by the machine's name."""
        shown = socket.gethostname() if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        scheme, usual = ("https", 443) if self.tls else ("http", 80)
        return f"{scheme}://{shown}" + ("" if self.port == usual else f":{self.port}")

    def must_be_free(self) -> None:
        """Refuse ports in use, naming others that would do."""
        for taken in (self.port, self.port + 1):
            if not is_free(taken, self.host):
                other = next(
                    port
                    for port in range(self.port + 10, self.port + 10 * _PORTS_TRIED, 10)
                    if is_free(port, self.host) and is_free(port + 1, self.host)
                )
                raise PortTaken(port=taken, other=other)


def parts(engine: Engine, installation: Installation, address: Address) -> list[Part]:
    """The processes of an installation, each with the role it may be in the database and nothing more; their static files are collected."""
    static.collect(environment.home() / "static")
    common = {
        "DJANGO_SETTINGS_MODULE": "lianfang.config.settings",
        "LIANFANG_LOG": "json",
        "LIANFANG_HOME": str(environment.home()),
        "LIANFANG_DEMO": installation.demonstration or "",
        "LIANFANG_TLS": "1" if address.tls else "",
        "LIANFANG_ORIGINS": ",".join(filter(None, (os.environ.get("LIANFANG_ORIGINS"), address.origin))),
        "LIANFANG_INTAKE_PORT": str(address.port + 1),
        "PYTHONUNBUFFERED": "1",
    }
    common.update({"DATABASE_URL": ""} if engine.cluster is None else {})

    def part(name: str, role: str, command: Sequence[str], **more: str) -> Part:
        url = engine.server(role, installation.database).url()
        return Part(name, [sys.executable, *command], {**common, **more, "LIANFANG_DATABASE": url})

    tls = ["--tls", *map(str, address.tls)] if address.tls else []
    serve = ["-m", "lianfang.config.serve"]
    workers = str(min(2, os.cpu_count() or 1))
    web = [*serve, "web", "--host", address.host, "--port", str(address.port), "--workers", workers, *tls]
    intake = [*serve, "intake", "--host", address.host, "--port", str(address.port + 1), *tls]
    code = window.code_of(Home.here())
    told = {"LIANFANG_NODE": code, "LIANFANG_WINDOW": window.server(engine, FOLDER).url()} if code else {}
    return [
        part("web", "lianfang_web", web, LIANFANG_POOL=str(_POOL), LIANFANG_PREPARE=str(_PREPARE), LIANFANG_COLLECTED="1"),
        part("intake", "lianfang_intake", intake, LIANFANG_PREPARE=str(_PREPARE)),
        part("folder", "lianfang_folder", ["-m", "lianfang.config.main", "fold"]),
        replace(part("jobs", "lianfang_web", ["-m", "lianfang.config.main", "work"]), later=True),
        *([replace(part("upward", "lianfang_web", ["-m", "lianfang.config.main", "report"], **told), later=True)] if code else []),
    ]


def serve(home: Home, engine: Engine, installation: Installation, address: Address, claim: Claim) -> None:
    """Run all processes until Ctrl+C or SIGTERM. Raises when they do not become ready."""
    asyncio.run(_serve(home, engine, installation, address, claim))


async def _serve(home: Home, engine: Engine, installation: Installation, address: Address, claim: Claim) -> None:
    beats.forget("folder")
    supervisor = Supervisor(
        parts(engine, installation, address),
        home.logs,
        on_change=lambda pids: claim.tell(address.origin, pids),
        on_end=lambda name: say(_("{part} ended and is started again; see {log}").format(part=name, log=home.logs / f"{name}.log")),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stopping.set)
    running = asyncio.create_task(supervisor.run())
    watching = asyncio.create_task(_watch(home, engine, supervisor))
    keeping = asyncio.create_task(_keep_log(home, engine, supervisor))
    mending = asyncio.create_task(mend_again_and_again(home, installation.database, supervisor.stopping))
    try:
        if await _ready(supervisor, address):
            await supervisor.begin_the_rest()
            _tell(installation, address)
        await supervisor.stopping.wait()
        say(_("Stopping …"))
    finally:
        supervisor.stopping.set()
        await asyncio.gather(running, watching, keeping, mending)


async def _watch(home: Home, engine: Engine, supervisor: Supervisor) -> None:
    """Start our own server again when it is gone; the processes find it by themselves."""
    while engine.cluster is not None and not supervisor.stopping.is_set():
        try:
            await asyncio.wait_for(supervisor.stopping.wait(), _LOOK)
        except TimeoutError:
            if await asyncio.to_thread(engine.cluster.listens):
                continue
            say(_("The database ended and is started again; see {log}").format(log=engine.cluster.log))
            again, _started = await asyncio.to_thread(database.ensure_running, home)
            if again.administrator.port != engine.administrator.port:
                say(_("Its port was taken meanwhile: start again."))
                supervisor.stopping.set()


async def _keep_log(home: Home, engine: Engine, supervisor: Supervisor) -> None:
    """Take what the server hands over of its log into the newest backup."""
    while engine.cluster is not None and not supervisor.stopping.is_set():
        try:
            await asyncio.wait_for(supervisor.stopping.wait(), _KEEP)
        except TimeoutError:
            try:
                await asyncio.to_thread(archive.keep, home, engine.cluster)
            except (OSError, Refused) as failed:
                say(_("The log of changes could not be backed up: {why}").format(why=failed))


async def _ready(supervisor: Supervisor, address: Address) -> bool:
    """Wait until the pages answer; false when told to stop meanwhile."""
    for _try in range(_READY_WITHIN * 10):
        if supervisor.stopping.is_set():
            return False
        if failed := supervisor.failed_at_start():
            raise DiedAtStart(part=failed, log=supervisor.log_of(failed))
        if await asyncio.to_thread(answers, address):
            return True
        await asyncio.sleep(0.1)
    raise NotReady(seconds=_READY_WITHIN, log=supervisor.log_of("web"))


def answers(address: Address) -> bool:
    """Whether the pages and the folder say that they are well, and the intake listens."""
    host = "127.0.0.1" if address.host == "0.0.0.0" else address.host  # noqa: S104 - compared, not bound
    url = f"{'https' if address.tls else 'http'}://{host}:{address.port}/health/ready"
    # Our own certificate may be made for another name; this asks our own process whether it is there, and nothing else.
    context = None
    if address.tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as answer:  # noqa: S310 - our own address
            found = json.load(answer)
        with socket.create_connection((host, address.port + 1), timeout=5):
            return bool(found["ready"] and found["folder"])
    except (
        OSError,
        HTTPException,
        ValueError,
        KeyError,
    ):  # a socket may meet itself on a port where nobody listens, and read its own words
        return False


def _tell(installation: Installation, address: Address) -> None:
    say()
    say(_("联防 Lianfang is running at {address}").format(address=address.origin))
    if installation.cast:
        say(
            _("This is the demonstration “{name}”: invented people, kept in a database of its own.").format(name=installation.demonstration)
        )
        for line in installation.cast_at(address.origin):
            say(f"  {line}")
    if address.tls:
        say(_("Whether a phone is fit is shown on the phone at {address}").format(address=f"{address.origin}/field/test"))
    say(_("Stop it with Ctrl+C, or ./lianfang down from elsewhere."))
