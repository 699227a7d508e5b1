"""The figures of an incident as a whole, for the report at its end: counted from records and dated rows, and telling nobody's name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.incidents import queries as incidents
from lianfang.headquarters.playbooks.models import Service
from lianfang.kernel import clock
from lianfang.kernel.ids import IncidentId
from lianfang.kernel.ranges import EVERYWHERE
from lianfang.ledger.types import REAL
from lianfang.work.orders import queries as orders
from lianfang.work.rounds import queries as rounds

# Each a count of rows of the incident, once for each thing that ever was.
_COUNTS = {
    "bodies": "select count(*) from organisations_branch where incident_id = %(incident)s and founded_on is not null",
    "bodies_standing": "select count(*) from organisations_branch where incident_id = %(incident)s and state = 'converted'",
    "teams": "select count(*) from organisations_team where incident_id = %(incident)s",
    "posts": "select count(*) from organisations_post where incident_id = %(incident)s",
    "areas": "select count(distinct area_id) from organisations_responsibility where incident_id = %(incident)s",
    "needs": "select count(*) from mobilisation_need where incident = %(incident)s",
    "sent": "select count(distinct s.person) from mobilisation_assignment s join mobilisation_need n on n.id = s.need_id "
    "where n.incident = %(incident)s",
    "measures": "select count(*) from incidents_measure where incident_id = %(incident)s",
    "matters": "select count(*) from matters_matter where book = any(%(books)s) or stream = %(incident)s",
    "matters_settled": "select count(*) from matters_matter where (book = any(%(books)s) or stream = %(incident)s) "
    "and (settled_at is not null or id = any(%(closed)s))",
    "calls": "select count(*) from mobilisation_call where book = any(%(books)s) or id = any(%(calls)s)",
    "called": "select count(*) from mobilisation_summons s join mobilisation_call c on c.id = s.call_id "
    "where c.book = any(%(books)s) or c.id = any(%(calls)s)",
    "answered": "select count(*) from mobilisation_summons s join mobilisation_call c on c.id = s.call_id "
    "where (c.book = any(%(books)s) or c.id = any(%(calls)s)) and s.answer is not null",
    "came": "select count(*) from mobilisation_summons s join mobilisation_call c on c.id = s.call_id "
    "where (c.book = any(%(books)s) or c.id = any(%(calls)s)) and s.answer = 'here'",
    "records": "select count(*) from ledger_record where book = any(%(books)s)",
}


def figures_of(incident: IncidentId, run_id: UUID) -> dict[str, Any]:
    """Everything the closing report says: the decisions, the counts, the orders, and the incident's days one by one."""
    told = incidents.incident(incident)
    now = clock.now()
    first, last = clock.local(told.opened_at).date(), clock.local(now).date()
    ranges = incidents.incident_ranges(told)
    days = rounds.days(ranges, first, last) if not told.drill else []
    people = list(Service.objects.filter(run_id=run_id).values_list("days", "minutes"))
    return {
        "name": told.name, "kind": told.kind.value, "level": told.level.value if told.level else "", "drill": told.drill,
        "opened_at": told.opened_at.isoformat(), "closed_at": now.isoformat(), "length": (last - first).days + 1,
        "counts": _counts(incident, run_id)
        | {"people": len(people), "person_days": sum(one[0] for one in people), "hours": round(sum(one[1] for one in people) / 60)}
        | {"visits": sum(day.visits for day in days), "rounds": len(_rounds(incident))},
        "orders": [_order(order.id) for order in orders.orders_within([EVERYWHERE], incident=incident, limit=1000)],
        "days": [[day.day.isoformat(), day.visits, day.settled] for day in days],
        "decisions": [
            [one.at.isoformat(), one.step.value, one.ground.authority, one.ground.document] for one in incidents.decisions(incident)
        ],
    }  # fmt: skip


def _counts(incident: IncidentId, run_id: UUID) -> dict[str, int]:
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_book where incident = %s", [incident])
        books = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "select i.made from playbooks_item i join playbooks_run r on r.id = i.run_id "
            "where r.incident = %s and r.kind = 'activation' and i.section = 'calls' and i.made is not null",
            [incident],
        )
        facts: dict[str, Any] = {"incident": incident, "books": books, "calls": [row[0] for row in cursor.fetchall()]}
        # Settled a moment ago by the run itself, and perhaps not folded yet.
        cursor.execute(
            "select (told ->> 'of')::uuid from playbooks_item where run_id = %s and section = 'tasks' and state = 'done'", [run_id]
        )
        facts["closed"] = [row[0] for row in cursor.fetchall()]
        for name, sql in _COUNTS.items():
            cursor.execute(sql, facts)
            found[name] = int(cursor.fetchone()[0])
    return found


def _rounds(incident: IncidentId) -> list[UUID]:
    told = incidents.incident(incident)
    stream = incident if told.drill else REAL
    found = rounds.rounds(incidents.incident_ranges(told), drills=True, limit=10_000)
    return [one.id for one in found if one.incident == incident and one.stream == stream]


def _order(order_id: Any) -> list[Any]:
    told = orders.order(order_id)
    everybody = orders.recipients(told)
    acknowledged = sum(one.acknowledged_at is not None for one in everybody)
    completed = sum(one.completed_at is not None for one in everybody)
    return [told.issued_at.isoformat(), told.title, told.document, len(everybody), acknowledged, completed]
