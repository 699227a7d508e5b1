"""What the table of endpoints plays on: the cast, with something of every kind that an address may name, all of community A."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.ground.accounts import access
from lianfang.ground.accounts import commands as accounts
from lianfang.ground.accounts import queries as account_queries
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.incidents import commands as incidents
from lianfang.ground.organisations import commands as organisations
from lianfang.ground.organisations.force_types import NewPost, NewTeam, PostKind, TeamKind
from lianfang.ground.organisations.types import OrganisationKind
from lianfang.ground.places import queries as places
from lianfang.ground.rosters import queries as rosters
from lianfang.headquarters.bulletins import commands as bulletins
from lianfang.headquarters.bulletins import subjects
from lianfang.headquarters.bulletins.definitions import definition
from lianfang.headquarters.closing import commands as closing
from lianfang.headquarters.closing import types as closing_types
from lianfang.headquarters.closing.models import Hold
from lianfang.headquarters.playbooks import commands as playbooks
from lianfang.headquarters.playbooks.content import example
from lianfang.headquarters.playbooks.types import StandDown, Switch
from lianfang.kernel import clock
from lianfang.kernel.figures import Period
from lianfang.kernel.ids import IncidentId, new_id
from lianfang.ledger import intake
from lianfang.ledger.kinds.doorsteps import Outcome
from lianfang.ledger.kinds.errands import About
from lianfang.ledger.types import Author
from lianfang.work.matters import commands as matters
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.queries import forces
from lianfang.work.mobilisation.types import Came, NeedKind, NewCall, NewForce, NewNeed
from lianfang.work.orders import commands as orders
from lianfang.work.orders.types import NewOrder
from lianfang.work.outreach import commands as outreach
from lianfang.work.outreach.types import NewMessage
from lianfang.work.rounds import commands as rounds
from lianfang.work.rounds import queries as round_queries
from lianfang.work.rounds.types import NewRound
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import Cast, make_cast
from tests.factories.closing import idle_machine
from tests.factories.incidents import ORDER, opened, raised
from tests.factories.loaded_rosters import brought, line, loaded, roster_of
from tests.factories.people import paper_number
from tests.factories.pictures import answered, jpeg
from tests.ledger.folded import fold_all


@dataclass(frozen=True, slots=True)
class Scene:
    """The cast and what belongs to A: a visit, a matter, a record that waits, a device, a grant, a joining link, the sign of a door, a round."""

    cast: Cast
    record: UUID
    photo: UUID
    matter: UUID
    waiting: UUID
    device: UUID
    grant: UUID
    joining: str
    sign: str
    roster: UUID
    roster_tried: UUID
    roster_row: int
    roster_question: int
    issue: UUID
    round: UUID
    line: UUID
    incident: UUID
    over: UUID
    erased: UUID
    held: UUID
    measure: UUID
    order: UUID
    message: UUID
    arrival: UUID
    draft: UUID
    organisation: UUID
    force: UUID
    plan: UUID
    run: UUID
    down: UUID
    post: UUID
    team: UUID
    spell: UUID
    call: UUID


@dataclass(frozen=True, slots=True)
class Case:
    """How one endpoint is tried.

    `arguments` are those of its address, `body` what is posted, `query` what follows the question mark. `right` signs in where it must be
    let in. `own`: it names nothing in its address and shows or changes what is one's own, so that the outsider is let in too and
    must find nothing of A. `open`: no account is asked for, with the status that a bare call gets.
    """

    arguments: Callable[[Scene], dict[str, Any]] = field(default=lambda scene: {})
    body: Callable[[Scene], dict[str, Any]] = field(default=lambda scene: {})
    query: Callable[[Scene], dict[str, str]] = field(default=lambda scene: {})
    right: str = "secretary.a"
    own: bool = False
    open: int = 0
    outsider_body: bool = True


def ended(name: str, cast: Cast) -> IncidentId:
    """An incident over A that has ended."""
    incident = opened(name, place=cast.a.place_id)
    incidents.end_incident(incident, ORDER, by=access.local_administrator())
    return incident


def erase(incident: IncidentId, cast: Cast) -> UUID:
    """Its erasure, proposed by the city and confirmed by its data-protection officer (login officer), who keeps something of it: that hold."""
    officer = account_of("孙示例", login="officer", order=71, password=True)
    grant_to(officer, Role.DATA_PROTECTION, OverPlace(cast.city.place_id))
    told = closing.propose(incident, closing_types.Ground("绿园区人民政府", "示例〔2022〕9号"), by=cast.city_command)
    closing.confirm(told.id, by=access.actor_of_id(officer))
    closing.work_off(idle_machine())
    kept = Hold(
        id=new_id(), incident=incident, position=cast.a.lo, kind="record", item=new_id(), reason="示例", authority="示例纪委",
        until=clock.today() + timedelta(days=90), keeper=officer, held_at=clock.now(),
    )  # fmt: skip
    kept.save(force_insert=True)
    return UUID(str(kept.id))


def make_scene() -> Scene:
    """Build it in an empty database."""
    cast = make_cast()
    rounds.record_visit(cast.a_door.place_id, Outcome.LIT, by=cast.secretary)
    saved = rounds.record_visit(cast.a_door.place_id, Outcome.SEEN, by=cast.grid_worker, people_seen=2)
    matter = matters.raise_matter(cast.a_door.place_id, About.HELP_WANTED, clock.now() + timedelta(days=1), by=cast.grid_worker)
    stray = {
        "id": str(new_id()),
        "kind": "visit",
        "version": 2,
        "place": str(cast.a_door.id),
        "occurred_at": clock.now().isoformat(),
        "payload": {"outcome": "seen", "people_seen": 1},
    }
    [verdict] = intake.take([stray], Author(cast.account("secretary.b")))
    assert verdict.word.value == "quarantined"
    photo = new_id()
    pictured = {**stray, **answered(jpeg()), "id": str(photo), "place": str(places.doors_of(cast.a_building)[2].id)}
    [verdict] = intake.take([pictured], Author(cast.account("grid.a")))
    assert verdict.word.value == "kept"
    told = rounds.open_round(NewRound("示例", "headcount", clock.now() + timedelta(days=1), place=cast.a.place_id), by=cast.secretary)
    came = rounds.record_arrival(
        cast.a_door.place_id, clock.today(), by=cast.grid_worker, subject=cast.resident, from_country="JP", rule="health_watch_3"
    )
    incident = opened("示例事件", place=cast.a.place_id)
    measure = raised(incident, "one_gate", place=cast.a.place_id)
    over, erased = ended("示例已结束", cast), ended("示例已销毁", cast)
    held = erase(erased, cast)
    order = orders.issue_order(
        NewOrder(
            "示例通知",
            "示例",
            "",
            cast.street.place_id,
            "community",
            clock.now() + timedelta(hours=1),
            clock.now() + timedelta(days=1),
            area=cast.a_grid,
        ),
        by=access.local_administrator(),
    )
    here = organisations.open_posts([NewPost("东门岗", PostKind.PIONEER, cast.a.place_id, "查码")], by=None)
    spell = mobilisation.sign_on(cast.a.place_id, by=cast.secretary, post=here[0])
    fold_all()
    [line] = round_queries.lines([cast.a.range], clock.now() - timedelta(days=1))
    message = outreach.send(NewMessage("示例", "示例", cast.a.place_id), by=cast.secretary)
    device = accounts.add_device(cast.account("grid.a"), "示例手机", by=access.local_administrator())
    [grant] = account_queries.grants_of(cast.account("grid.a"))
    joining = accounts.invite(cast.account("grid.a"), by=access.local_administrator())
    [sign] = accounts.door_signs([cast.a_door.place_id], by=None)
    with access.scoped(cast.secretary):
        two_days_ago = clock.today() - timedelta(days=2)
        subject = subjects.of_place(cast.a)
        published = bulletins.publish(definition("daily"), subject, Period(two_days_ago, two_days_ago), by=cast.secretary)
    return Scene(
        cast,
        record=saved.record_id,
        photo=photo,
        matter=matter.record_id,
        waiting=UUID(str(stray["id"])),
        device=device.device_id,
        grant=grant.grant_id,
        joining=joining.token,
        sign=sign.token,
        **_roster(cast),
        issue=published.id,
        round=told.id,
        line=line.id,
        incident=incident,
        over=over,
        erased=erased,
        held=held,
        measure=measure,
        order=order.record_id,
        message=message.id,
        arrival=came.record_id,
        draft=_draft(cast),
        **_plan(cast),
        post=here[0],
        team=organisations.form_teams([NewTeam("甲社区突击队", TeamKind.COMMANDO, cast.a.place_id)], by=None)[0],
        spell=spell.record_id,
        call=mobilisation.call_up(NewCall(cast.a.place_id, "请到社区集合", 1), by=cast.secretary).call_id,
        force=forces([cast.a.range])[0].force_id,
        organisation=organisations.found_organisation("示例支部", OrganisationKind.PARTY_BRANCH, by=None, place=cast.a.place_id),
    )


def _roster(cast: Cast) -> dict[str, Any]:
    """Rosters of A: one that was loaded, with a row that waits and a question, and one that was read and waits to be loaded."""
    content = roster_of(line("王示例", paper=paper_number(55)), line("钱示新", "9-9-909"))
    roster_id, _ = loaded(cast.a, content, cast.secretary)
    [waiting] = [row for row in rosters.rows_of(roster_id) if row.row_id and "laid out" in str(row.reasons[0])]
    [question] = rosters.questions(roster_id)
    tried = brought(cast.a, roster_of(line("孙示新", "1-1-101")), cast.secretary, "又一份.xlsx")
    return {"roster": roster_id, "roster_tried": tried, "roster_row": waiting.row_id, "roster_question": question.question_id}


def _plan(cast: Cast) -> dict[str, UUID]:
    """A plan of A, an activation of it whose last step was taken back, and another incident of A that was stood down."""
    by = access.local_administrator()
    name, kind, content = example("flood")
    plan = playbooks.draw_up(name, kind, cast.a.place_id, replace(content, assign=False), by=by)
    run = playbooks.activate(plan.plan_id, Switch(ORDER, clock.now() + timedelta(days=3)), by=by)
    playbooks.carry_on(run.run_id)
    playbooks.undo_last(run.run_id, by=by)
    playbooks.carry_on(run.run_id)
    down = playbooks.stand_down(opened("又一示例", place=cast.a.place_id), StandDown(ORDER), by=by)
    playbooks.carry_on(down.run_id)
    return {"plan": plan.plan_id, "run": run.run_id, "down": down.run_id}


def _draft(cast: Cast) -> UUID:
    """A draft of A that is ready: one need, and one of the residents who fills it."""
    mobilisation.register(NewForce(cast.resident, Came.MEMBER, cast.a_door.place_id), by=cast.secretary)
    mobilisation.ask_for(NewNeed("示例岗", NeedKind.POST, cast.a.place_id, 1, 1), by=cast.secretary)
    return mobilisation.make(mobilisation.ask_for_draft(cast.a.place_id, by=cast.secretary).draft_id, by=cast.secretary).draft_id


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and a digest of every table, so that "denied" can be proved to mean "unchanged". Sessions come and go by themselves."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' and tablename <> 'django_session' order by 1")
        found: dict[str, tuple[int, str]] = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from "{table}" t')
            found[table] = cursor.fetchone()
        return found


def unchanged(before: dict[str, tuple[int, str]]) -> bool:
    """Whether all tables are as they were; whoever was given no number as a writer has written nothing, and no table need be read."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id_if_assigned() is null")
        (nothing,) = cursor.fetchone()
    return nothing or fingerprint() == before
