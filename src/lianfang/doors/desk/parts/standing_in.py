"""Offices that somebody holds for somebody else, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lianfang.ground.accounts import queries as accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lianfang.headquarters.playbooks.takeover_types import OfficeStoodIn
    from lianfang.kernel.ids import AccountId


def rows(found: Iterable[OfficeStoodIn], me: AccountId | None = None) -> list[dict[str, Any]]:
    """Each office with who holds it for whom, on what paper; `mine`: the reader's own, held by another."""
    listed = list(found)
    names = accounts.names_of({one for row in listed for one in (row.account_before, row.account_now)})
    return [
        {
            "role": one.role, "scope": one.scope, "now": names.get(one.account_now, ""), "before": names.get(one.account_before, ""),
            "taken_by": one.takeover.taken_by, "document": one.takeover.document, "since": one.takeover.valid_from, "until": one.takeover.until,
            "mine": one.account_before == me,
        }
        for one in listed
    ]  # fmt: skip
