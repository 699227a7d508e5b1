"""The two serving processes, each Granian around one application: `python -m lianfang.config.serve web|intake`.

The parent process of the workers imports neither Django nor the application, so that it stays small.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from lianfang.config import logs

APPLICATIONS = {
    "web": ("lianfang.config.wsgi:application", Interfaces.WSGI),
    "intake": ("lianfang.config.intake:application", Interfaces.ASGI),
}
_THREADS = 8  # requests a web worker answers at a time; most of a request is waiting: for the database, or for its turn (doors.field.frame)

_GRACE = 10  # seconds in which a worker may end its requests when told to stop


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="lianfang.config.serve")
    parser.add_argument("application", choices=sorted(APPLICATIONS))
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"))
    args = parser.parse_args()
    logs.catch_the_rest()
    target, interface = APPLICATIONS[args.application]
    certificate, key = args.tls or (None, None)
    Server(
        target,
        address=args.host,
        port=args.port,
        interface=interface,
        workers=args.workers,
        blocking_threads=_THREADS if interface is Interfaces.WSGI else None,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_level=LogLevels.info,
        log_dictconfig=logs.configuration(json_lines=True),
        ssl_cert=certificate,
        ssl_key=key,
        ssl_protocol_min=SSLProtocols.tls12,  # phones of ten years ago
    ).serve()


if __name__ == "__main__":
    main()
