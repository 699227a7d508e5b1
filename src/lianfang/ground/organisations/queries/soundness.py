"""What must hold among organisations; `doctor` asks."""

from __future__ import annotations

from django.db import connection
from django.db.models import F, Q

from lianfang.ground.organisations.models import Organisation
from lianfang.kernel.soundness import Finding


def checks() -> list[Finding]:
    """Ranges nested and apart, nothing live below what has ended, grants as wide as their organisation."""
    return [_nested(), _apart(), _ended(), _grants()]


def _grants() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select g.id::text from accounts_grant g join organisations_organisation o on o.id = g.organisation_id
            where g.revoked_at is null and (o.valid_to is not null or (g.organisation_lo, g.organisation_hi) <> (o.lo, o.hi))
            """,
        )
        ids = [row[0] for row in cursor.fetchall()]
    return Finding(
        "organisations.grants",
        not ids,
        f"grants over an organisation that has ended, or of another range: {', '.join(ids[:5]) or 0}",
        "Revoke them with `accounts revoke GRANT`.",
    )


def _nested() -> Finding:
    outside = Organisation.objects.filter(parent__isnull=False).exclude(Q(lo__gt=F("parent__lo")) & Q(hi__lte=F("parent__hi")))
    ids = [str(pk) for pk in outside.values_list("pk", flat=True)[:5]]
    return Finding(
        "organisations.nested",
        not ids,
        f"organisations outside their parent's range: {', '.join(ids) or 0}",
        "Restore the last backup: numbers are given once and never change.",
    )


def _apart() -> Finding:
    """Siblings do not overlap: of each pair next to each other by number."""
    overlapping, before = [], None
    for row in Organisation.objects.order_by("parent_id", "lo").values_list("pk", "parent_id", "lo", "hi"):
        if before is not None and before[1] == row[1] and row[2] < before[3]:
            overlapping.append(str(row[0]))
        before = row
    return Finding(
        "organisations.apart",
        not overlapping,
        f"organisations whose range overlaps a sibling's: {', '.join(overlapping[:5]) or 0}",
        "Restore the last backup: numbers are given once and never change.",
    )


def _ended() -> Finding:
    ids = [str(pk) for pk in Organisation.objects.filter(valid_to=None, parent__valid_to__isnull=False).values_list("pk", flat=True)[:5]]
    return Finding(
        "organisations.ended",
        not ids,
        f"live organisations below an ended one: {', '.join(ids) or 0}",
        "End them, or found them anew elsewhere.",
    )
