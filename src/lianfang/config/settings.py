"""Django's settings, all from the environment (see `environment`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lianfang.config import environment, logs
from lianfang.kernel.db import connection_options

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent

_secrets = environment.secrets()
_key_file = _secrets / "django"
# Django refuses by itself to sign anything with an empty key, so that checks run without one.
SECRET_KEY = _key_file.read_text().strip() if _key_file.is_file() else ""
LIANFANG_KEYRING = _secrets / "keyring.json"
LIANFANG_FILES = environment.home() / "files"  # sealed files of books: photos
LIANFANG_DEMO = os.environ.get("LIANFANG_DEMO", "")
# Where calls go out as short messages, and the address of this installation in their links; empty: telephone trees only.
LIANFANG_SMS_URL = os.environ.get("LIANFANG_SMS_URL", "")
LIANFANG_SMS_TOKEN = os.environ.get("LIANFANG_SMS_TOKEN", "")
# Where calls go out as e-mail too; empty: they do not.
LIANFANG_EMAIL_HOST = os.environ.get("LIANFANG_EMAIL_HOST", "")
LIANFANG_EMAIL_PORT = int(os.environ.get("LIANFANG_EMAIL_PORT", "587"))
LIANFANG_EMAIL_USER = os.environ.get("LIANFANG_EMAIL_USER", "")
LIANFANG_EMAIL_PASSWORD = os.environ.get("LIANFANG_EMAIL_PASSWORD", "")
LIANFANG_EMAIL_TLS = os.environ.get("LIANFANG_EMAIL_TLS", "yes") == "yes"
LIANFANG_EMAIL_FROM = os.environ.get("LIANFANG_EMAIL_FROM", "lianfang@localhost")
LIANFANG_PUBLIC_URL = os.environ.get("LIANFANG_PUBLIC_URL", "").rstrip("/")

DEBUG = False
ALLOWED_HOSTS = ["*"]
_tls = environment.flag("LIANFANG_TLS")
CSRF_TRUSTED_ORIGINS = environment.listed("LIANFANG_ORIGINS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

_OURS = [
    "lianfang.ground.changes",
    "lianfang.ground.places",
    "lianfang.ground.people",
    "lianfang.ground.accounts",
    "lianfang.ground.incidents",
    "lianfang.ground.organisations",
    "lianfang.ground.rosters",
    "lianfang.ledger",
    "lianfang.work.rounds",
    "lianfang.work.matters",
    "lianfang.work.mobilisation",
    "lianfang.work.orders",
    "lianfang.work.outreach",
    "lianfang.headquarters.upward",
    "lianfang.headquarters.bulletins",
    "lianfang.headquarters.playbooks",
    "lianfang.headquarters.closing",
    "lianfang.doors.desk",
    "lianfang.doors.residents",
    "lianfang.doors.field",
]


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *_OURS,
]
AUTH_USER_MODEL = "accounts.Account"

MIDDLEWARE = [
    "lianfang.config.middleware.log_requests",
    "lianfang.config.middleware.protect",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lianfang.config.urls"
WSGI_APPLICATION = "lianfang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_server = environment.database()
# A server whose machine is gone says nothing: it is given up after these seconds, not after the quarter of an hour of TCP.
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _server.host,
        "PORT": str(_server.port),
        "NAME": _server.name,
        "USER": _server.user,
        "PASSWORD": _server.password,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a pooled connection may be older than the server it leads to
        "OPTIONS": {**_PATIENCE, **dict(_server.extra), "options": connection_options()},
    },
}
if _pool := int(os.environ.get("LIANFANG_POOL", "0")):
    # There is a connection for each thread, so that one waits here only while the database is away: then briefly, so that all
    # threads are free when it is back, and without the growing pauses of the pool, which are made for whoever has nowhere else to ask.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 1.0, "reconnect_timeout": 0.2}
if _prepare := int(os.environ.get("LIANFANG_PREPARE", "0")):  # for a process that says the same things often
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = _prepare
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
# `up` collects static files under hashed names (`config.static`); elsewhere they are served out of the packages.
WHITENOISE_USE_FINDERS = not environment.flag("LIANFANG_COLLECTED")
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else environment.home() / "static"
WHITENOISE_MAX_AGE = 600  # of names without a hash
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if WHITENOISE_USE_FINDERS else "lianfang.config.static.Files",
    },
}
CSRF_FAILURE_VIEW = "lianfang.doors.desk.pages.stale_form"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LOGGING = logs.configuration(json_lines=os.environ.get("LIANFANG_LOG") == "json")
