"""Roles, what each may do where it holds, and who may give which.

A role is an office, not a person: somebody holds several, each over its own scope and period. What a role may is a
set of abilities; nothing else in the product decides by role. Least data: command levels see figures and records, not
full values of persons; leaders of a unit see and record, and change nothing.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The offices of the chain of responsibility."""

    ADMINISTRATOR = "administrator"  # 系统管理员: accounts, no people
    CITY_COMMAND = "city_command"  # 市指挥部
    DISTRICT_COMMAND = "district_command"  # 区指挥部
    STREET_DUTY = "street_duty"  # 街道值班
    COMMUNITY_SECRETARY = "community_secretary"  # 社区书记
    COMMUNITY_WORKER = "community_worker"  # 社区工作者
    GRID_WORKER = "grid_worker"  # 网格员
    COMPOUND_LEADER = "compound_leader"  # 小区长
    BUILDING_LEADER = "building_leader"  # 楼栋长
    UNIT_LEADER = "unit_leader"  # 单元长
    GROUP_LEADER = "group_leader"  # 十户长: chosen among the neighbours of a ten-household group
    DATA_PROTECTION = "data_protection"  # 数据保护负责人: looks and erasure
    VOLUNTEER = "volunteer"  # 志愿者


class Ability(StrEnum):
    """What may be asked of `access`. Those that only read also hold over former positions."""

    PLACES_SEE = "places.see"
    PLACES_EDIT = "places.edit"
    AREAS_EDIT = "areas.edit"
    PEOPLE_SEE = "people.see"
    PEOPLE_EDIT = "people.edit"
    PEOPLE_REVEAL = "people.reveal"
    RECORDS_SEE = "records.see"
    RECORDS_WRITE = "records.write"
    RECORDS_SETTLE = "records.settle"
    MATTERS_SEE = "matters.see"
    MATTERS_SETTLE = "matters.settle"
    FIGURES_SEE = "figures.see"
    LOOKS_SEE = "looks.see"
    ACCOUNTS_SEE = "accounts.see"
    ACCOUNTS_EDIT = "accounts.edit"
    GRANTS_GIVE = "grants.give"
    DUTY_RECORD = "duty.record"
    MESSAGES_SEND = "messages.send"
    EXPORTS_MAKE = "exports.make"
    ROUNDS_OPEN = "rounds.open"
    BULLETINS_PUBLISH = "bulletins.publish"
    INCIDENTS_OPEN = "incidents.open"
    INCIDENTS_ERASE = "incidents.erase"
    ORDERS_SEND = "orders.send"
    ORDERS_ANSWER = "orders.answer"
    ORGANISATIONS_EDIT = "organisations.edit"
    MEMBERS_SEE = "members.see"


A = Ability

READING: frozenset[str] = frozenset(
    {A.PLACES_SEE, A.PEOPLE_SEE, A.RECORDS_SEE, A.MATTERS_SEE, A.FIGURES_SEE, A.LOOKS_SEE, A.ACCOUNTS_SEE, A.EXPORTS_MAKE, A.MEMBERS_SEE},
)

_AT_THE_DOOR = frozenset({A.PLACES_SEE, A.PEOPLE_SEE, A.RECORDS_SEE, A.RECORDS_WRITE, A.MATTERS_SEE, A.DUTY_RECORD})
_IN_THE_GRID = _AT_THE_DOOR | {A.PLACES_EDIT, A.PEOPLE_EDIT, A.PEOPLE_REVEAL, A.MATTERS_SETTLE, A.FIGURES_SEE}
_IN_THE_OFFICE = _IN_THE_GRID | {A.AREAS_EDIT, A.RECORDS_SETTLE, A.MESSAGES_SEND}
_COMMAND = frozenset(
    {
        A.PLACES_SEE, A.PLACES_EDIT, A.AREAS_EDIT, A.PEOPLE_SEE, A.RECORDS_SEE, A.RECORDS_WRITE, A.MATTERS_SEE, A.MATTERS_SETTLE,
        A.FIGURES_SEE, A.ACCOUNTS_SEE, A.ACCOUNTS_EDIT, A.GRANTS_GIVE, A.DUTY_RECORD, A.EXPORTS_MAKE, A.ROUNDS_OPEN,
        A.BULLETINS_PUBLISH, A.MESSAGES_SEND, A.INCIDENTS_OPEN, A.ORDERS_SEND, A.ORDERS_ANSWER, A.ORGANISATIONS_EDIT, A.MEMBERS_SEE,
    },
)  # fmt: skip

ABILITIES: dict[Role, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset({A.PLACES_SEE, A.PLACES_EDIT, A.AREAS_EDIT, A.ACCOUNTS_SEE, A.ACCOUNTS_EDIT, A.GRANTS_GIVE}),
    Role.CITY_COMMAND: _COMMAND,
    Role.DISTRICT_COMMAND: _COMMAND,
    Role.STREET_DUTY: _COMMAND | {A.PEOPLE_REVEAL, A.RECORDS_SETTLE},
    Role.COMMUNITY_SECRETARY: _IN_THE_OFFICE
    | {A.LOOKS_SEE, A.ACCOUNTS_SEE, A.ACCOUNTS_EDIT, A.GRANTS_GIVE, A.EXPORTS_MAKE, A.ROUNDS_OPEN, A.BULLETINS_PUBLISH}
    | {A.ORDERS_SEND, A.ORDERS_ANSWER, A.ORGANISATIONS_EDIT, A.MEMBERS_SEE},
    Role.COMMUNITY_WORKER: _IN_THE_OFFICE | {A.ORDERS_ANSWER},
    Role.GRID_WORKER: _IN_THE_GRID,
    Role.COMPOUND_LEADER: _AT_THE_DOOR | {A.FIGURES_SEE},
    Role.BUILDING_LEADER: _AT_THE_DOOR,
    Role.UNIT_LEADER: _AT_THE_DOOR,
    # Neighbours do not see what is known of each other: a group leader records and calls, and sees no people.
    Role.GROUP_LEADER: frozenset({A.PLACES_SEE, A.RECORDS_WRITE, A.DUTY_RECORD}),
    Role.DATA_PROTECTION: frozenset({A.PLACES_SEE, A.FIGURES_SEE, A.LOOKS_SEE, A.ACCOUNTS_SEE, A.INCIDENTS_ERASE}),
    Role.VOLUNTEER: frozenset({A.PLACES_SEE, A.RECORDS_WRITE, A.DUTY_RECORD}),
}

# The chain of command, highest first. The two offices outside it are given by an administrator only: one that makes
# accounts and sees no people, one that watches those who look at people.
CHAIN: tuple[Role, ...] = (
    Role.CITY_COMMAND,
    Role.DISTRICT_COMMAND,
    Role.STREET_DUTY,
    Role.COMMUNITY_SECRETARY,
    Role.COMMUNITY_WORKER,
    Role.GRID_WORKER,
    Role.COMPOUND_LEADER,
    Role.BUILDING_LEADER,
    Role.UNIT_LEADER,
    Role.GROUP_LEADER,
    Role.VOLUNTEER,
)


def may_give(giver: Role, given: Role) -> bool:
    """Whether an office may be given by another: an administrator gives all, the others their own and those below."""
    if giver is Role.ADMINISTRATOR:
        return True
    if A.GRANTS_GIVE not in ABILITIES[giver] or given not in CHAIN:
        return False
    return CHAIN.index(given) >= CHAIN.index(giver)


def needs_second_factor(abilities: frozenset[str]) -> bool:
    """Whether an account with these abilities must sign in with a second factor: it exports or administers."""
    return bool(abilities & {A.EXPORTS_MAKE, A.ACCOUNTS_EDIT, A.GRANTS_GIVE})
