"""Reads of accounts, grants, devices and links. Telephone numbers are masked; who may read is asked of `access` by the caller."""

from lianfang.ground.accounts.queries.accounts import (
    account,
    account_id_of_login,
    accounts_within,
    any_account,
    known,
    names_of,
    persons_of,
    phone_of,
)
from lianfang.ground.accounts.queries.chain import (
    answering,
    answering_for,
    chain_of,
    coverage,
    coverage_by_community,
    coverage_each,
    flaw_groups,
    flawed_doors,
    holders,
    in_office,
    together,
)
from lianfang.ground.accounts.queries.devices import (
    device_of_token,
    devices_of,
    door_of_link,
    phone_of_token,
    sealing_devices,
    senders_of_tokens,
)
from lianfang.ground.accounts.queries.grants import grant, grants_of, grants_of_incident, grants_of_many, main_post, whom_to_ask
from lianfang.ground.accounts.queries.numbers import duty_phone, number_is_public, public_numbers
from lianfang.ground.accounts.queries.posts import posts_of
from lianfang.ground.accounts.queries.signing_in import joining, owed

__all__ = [
    "account",
    "account_id_of_login",
    "accounts_within",
    "answering",
    "answering_for",
    "any_account",
    "chain_of",
    "coverage",
    "coverage_by_community",
    "coverage_each",
    "device_of_token",
    "devices_of",
    "door_of_link",
    "duty_phone",
    "flaw_groups",
    "flawed_doors",
    "grant",
    "grants_of",
    "grants_of_incident",
    "grants_of_many",
    "holders",
    "in_office",
    "joining",
    "known",
    "main_post",
    "names_of",
    "number_is_public",
    "owed",
    "persons_of",
    "phone_of",
    "phone_of_token",
    "posts_of",
    "public_numbers",
    "sealing_devices",
    "senders_of_tokens",
    "together",
    "whom_to_ask",
]
