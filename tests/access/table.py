"""The table: every address of the product, and how it is tried against nobody, the wrong place and the right place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from lianfang.doors.field.shell import BUILT
from lianfang.ground.rosters.rules import templates
from lianfang.kernel import clock
from lianfang.kernel.ids import new_id
from tests.access.scene import Case, Scene


def community(scene: Scene) -> dict[str, Any]:
    return {"place_id": scene.cast.a.id}


def building(scene: Scene) -> dict[str, Any]:
    return {"place_id": scene.cast.a_building.id}


def door(scene: Scene) -> dict[str, Any]:
    return {"place_id": scene.cast.a_door.id}


def area(scene: Scene) -> dict[str, Any]:
    return {"area_id": scene.cast.a_grid}


def person(scene: Scene) -> dict[str, Any]:
    return {"person_id": scene.cast.resident}


def account(scene: Scene) -> dict[str, Any]:
    return {"account_id": scene.cast.account("grid.a")}


def record(scene: Scene) -> dict[str, Any]:
    return {"record_id": scene.record}


def matter(scene: Scene) -> dict[str, Any]:
    return {"matter_id": scene.matter}


def figure(scene: Scene) -> dict[str, Any]:
    return {**community(scene), "key": "visits"}


def roster(scene: Scene) -> dict[str, Any]:
    return {"roster_id": scene.roster}


def tried(scene: Scene) -> dict[str, Any]:
    return {"roster_id": scene.roster_tried}


def more_time() -> dict[str, Any]:
    return {"until": (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), "reason": "示例"}


def the_round(scene: Scene) -> dict[str, Any]:
    return {**community(scene), "round_id": scene.round}


def sign(scene: Scene) -> dict[str, Any]:
    return {"token": scene.sign}


def issue(scene: Scene) -> dict[str, Any]:
    return {"issue_id": scene.issue}


def daily(scene: Scene) -> dict[str, Any]:
    return {**community(scene), "name": "daily"}


def campaign(scene: Scene) -> dict[str, Any]:
    return {"campaign_id": scene.round}


def incident(scene: Scene) -> dict[str, Any]:
    return {"incident_id": scene.incident}


def order(scene: Scene) -> dict[str, Any]:
    return {"order_id": scene.order}


def decision(_: Scene) -> dict[str, Any]:
    return {**more_time(), "authority": "绿园区人民政府", "document": "示例〔2022〕8号"}


def plan(scene: Scene) -> dict[str, Any]:
    return {"plan_id": scene.plan}


def run(scene: Scene) -> dict[str, Any]:
    return {"run_id": scene.run}


def switch(scene: Scene) -> dict[str, Any]:
    return {**decision(scene), "expires_at": (clock.now() + timedelta(days=3)).isoformat(), "drill": True}


def post(scene: Scene) -> dict[str, Any]:
    return {"post_id": scene.post}


def team(scene: Scene) -> dict[str, Any]:
    return {"team_id": scene.team}


def spell(scene: Scene) -> dict[str, Any]:
    return {"record_id": scene.spell}


def call(scene: Scene) -> dict[str, Any]:
    return {"call_id": scene.call}


OWN = Case(own=True)
TABLE: dict[str, Case] = {
    "live": Case(open=200),
    "ready": Case(open=200),
    # residents: the sign on the door is the key
    "residents:place": Case(community, open=200),
    "residents:place_language": Case(community, body=lambda s: {"language": "en"}, open=302),
    "residents:place_elder": Case(community, body=lambda s: {"elder": "on"}, open=302),
    "residents:post": Case(post, open=200),
    "residents:post_language": Case(post, body=lambda s: {"language": "en"}, open=302),
    "residents:post_elder": Case(post, body=lambda s: {"elder": "on"}, open=302),
    "residents:door": Case(sign, open=200),
    "residents:help": Case(sign, open=200),
    "residents:record": Case(sign, open=403),
    "residents:call": Case(lambda s: {"token": "unknown"}, open=404),  # the link is the key: tests/work/test_calls.py
    "residents:volunteer": Case(sign, open=403),
    "residents:language": Case(sign, body=lambda s: {"language": "en"}, open=302),
    "residents:elder": Case(sign, body=lambda s: {"size": "large"}, open=302),
    # the shell of the field app: it holds nobody's data
    "field:page": Case(open=200 if BUILT.is_dir() else 503),
    "field:join_page": Case(open=200 if BUILT.is_dir() else 503),
    "field:test_page": Case(open=200 if BUILT.is_dir() else 503),
    "field:hello": Case(open=200),
    "field:worker": Case(open=200 if BUILT.is_dir() else 503),
    "field:manifest": Case(open=200),
    # what phones speak to: the credential of a device, one's own only
    "field:join": Case(open=422),
    "field:handover": OWN,
    "field:bundle": OWN,
    "field:poll": OWN,
    "field:lines": OWN,
    "field:settle_line": Case(lambda s: {"line_id": s.line}, body=lambda s: {"keep": "both"}, right="grid.a"),
    "field:message_read": Case(lambda s: {"message_id": s.message}, right="grid.a"),
    "field:wiped": OWN,
    # machine interface
    "rest-1:openapi-json": Case(open=200),
    "rest-1:api-root": Case(open=404),
    "rest-1:find_places.get": Case(query=lambda s: {"text": "社区"}, own=True),
    "rest-1:show_place.get": Case(community),
    "rest-1:list_children.get": Case(community),
    "rest-1:list_people.get": Case(door),
    "rest-1:list_figures.get": OWN,
    "rest-1:show_figure.get": Case(figure),
    "rest-1:trace_figure.get": Case(figure),
    "rest-1:list_issues.get": Case(community),
    "rest-1:show_issue.get": Case(lambda s: community(s) | issue(s)),
    "rest-1:show_issue_figures.get": Case(lambda s: community(s) | issue(s)),
    "rest-1:show_bulletin.get": Case(daily),
    "rest-1:publish_bulletin.post": Case(daily),
    "rest-1:list_matters.get": Case(community),
    "rest-1:list_arrivals.get": Case(community),
    "rest-1:list_messages.get": Case(community),
    "rest-1:send_message.post": Case(community, body=lambda _: {"title": "示例", "words": "示例"}),
    "rest-1:list_receipts.get": Case(lambda s: community(s) | {"message_id": s.message}),
    "rest-1:list_rounds.get": Case(community),
    "rest-1:show_coverage.get": Case(the_round),
    "rest-1:list_missing.get": Case(the_round),
    "rest-1:extend_round.post": Case(the_round, body=lambda _: more_time()),
    "rest-1:withdraw_round.post": Case(the_round, body=lambda _: {"reason": "示例"}),
    "rest-1:list_kinds.get": OWN,
    "rest-1:list_records.get": Case(community),
    # signing in
    "desk:start": Case(open=302),
    "desk:sign_in": Case(open=200),
    "desk:code": Case(open=302),
    "desk:sign_out": Case(open=302),
    "desk:join": Case(lambda s: {"token": s.joining}, open=200),
    "desk:language": Case(body=lambda s: {"language": "en"}, open=302),
    "desk:elder": Case(body=lambda s: {"size": "large"}, open=302),
    "desk:style": Case(open=200),
    # one's own
    "desk:home": OWN,
    "desk:me": OWN,
    "desk:password": OWN,
    "desk:second_factor": OWN,
    "desk:recovery": OWN,
    "desk:sign_out_everywhere": OWN,
    "desk:cut_off": Case(lambda s: {"device_id": s.device}),
    "desk:looks": OWN,
    "desk:find": Case(query=lambda s: {"text": "甲社区"}, body=lambda s: {"text": "甲社区"}, own=True),
    "desk:places": OWN,
    "desk:matters": OWN,
    "desk:quarantine": OWN,
    "desk:messages": OWN,
    "desk:message": Case(lambda s: {"message_id": s.message}),
    "desk:message_take_back": Case(lambda s: {"message_id": s.message}),
    "desk:message_new": Case(community, body=lambda s: {"title": "示例", "words": "示例"}),
    "desk:duty": OWN,
    "desk:duty_record": Case(body=lambda s: {"duty": "on", "place": str(s.cast.a.id)}, own=True),
    "desk:administration": OWN,
    "desk:accounts": OWN,
    "desk:account_new": OWN,
    "desk:accounts_import": OWN,
    "desk:grant_new": Case(query=lambda s: {"account": str(s.cast.account("grid.a"))}),
    "desk:looks_all": OWN,
    # places
    "desk:place": Case(community),
    "desk:bars": Case(community),
    "desk:history": Case(community),
    "desk:open_doors": Case(community),
    "desk:answering": Case(community),
    "desk:waiting": Case(community),
    "desk:appoint": Case(building, body=lambda s: {"name": "何示新", "phone": "15400000990"}, query=lambda s: {"role": "building_leader"}),
    "desk:appoint_many": Case(community, body=lambda s: {"unit": [], "name": [], "phone": []}),
    "desk:duty_phone": Case(community, body=lambda s: {"phone": "0431-81234567"}),
    "desk:number": Case(lambda s: community(s) | account(s), body=lambda s: {"public": "yes"}),
    "desk:sponsor": Case(community, body=lambda s: {"name": "示例局", "document": "示例〔2022〕1号"}),
    "desk:organisations": Case(community),
    "desk:members_import": Case(community),
    **{f"desk:{name}": Case(lambda s: {"organisation_id": s.organisation}) for name in ("organisation", "service_card")},
    **{f"desk:takeover_{name}": Case(lambda s: {"organisation_id": s.organisation}) for name in ("new", "end")},
    "desk:post_new": Case(
        community, body=lambda s: {"name": "西门岗", "kind": "pioneer", "duty": "查码", "hours": "08:00-20:00", "needed": 1}
    ),
    "desk:post": Case(post),
    "desk:post_change": Case(post, body=lambda s: {"name": "东门岗", "duty": "测温", "hours": "1-5 08:00-20:00", "needed": 2}),
    "desk:post_do": Case(post, body=lambda s: {"do": "close"}),
    "desk:post_duty": Case(post, body=lambda s: {"duty": "off"}),
    "desk:post_poster": Case(post),
    "desk:team_new": Case(community, body=lambda s: {"name": "又一队", "kind": "volunteer"}),
    "desk:team": Case(team),
    "desk:team_do": Case(team, body=lambda s: {"do": "disband"}),
    "desk:responsibility": Case(community),
    "desk:attendance": Case(community),
    "desk:attendance_list": Case(community),
    "desk:spell_correct": Case(spell),
    "desk:my_record": OWN,
    "desk:record_wrong": Case(spell, body=lambda s: {"words": "其实下午才到"}),
    "desk:wall": Case(community),
    "desk:wall_paper": Case(community),
    "desk:call": Case(lambda s: community(s) | account(s)),
    "desk:figure": Case(figure),
    "desk:place_edit": Case(community),
    "desk:rename": Case(building, body=lambda s: {"name": "一号楼"}),
    "desk:alias": Case(building, body=lambda s: {"name": "东楼"}),
    "desk:alias_end": Case(building, body=lambda s: {"name": "东楼"}),
    "desk:lay_out": Case(community, body=lambda s: {"phrase": "9栋，2层，每层2户", "step": "do"}),
    "desk:grid": Case(building),
    "desk:building_new": Case(community, body=lambda s: {"name": "10栋", "kind": "building"}),
    "desk:no_fixed": Case(community),
    "desk:door_new": Case(building, body=lambda s: {"label": "103", "floor": "1", "kind": "dwelling"}),
    "desk:point": Case(community, body=lambda s: {"longitude": "125.3", "latitude": "43.8"}),
    "desk:end": Case(door),
    "desk:grids": Case(community, body=lambda s: {"do": "save", f"to-{s.cast.a_building.id}": "new-1", "was-": "", "name-new-1": "九网格"}),
    "desk:ten_households": Case(building, body=lambda s: {"do": "save", f"to-{s.cast.a_door.id}": "new-1", "name-new-1": "九组"}),
    "desk:area_new": Case(community, body=lambda s: {"name": "二网格", "kind": "grid", "places": [str(s.cast.a_building.id)]}),
    "desk:area": Case(area),
    "desk:area_figure": Case(lambda s: {**area(s), "key": "visits"}),
    "desk:area_members": Case(area, body=lambda s: {"places": [str(s.cast.a_building.id)]}),
    # bulletins
    "desk:bulletins": OWN,
    "desk:issue": Case(issue),
    "desk:issue_file": Case(lambda s: {**issue(s), "form": "json"}),
    "desk:withdraw_issue": Case(issue, body=lambda s: {"reason": "示例"}),
    "desk:place_bulletins": Case(community),
    "desk:bulletin_preview": Case(community),
    "desk:bulletin_file": Case(lambda s: {**community(s), "form": "xlsx"}),
    "desk:publish_bulletin": Case(community),
    # doors and people
    "desk:panel": Case(door),
    "desk:arrivals": Case(community),
    "desk:arrivals_list": Case(community),
    "desk:arrival_new": Case(door, body=lambda _: {"origin": "日本", "arrived_on": "2026-01-05", "means": "train"}),
    "desk:arrival_follow": Case(lambda s: door(s) | {"arrival_id": s.arrival}, body=lambda _: {"outcome": "seen"}),
    "desk:visit": Case(door, body=lambda s: {"outcome": "dark", "record_id": str(new_id())}),
    "desk:remark": Case(door, body=lambda s: {"remark": "狗很凶（示例）", "record_id": str(new_id())}),
    "desk:card": Case(door),
    "desk:card_new": Case(door),
    "desk:person_new": Case(door, body=lambda s: {"name": "钱示新"}),
    "desk:correct": Case(record, body=lambda s: {"outcome": "phone", "reason": "slip"}),
    "desk:withdraw": Case(record, body=lambda s: {"reason": "slip"}),
    "desk:photo": Case(lambda s: {"record_id": s.photo, "question": "valve"}, body=lambda s: {"reason": "rescue"}),
    "desk:person": Case(person),
    "desk:reveal": Case(person, body=lambda s: {"field": "phone", "reason": "call_back"}),
    "desk:person_correct": Case(person, body=lambda s: {"name": "王示改"}),
    "desk:leave": Case(person, body=lambda s: {"household": str(s.cast.household)}),
    "desk:settle": Case(person),
    "desk:matter": Case(matter),
    "desk:matter_new": Case(door),
    "desk:forces": Case(community),
    "desk:call_new": Case(community, body=lambda s: {"words": "集合", "wanted": 1, "wait_minutes": 5, "step": "look"}),
    **{f"desk:call_{name}": Case(call) for name in ("page", "tree")},
    "desk:call_do": Case(call, body=lambda s: {"do": "close"}),
    "desk:service": Case(lambda s: {"force_id": s.force}),
    "desk:draft_new": Case(community),
    "desk:draft_confirm": Case(lambda s: {"draft_id": s.draft}),
    "desk:rounds": OWN,
    "desk:round_new": Case(community, body=lambda _: {"name": "第二轮", "form": "headcount", "closes_at": more_time()["until"]}),
    "desk:round": Case(campaign),
    "desk:round_list": Case(campaign),
    "desk:round_paper": Case(campaign),
    "desk:round_back": Case(campaign),
    "desk:round_close": Case(campaign),
    "desk:round_extend": Case(campaign, body=lambda _: more_time()),
    "desk:round_withdraw": Case(campaign, body=lambda _: {"reason": "示例"}),
    "desk:matter_settle": Case(matter, body=lambda s: {"settlement": "done"}),
    "desk:matter_hand_over": Case(matter),
    "desk:decide": Case(lambda s: {"record_id": s.waiting}, body=lambda s: {"decision": "release"}),
    # rosters
    "desk:rosters": Case(community),
    "desk:roster_template": Case(community, query=lambda s: {"form": templates.templates()[0].id}),
    "desk:roster": Case(roster),
    "desk:roster_progress": Case(roster),
    "desk:roster_columns": Case(tried, body=lambda s: {"sheet": "0"}),
    "desk:roster_again": Case(tried, body=lambda s: {"doors": "add"}),
    "desk:roster_load": Case(tried),
    "desk:roster_drop": Case(tried),
    "desk:roster_answer": Case(roster),
    "desk:roster_export": Case(roster, body=lambda s: {"reason": "示例"}),
    "desk:roster_rows": Case(roster),
    "desk:roster_questions": Case(roster),
    "desk:roster_row": Case(lambda s: {"row_id": s.roster_row}, body=lambda s: {"step": "aside"}),
    "desk:roster_settle": Case(lambda s: {"question_id": s.roster_question}, body=lambda s: {"answer": "stays"}),
    # administration
    "desk:account": Case(account),
    "desk:account_correct": Case(account),
    "desk:account_link": Case(account),
    "desk:account_phone": Case(account),
    "desk:account_close": Case(account),
    "desk:account_sessions": Case(account),
    "desk:grant_revoke": Case(lambda s: {"grant_id": s.grant}, body=lambda s: {"reason": "示例"}),
    # incidents, measures, orders
    "rest-1:list_forces.get": Case(community),
    "rest-1:list_calls.get": Case(community),
    "rest-1:call_up.post": Case(community, body=lambda s: {"words": "集合", "wanted": 1}),
    "rest-1:close_call.post": Case(lambda s: community(s) | call(s)),
    "rest-1:list_organisations.get": Case(community),
    "rest-1:list_posts.get": Case(community),
    "rest-1:list_teams.get": Case(community),
    "rest-1:list_unsponsored.get": Case(community),
    "rest-1:list_incidents.get": Case(community),
    "rest-1:list_measures.get": Case(community),
    "rest-1:list_orders.get": Case(community),
    "rest-1:list_recipients.get": Case(lambda s: community(s) | order(s)),
    "rest-1:answer_order.post": Case(lambda s: community(s) | order(s), body=lambda s: {"answer": "acknowledged"}),
    "desk:incidents": OWN,
    **{f"desk:{name}": Case(incident) for name in ("incident", "roster_of_incident", "roster_list")},
    "desk:incident_decide": Case(lambda s: incident(s) | {"what": "renew"}, body=decision, right="city"),
    "desk:incident_new": Case(community, right="city", body=lambda s: decision(s) | {"name": "示例", "kind": "gas", "level": "IV"}),
    "desk:closing": Case(lambda s: {"incident_id": s.over}, right="city"),
    "desk:closing_decide": Case(lambda s: {"incident_id": s.over, "what": "propose"}, body=decision, right="city"),
    "desk:closing_hold": Case(lambda s: {"incident_id": s.over}, body=decision, right="officer"),
    "desk:held_item": Case(lambda s: {"hold_id": s.held}, right="officer"),
    "desk:certificate": Case(lambda s: {"incident_id": s.erased}, right="city"),
    "desk:measure_raise": Case(incident, right="city", body=lambda s: decision(s) | {"key": "one_gate", "over": "甲社区"}),
    "desk:measure_decide": Case(lambda s: {"measure_id": s.measure, "what": "lift"}, body=decision, right="city"),
    "desk:measures": Case(community),
    "desk:plans": OWN,
    "desk:plan_new": Case(community, body=lambda s: {"name": "示例预案", "example": "flood", "approver": ""}),
    "desk:plan": Case(plan),
    "desk:plan_edit": Case(plan, body=lambda s: {"name": "示例预案", "level": "II", "days": "9", "measures": ["one_gate"]}),
    "desk:plan_retire": Case(plan),
    "desk:plan_activate": Case(plan, query=lambda s: {"drill": "1"}, body=decision, right="city"),
    "desk:plan_part": Case(
        lambda s: plan(s) | {"section": "teams", "key": "new"}, body=lambda s: {"name": "示例队", "each": "whole", "kind": "guard"}
    ),
    "desk:plan_people": Case(
        lambda s: plan(s) | {"part": "branch", "site_id": s.cast.a.id}, body=lambda s: {"people": [str(s.cast.resident)], "leader": ""}
    ),
    "desk:run": Case(run),
    "desk:run_progress": Case(run),
    "desk:run_undo": Case(run, right="city", body=lambda s: {"what": "last"}),
    "desk:run_go_on": Case(run, right="city"),
    "desk:run_report": Case(lambda s: {"run_id": s.down, "form": "xlsx"}),
    "desk:run_letter": Case(lambda s: {"run_id": s.down, "organisation_id": UUID(int=0)}),
    "desk:stand_down": Case(incident, right="city", body=lambda s: decision(s) | {"sure": "on"}),
    "rest-1:list_plans.get": Case(community),
    "rest-1:check_plan.get": Case(plan),
    "rest-1:activate_plan.post": Case(plan, right="city", body=switch),
    "rest-1:show_run.get": Case(run),
    "rest-1:undo_run.post": Case(run, right="city", body=lambda s: {"all": True}),
    "rest-1:stand_down.post": Case(incident, right="city", body=decision),
    "desk:orders": OWN,
    "desk:order": Case(order),
    "desk:order_answer": Case(order, body=lambda s: {"place": str(s.cast.a.id), "answer": "completed"}),
    "desk:order_new": Case(community, body=lambda s: {"title": "示例", "text": "示例"}),
}
