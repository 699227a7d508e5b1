"""Rosters of a community, and one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count

from lianfang.ground.rosters.loading_types import MissingBuilding, QuestionKind, RosterNotFound, RosterSeen, State, Summary, Verdict
from lianfang.ground.rosters.models import Content, Question, Remembered, Roster, Row
from lianfang.ground.rosters.rules.staged import as_refusal
from lianfang.kernel.ids import PlaceId


def roster_row(roster_id: UUID) -> Roster:
    """The roster's row. Raises RosterNotFound."""
    row = Roster.objects.filter(pk=roster_id).select_related("community").first()
    if row is None:
        raise RosterNotFound
    return row


def remembered_for(community_id: UUID) -> dict[str, list[str]]:
    """What a community said of the columns of its sheets, by signature."""
    return dict(Remembered.objects.filter(community_id=community_id).values_list("signature", "columns"))


def summary_of(roster: Roster) -> Summary:
    """The sums of a roster's verdicts and reasons, as they stand now."""
    rows = Row.objects.filter(roster_id=roster.id, person=True)
    counted = rows.exclude(verdict="").values_list("verdict", "reason").annotate(count=Count("id")).order_by("verdict", "reason")
    verdicts: dict[str, int] = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    reasons: dict[str, int] = {}
    for verdict, reason, count in counted:
        verdicts[verdict] += count
        reasons[reason] = reasons.get(reason, 0) + count
    counts = roster.counts
    before = Roster.objects.filter(community_id=roster.community_id, digest=roster.digest, state=State.LOADED).exclude(pk=roster.id)
    return Summary(
        rows=sum(verdicts.values()),
        doors=counts.get("doors", 0),
        **verdicts,
        reasons=reasons,
        left_out=Question.objects.filter(roster_id=roster.id, kind=QuestionKind.LEFT_OUT, settlement="").count(),
        questions=Question.objects.filter(roster_id=roster.id, settlement="").exclude(kind=QuestionKind.LEFT_OUT).count(),
        missing_doors=counts.get("missing_doors", 0),
        likely=counts.get("likely", 0),
        other_rows=counts.get("other_rows", 0),
        same_file=before.exists(),
    )


def history(community_id: PlaceId, limit: int = 50) -> list[RosterSeen]:
    """The rosters of a community, the latest first."""
    found = list(Roster.objects.filter(community_id=community_id).order_by("-brought_at")[:limit])
    kept = set(Content.objects.filter(roster__in=found, part=0).values_list("roster_id", flat=True))
    return [_seen(row, content_kept=row.id in kept) for row in found]


def roster(roster_id: UUID) -> RosterSeen:
    """One roster with its sums. Raises RosterNotFound."""
    row = roster_row(roster_id)
    return _seen(row, content_kept=Content.objects.filter(roster_id=roster_id).exists())


def summary(roster_id: UUID) -> Summary:
    """The sums of a roster. Raises RosterNotFound."""
    return summary_of(roster_row(roster_id))


def _seen(row: Roster, *, content_kept: bool) -> RosterSeen:
    return RosterSeen(
        roster_id=row.id,
        place_id=PlaceId(row.community_id),
        name=row.name,
        form=row.form,
        size=row.size,
        state=State(row.state),
        brought_by=row.brought_by,
        brought_at=row.brought_at,
        loaded_at=row.loaded_at,
        summary=summary_of(row),
        done=row.done,
        total=row.total,
        refusal=as_refusal(*row.refusal) if row.refusal else None,
        content_kept=content_kept,
        erased_at=row.erased_at,
    )


def layouts_of(roster_id: UUID) -> list[dict[str, Any]]:
    """How the sheets of a roster are laid out: sheet, headings, columns, how sure each is, and by whom."""
    return list(roster_row(roster_id).layouts)


def left_out_sheets(roster_id: UUID) -> list[tuple[str, Any]]:
    """Sheets that were not read, and why."""
    return [(sheet, as_refusal(code, facts)) for sheet, code, facts in roster_row(roster_id).left_out]


def missing_of(roster_id: UUID) -> list[MissingBuilding]:
    """Doors that the roster names and the tree lacks, by building."""
    return [
        MissingBuilding(compound, building, units=units, doors=doors, sample=sample)
        for compound, building, units, doors, sample in roster_row(roster_id).counts.get("missing", ())
    ]


def latest(community_id: PlaceId) -> UUID:
    """The roster of a community that was loaded last. Raises RosterNotFound."""
    found = Roster.objects.filter(community_id=community_id, state=State.LOADED).order_by("-loaded_at").values_list("pk", flat=True).first()
    if found is None:
        raise RosterNotFound
    return found
