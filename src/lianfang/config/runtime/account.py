"""The account that the database runs as: oneself, or an unprivileged account when started as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianfang.config.runtime.troubles import NoAccount, PathClosed


@dataclass(frozen=True, slots=True)
class Account:
    """A system account other than ours."""

    name: str
    uid: int
    gid: int

    def terms(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def chosen(cluster: Path) -> Account | None:
    """The account for a cluster: none (oneself) unless root; the owner of an existing one; else postgres, else nobody."""
    if os.geteuid() != 0:
        return None
    candidates = ["postgres", "nobody"]
    if cluster.exists() and cluster.stat().st_uid != 0:
        candidates.insert(0, pwd.getpwuid(cluster.stat().st_uid).pw_name)
    for name in candidates:
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(known.pw_name, known.pw_uid, known.pw_gid)
    raise NoAccount


def run(account: Account | None, command: Sequence[str | Path], **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command as the account, away from our own directory (which it may not be allowed to see)."""
    terms = account.terms() if account else {}
    return subprocess.run([str(part) for part in command], cwd="/", text=True, capture_output=True, check=False, **terms, **more)


def must_enter(account: Account | None, path: Path) -> None:
    """Raise PathClosed, naming the first directory on the way that the account may not enter."""
    steps = [step for step in reversed((path, *path.parents)) if step.exists()]
    tried = run(account, ["/bin/sh", "-c", 'for step do [ -x "$step" ] || { printf %s "$step"; exit 1; }; done', "sh", *steps])
    if tried.returncode:
        raise PathClosed(account=account.name if account else pwd.getpwuid(os.geteuid()).pw_name, path=tried.stdout)
