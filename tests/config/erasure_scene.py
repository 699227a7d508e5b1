"""A small town in a real home, with an incident and a canary behind every door of it. A process of its own runs `main`, which prints what was made as JSON.

Each canary is a random text of its own, planted the way people plant things: through commands here, through HTTP in the test.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

from lianfang.config.runtime import installation
from lianfang.config.runtime.home import Home
from lianfang.ground.accounts import access, commands
from lianfang.ground.accounts import queries as accounts
from lianfang.ground.accounts.rules.roles import Role
from lianfang.ground.accounts.types import OverPlace
from lianfang.ground.people import commands as people
from lianfang.ground.people.types import NewPerson, RevealField
from lianfang.ground.rosters import commands as rosters
from lianfang.kernel import clock, filed
from lianfang.kernel.ids import PersonId, new_id
from lianfang.ledger.intake.books import open_books
from lianfang.ledger.kinds import Retention
from lianfang.ledger.rules import book_of
from lianfang.work.mobilisation import commands as mobilisation
from lianfang.work.mobilisation.types import Came, NewCall, NewForce
from lianfang.work.outreach import commands as messages
from lianfang.work.outreach.types import NewMessage
from tests.factories.accounts import account_of, grant_to
from tests.factories.cast import build
from tests.factories.incidents import opened
from tests.factories.people import phone_number


def make(canaries: dict[str, str]) -> dict[str, str]:
    cast = build()
    grant_to(account_of("孙示例", login="officer", order=71, password=True), Role.DATA_PROTECTION, OverPlace(cast.city.place_id))
    incident = opened(place=cast.a.place_id, opened_at=clock.now() - timedelta(days=2))
    name = book_of(Retention.RESIDENT, incident, drill=False, at=clock.now())
    book = open_books([name])[name].id
    with access.scoped(cast.secretary):
        messages.send(NewMessage(canaries["message"], canaries["message"], cast.a.place_id, incident=incident), by=cast.secretary)
    rosters.receive(cast.a, f"姓名,{canaries['roster']}\n".encode(), f"{canaries['roster']}.csv", by=cast.secretary.account_id, book=book)
    filed.put(book, f"{new_id()}.photo", canaries["photo"].encode())
    pooled = PersonId(new_id())
    force = NewForce(
        NewPerson(pooled, canaries["pooled"], phone=phone_number(96)), Came.CADRE, cast.a.place_id, incident=incident,
        mail=f"{canaries['mail']}@example.com",
    )  # fmt: skip
    mobilisation.register(force, by=access.local_administrator())
    mobilisation.call_up(NewCall(cast.a.place_id, canaries["called"], 1, incident=incident), by=access.local_administrator())
    people.reveal_for_export([pooled], [RevealField.PHONE], canaries["exported"], by=cast.account("city"))
    grid = cast.account("grid.a")
    invited = commands.invite_phone(grid, by=access.local_administrator()).token
    token = commands.add_device(cast.account("secretary.a"), "示例手机", by=access.local_administrator()).token
    return {
        "incident": str(incident), "token": token, "building": str(cast.a_building.id), "door": str(cast.a_door.id), "b_door": str(cast.b_door.id),
        "community": str(cast.a.id), "resident": str(cast.resident), "invited": invited, "digits": accounts.phone_of(grid)[-4:],
    }  # fmt: skip


def main(home: str, canaries: str) -> None:
    """In the real home, once Django is set up; the settings of the tests, which the factories bring along, name a home of their own."""
    os.environ["LIANFANG_HOME"] = home
    os.environ.pop("LIANFANG_SECRETS", None)
    installation.enter(Home.here())
    sys.stdout.write(json.dumps(make(json.loads(canaries))))
