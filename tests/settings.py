"""Settings for the tests: a server given by LIANFANG_TEST_SERVER (its superuser), a database of the run's own.

LIANFANG_TEST_SERVER    postgresql://superuser:password@host:port  (default: a development server on port 55432);
                        several, with commas between, are one for each worker of xdist
LIANFANG_TEST_DATABASE  name of the database to make (default: test_lianfang; with xdist a suffix is added)
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg

from lianfang.config.environment import Server
from lianfang.config.runtime.roles import ROLES, make_roles
from lianfang.kernel.db import ONLY_FOR_TESTS
from lianfang.kernel.roles import OWNER
from lianfang.kernel.sealing import Keyring

ROLE_PASSWORD = "only-for-tests"
_SERVERS = os.environ.get("LIANFANG_TEST_SERVER", "postgresql://lianfang:dev@127.0.0.1:55432/postgres").split(",")
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
SERVER = Server.from_url(_SERVERS[_WORKER % len(_SERVERS)])
DATABASE = os.environ.get("LIANFANG_TEST_DATABASE", "test_lianfang")


def _prepare() -> None:
    secrets = Path(tempfile.mkdtemp(prefix="lianfang-test-"))
    atexit.register(shutil.rmtree, secrets, ignore_errors=True)
    (secrets / "django").write_text("a-key-only-for-tests-" + "x" * 40)
    Keyring.generate().write(secrets / "keyring.json")
    os.environ["LIANFANG_SECRETS"] = str(secrets)
    os.environ["LIANFANG_HOME"] = str(secrets / "home")
    with psycopg.connect(replace(SERVER, name=SERVER.name or "postgres").url(), autocommit=True) as server:
        make_roles(server, dict.fromkeys(ROLES, ROLE_PASSWORD))
        for role in ROLES:  # a server for tests may be set to lose what it confirms, for speed
            server.execute(f"alter role {role} set {ONLY_FOR_TESTS} = 'on'".encode())
    os.environ["LIANFANG_DATABASE"] = replace(SERVER, user=OWNER, password=ROLE_PASSWORD, name="postgres").url()


_prepare()

from lianfang.config.settings import *  # noqa: E402, F403 - the environment must stand before the settings are read

DATABASES["default"]["TEST"] = {"NAME": DATABASE}  # noqa: F405 - comes with the star
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of sign-ins: scrypt would take minutes
