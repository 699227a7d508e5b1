"""The shell of the field app: its one page, its service worker and its manifest, as `tools/field_app.py` built them.

None of it knows who asks: a phone fetches it once and keeps it, and everything about people comes later, through `/field/api/`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _

BUILT = Path(__file__).resolve().parent / "static" / "field"
_NOT_BUILT = 503
# As strict as the desk's, with the intake besides: records go straight to it. What is drawn moves by style attributes only.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What it takes to be let in, in the form the desk's declarations have: here nothing."""

    public: str
    methods: tuple[str, ...] = ("GET", "HEAD")
    ability: str = ""
    place: str | None = None
    person: str | None = None


View = Callable[[HttpRequest], HttpResponse]


def _shell(reason: str) -> Callable[[View], View]:
    """Declare a part of the shell, which everybody may fetch, and why."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return view(request)

        vars(run)["declared"] = Declared(reason)
        return run

    return declare


def intake_origin(request: HttpRequest) -> str:
    """Where the intake listens, as seen from this phone: the same name on its own port, or where LIANFANG_INTAKE says.

    Behind a proxy of one port LIANFANG_INTAKE is `/`: our own origin; else it is an origin, such as https://intake.example.cn.
    """
    named = os.environ.get("LIANFANG_INTAKE")
    if named:
        return named.rstrip("/") or "'self'"
    port = os.environ.get("LIANFANG_INTAKE_PORT", "")
    name = urlsplit(f"//{request.get_host()}").hostname or ""
    shown = f"[{name}]" if ":" in name else name
    return f"{request.scheme}://{shown}:{port}" if port else "'self'"


@_shell("the app itself, which holds nobody's data")
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app; also the end of a joining link, whose token stays in the fragment."""
    try:
        body = (BUILT / "index.html").read_bytes()
    except FileNotFoundError:
        words = _("The app for phones is not built here yet. Start the installation again with ./lianfang up; it says what is missing.")
        return HttpResponse(words, status=_NOT_BUILT, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(body, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = "; ".join(f"{kind} {sources}" for kind, sources in _SOURCES.items()) + (
        f"; connect-src 'self' {intake_origin(request)}"
    )
    answer["Cache-Control"] = "no-cache"
    answer["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@_shell("the service worker, which holds nobody's data")
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker. It lies at /field/, so that its scope is the app and nothing else."""
    try:
        body = (BUILT / "worker.js").read_bytes()
    except FileNotFoundError:
        return HttpResponse(status=_NOT_BUILT)
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@_shell("what the phone writes under the app's sign")
def manifest(_request: HttpRequest) -> HttpResponse:
    """The manifest of the installable app."""
    icons = [
        {"src": "/static/field/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "/static/field/icon-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": "/static/field/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    told = {
        "id": "/field/",
        "name": _("Lianfang"),
        "short_name": _("Lianfang"),
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
