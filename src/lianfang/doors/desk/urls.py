"""Addresses of the desk. No name, number or text of a person stands in any of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from lianfang.doors.desk.views import (
    accounts,
    appointing,
    areas,
    chain,
    doors,
    duty,
    editing,
    figures,
    finding,
    grants,
    home,
    importing,
    layouts,
    looks,
    matters,
    myself,
    opened,
    people,
    places,
    quarantine,
    signing_in,
    style,
    wall,
)
from lianfang.doors.desk.views.administration import administration
from lianfang.doors.desk.views.start import start

app_name = "desk"

_SIGNING_IN: list[URLPattern] = [
    path("", start, name="start"),
    path("desk/sign-in/", signing_in.sign_in, name="sign_in"),
    path("desk/sign-in/code/", signing_in.code, name="code"),
    path("desk/sign-out/", signing_in.sign_out, name="sign_out"),
    path("desk/join/<str:token>/", signing_in.join, name="join"),
    path("desk/language/", signing_in.language, name="language"),
    path("desk/size/", signing_in.elder, name="elder"),
    path("desk/style/", style.style, name="style"),
]
_MYSELF: list[URLPattern] = [
    path("desk/", home.home, name="home"),
    path("desk/me/", myself.me, name="me"),
    path("desk/me/password/", myself.password, name="password"),
    path("desk/me/second-step/", myself.second_factor, name="second_factor"),
    path("desk/me/recovery/", myself.recovery, name="recovery"),
    path("desk/me/sessions/end/", myself.sign_out_everywhere, name="sign_out_everywhere"),
    path("desk/devices/<uuid:device_id>/cut-off/", myself.cut_off, name="cut_off"),
    path("desk/looks/", looks.looks, name="looks"),
    path("desk/find/", finding.find, name="find"),
]
_PLACES: list[URLPattern] = [
    path("desk/places/", places.start, name="places"),
    path("desk/places/<uuid:place_id>/", places.place, name="place"),
    path("desk/places/<uuid:place_id>/bars/", places.bars_part, name="bars"),
    path("desk/places/<uuid:place_id>/history/", places.history, name="history"),
    path("desk/places/<uuid:place_id>/open/", opened.open_doors, name="open_doors"),
    path("desk/places/<uuid:place_id>/answering/", chain.answering_page, name="answering"),
    path("desk/places/<uuid:place_id>/appoint/", appointing.appoint, name="appoint"),
    path("desk/places/<uuid:place_id>/appoint/many/", appointing.appoint_many, name="appoint_many"),
    path("desk/places/<uuid:place_id>/duty-phone/", chain.duty_phone, name="duty_phone"),
    path("desk/places/<uuid:place_id>/number/<uuid:account_id>/", chain.number, name="number"),
    path("desk/places/<uuid:place_id>/wall/", wall.wall, name="wall"),
    path("desk/places/<uuid:place_id>/wall/print/", wall.wall_paper, name="wall_paper"),
    path("desk/places/<uuid:place_id>/call/<uuid:account_id>/", places.call, name="call"),
    path("desk/places/<uuid:place_id>/figures/<slug:key>/", figures.figure, name="figure"),
    path("desk/places/<uuid:place_id>/edit/", editing.place_edit, name="place_edit"),
    path("desk/places/<uuid:place_id>/rename/", editing.rename, name="rename"),
    path("desk/places/<uuid:place_id>/alias/", editing.alias, name="alias"),
    path("desk/places/<uuid:place_id>/alias/end/", editing.alias_end, name="alias_end"),
    path("desk/places/<uuid:place_id>/lay-out/", layouts.lay_out, name="lay_out"),
    path("desk/places/<uuid:place_id>/grid/", layouts.grid, name="grid"),
    path("desk/places/<uuid:place_id>/buildings/add/", editing.building_new, name="building_new"),
    path("desk/places/<uuid:place_id>/no-fixed/", editing.no_fixed, name="no_fixed"),
    path("desk/places/<uuid:place_id>/doors/add/", editing.door_new, name="door_new"),
    path("desk/places/<uuid:place_id>/point/", editing.point, name="point"),
    path("desk/places/<uuid:place_id>/end/", editing.end, name="end"),
    path("desk/places/<uuid:place_id>/areas/found/", areas.area_new, name="area_new"),
    path("desk/areas/<uuid:area_id>/", areas.area, name="area"),
    path("desk/areas/<uuid:area_id>/figures/<slug:key>/", figures.area_figure, name="area_figure"),
    path("desk/areas/<uuid:area_id>/members/", areas.area_members, name="area_members"),
]
_DOORS: list[URLPattern] = [
    path("desk/doors/<uuid:place_id>/panel/", doors.panel, name="panel"),
    path("desk/doors/<uuid:place_id>/visit/", doors.visit, name="visit"),
    path("desk/doors/<uuid:place_id>/remark/", doors.remark, name="remark"),
    path("desk/doors/<uuid:place_id>/card/", doors.card, name="card"),
    path("desk/doors/<uuid:place_id>/card/replace/", doors.card_new, name="card_new"),
    path("desk/doors/<uuid:place_id>/people/add/", people.person_new, name="person_new"),
    path("desk/records/<uuid:record_id>/correct/", doors.correct, name="correct"),
    path("desk/records/<uuid:record_id>/withdraw/", doors.withdraw, name="withdraw"),
    path("desk/people/<uuid:person_id>/", people.person, name="person"),
    path("desk/people/<uuid:person_id>/reveal/", people.reveal, name="reveal"),
    path("desk/people/<uuid:person_id>/correct/", people.person_correct, name="person_correct"),
    path("desk/people/<uuid:person_id>/leave/", people.leave, name="leave"),
    path("desk/people/<uuid:person_id>/settle/", people.settle, name="settle"),
]
_MATTERS: list[URLPattern] = [
    path("desk/matters/", matters.matters, name="matters"),
    path("desk/matters/<uuid:matter_id>/", matters.matter, name="matter"),
    path("desk/matters/<uuid:matter_id>/settle/", matters.matter_settle, name="matter_settle"),
    path("desk/matters/<uuid:matter_id>/hand-over/", matters.matter_hand_over, name="matter_hand_over"),
    path("desk/places/<uuid:place_id>/matters/raise/", matters.matter_new, name="matter_new"),
    path("desk/quarantine/", quarantine.quarantine, name="quarantine"),
    path("desk/quarantine/<uuid:record_id>/", quarantine.decide, name="decide"),
    path("desk/duty/", duty.duty, name="duty"),
    path("desk/duty/record/", duty.duty_record, name="duty_record"),
]
_ADMINISTRATION: list[URLPattern] = [
    path("desk/administration/", administration, name="administration"),
    path("desk/accounts/", accounts.accounts, name="accounts"),
    path("desk/accounts/add/", accounts.account_new, name="account_new"),
    path("desk/accounts/import/", importing.accounts_import, name="accounts_import"),
    path("desk/accounts/<uuid:account_id>/", accounts.account, name="account"),
    path("desk/accounts/<uuid:account_id>/correct/", accounts.account_correct, name="account_correct"),
    path("desk/accounts/<uuid:account_id>/link/", accounts.account_link, name="account_link"),
    path("desk/accounts/<uuid:account_id>/close/", accounts.account_close, name="account_close"),
    path("desk/accounts/<uuid:account_id>/sessions/end/", accounts.account_sessions, name="account_sessions"),
    path("desk/grants/give/", grants.grant_new, name="grant_new"),
    path("desk/grants/<uuid:grant_id>/revoke/", grants.grant_revoke, name="grant_revoke"),
    path("desk/looks/all/", looks.looks_all, name="looks_all"),
]
urlpatterns = [*_SIGNING_IN, *_MYSELF, *_PLACES, *_DOORS, *_MATTERS, *_ADMINISTRATION]
