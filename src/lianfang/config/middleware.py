"""What every answer shares: a request id, the headers that protect the reader, and one line in the log."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lianfang.config.logs import request_id

_log = logging.getLogger("lianfang.requests")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

Answer = Callable[[HttpRequest], HttpResponseBase]

# No script, style sheet, font or frame from elsewhere, and no script inside a page. Style attributes are allowed: bars
# and charts are drawn with them, and they can run nothing.
_SOURCES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{kind} {sources}" for kind, sources in _SOURCES.items())
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
_YEAR = 31_536_000
NOWHERE = "—"
"""In the log for an address that leads nowhere: it is whatever somebody typed, which may be a name."""


def protect(get_response: Answer) -> Answer:
    """Add the protecting headers; pages that show people are not kept by caches on the way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_SECURE:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def log_requests(get_response: Answer) -> Answer:
    """One line for each request: method, path (ids, never a query string), status, milliseconds. Names the request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        name = given if _ID.fullmatch(given) else uuid4().hex
        mark = request_id.set(name)
        began = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = name
            _log.info(
                "answered",
                extra={
                    "facts": {
                        "method": request.method,
                        "path": request.path if request.resolver_match else NOWHERE,
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - began) * 1000, 1),
                    }
                },
            )
            return response
        finally:
            request_id.reset(mark)

    return answer
