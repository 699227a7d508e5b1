"""Logs as JSON lines without personal data.

A line holds the time, the level, the logger, the words the programmer wrote, and for a fault its class, its SQLSTATE and
the places in the code it passed. It never holds the fault's own message, which may quote what a person typed, nor a
query string or a body.
"""

from __future__ import annotations

import json
import logging
import logging.config
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

_SOURCE = Path(__file__).resolve().parents[2]
_FACTS = "facts"  # logger.info("…", extra={"facts": {…}})
_FRAMES = 12


def fault(kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> dict[str, Any]:
    """What may be told about an exception: classes, SQLSTATE and code places, down its chain of causes."""
    found: dict[str, Any] = {"class": f"{kind.__module__}.{kind.__qualname__}" if kind else ""}
    if sqlstate := getattr(value, "sqlstate", None):
        found["sqlstate"] = sqlstate
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    found["at"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    cause = value.__cause__ if value else None
    if cause is not None:
        found["cause"] = fault(type(cause), cause, cause.__traceback__)
    return found


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_SOURCE):
        return str(path.relative_to(_SOURCE))
    parts = path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :]) if "site-packages" in parts else path.name


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record; never raises for a value it cannot print."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "by": record.name,
            "says": record.getMessage(),
        }
        if named := request_id.get():
            line["request"] = named
        line.update(getattr(record, _FACTS, {}))
        if record.exc_info and record.exc_info[0]:
            line["fault"] = fault(*record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configuration(*, json_lines: bool) -> dict[str, Any]:
    """The configuration for `logging`: JSON lines for a serving process, plain warnings for a person at a terminal."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "lianfang.config.logs.JsonLines"}, "plain": {"format": "%(message)s"}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json" if json_lines else "plain"}},
        "root": {"handlers": ["out"], "level": "INFO" if json_lines else "WARNING"},
        "loggers": {
            # Django names the path and nothing else; its own mail to administrators is not used.
            "django": {"handlers": [], "propagate": True},
            # Of an address that leads nowhere Django would repeat what was typed.
            "django.request": {"handlers": [], "propagate": True, "level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            "_granian": {"handlers": [], "propagate": True, "level": "INFO" if json_lines else "WARNING"},
            "granian.access": {"handlers": [], "propagate": False},
        },
    }


def catch_the_rest() -> None:
    """Log what nobody caught in the same form, instead of Python's own trace, which quotes values."""

    def log_uncaught(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logging.getLogger("lianfang").critical("ended by a fault", exc_info=(kind, value, trace))

    logging.config.dictConfig(configuration(json_lines=True))
    sys.excepthook = log_uncaught
