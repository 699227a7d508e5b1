"""前进街道 of Changchun as the story of its eight communities has it: what is typed into each, and what must never leave it."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection
from django.http import HttpResponse
from openpyxl import load_workbook

from lianfang.ground.places import divisions
from lianfang.kernel.ids import new_id
from tests.factories.people import paper_number, phone_number
from tests.stories.through import PASSWORD, Browser, Device, done, send

STREET = "220104001000"
MARKS = "鑫淼焱垚犇骉羴鱻"
LAYOUT = "1-2栋，2个单元，3层，每层2户"
DOORS = 24
DUTY = "duty.street"
OUTCOMES = ("seen", "dark", "seen", "refused", "phone", "away", "lit", "vacant")
CHINA = timezone(timedelta(hours=8))


@dataclass
class Community:
    """One of the eight, and what was typed there."""

    number: int
    mark: str
    code: str
    name: str
    id: str = ""
    doors: list[str] = field(default_factory=list)
    people: int = 0
    visits: list[tuple[str, str]] = field(default_factory=list)
    round: str = ""
    made: dict[str, str] = field(default_factory=dict)
    """What was mustered there, by the word that addresses have for it."""

    @property
    def secretary(self) -> str:
        return f"secretary.{self.number}"

    @property
    def grid(self) -> str:
        return f"{self.mark}一网格"

    def strangers(self, others: list[Community]) -> list[str]:
        """What must never be shown here."""
        return [word for other in others if other is not self for word in (other.mark, other.name, other.code)]


@pytest.fixture(scope="module")
def street(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Community]]:
    folder = tmp_path_factory.mktemp("street")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORY_PASSWORD", PASSWORD)
        done("places", "load", official_list(folder))
        communities = [Community(n, mark, row["code12"], row["name"]) for n, (mark, row) in enumerate(zip(MARKS, rows(), strict=True), 1)]
        for community in communities:
            furnish(community, folder)
        staff("街示班", DUTY, "street_duty", STREET, 1)
        for community in communities[2:4]:
            muster(community)
        yield communities


def rows() -> list[dict[str, str]]:
    """The communities of the street in the official list of 2023."""
    [file] = [path for path in divisions.shipped() if Path(path).name.startswith("changchun")]
    with gzip.open(file, "rt") as text:
        return [row for row in csv.DictReader(text) if row["street_code"] + "000" == STREET]


def official_list(folder: Path) -> Path:
    file = folder / "street_2023-06-30.csv"
    found = rows()
    with file.open("w") as out:
        writer = csv.DictWriter(out, found[0])
        writer.writeheader()
        writer.writerows(found)
    return file


def furnish(here: Community, folder: Path) -> None:
    """Buildings, a grid, workers, people, visits, a remark, a matter, a look: by the secretary and the grid worker themselves."""
    secretary = here.secretary
    staff(f"书示{here.mark}", secretary, "community_secretary", here.code, 10 * here.number)
    done("places", "lay-out", here.code, LAYOUT, "--compound", f"{here.mark}苑小区", "--as", secretary)
    here.id = str(done("places", "show", here.code)["id"])
    browser, device = Browser(secretary), Device(secretary)
    buildings = device.read(f"places/{here.id}/children")
    here.doors = [
        door["id"]
        for building in buildings
        for unit in device.read(f"places/{building['id']}/children")
        for door in device.read(f"places/{unit['id']}/children")
    ]
    browser.did("desk:area_new", here.id, name=here.grid, kind="grid", place=[building["id"] for building in buildings])
    staff(f"格示{here.mark}", f"grid.{here.number}", "grid_worker", f"area:{here.grid}", 10 * here.number + 1, by=secretary)
    for door in here.doors[:2]:
        for _ in range(here.number % 3 + 1):
            order = 100 * here.number + here.people
            person = {"name": f"居示{here.mark}", "kind": "both", "phone": phone_number(order), "paper": paper_number(order)}
            browser.did("desk:person_new", door, **person)
            here.people += 1
    until = (datetime.now(CHINA) + timedelta(days=1)).isoformat(timespec="seconds")
    words = ("--area", here.code, "--form", "headcount", "--until", until, "--as", secretary)
    here.round = str(done("round", "open", f"{here.mark}家敲门", *words)["id"])
    walk(here, folder)
    browser.did("desk:remark", here.doors[0], topic="door", remark=f"{here.mark}家的狗很凶（示例）")
    due = (datetime.now(CHINA) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    browser.did("desk:matter_new", here.doors[1], about="help_wanted", due_at=due, remark=f"{here.mark}家要帮忙（示例）")
    [person, *_] = device.read(f"places/{here.doors[0]}/people")
    browser.did("desk:reveal", person["id"], field="phone", reason="call_back")


def muster(here: Community) -> None:
    """What an incident brings: a measure, an order, a message, an arrival, organisations, who can be sent and is called."""
    mark, code, secretary = here.mark, here.code, ("--as", here.secretary)
    until = (datetime.now(CHINA) + timedelta(days=2)).isoformat(timespec="seconds")
    ground = ("--authority", "示例指挥部", "--document", f"{mark}示〔1〕号", "--as", DUTY)
    over = ("--area", code, "--until", until)
    incident = done("incident", "open", f"{mark}家漏气（示例）", "--kind", "gas", "--level", "IV", *over, *ground)["incident_id"]
    measure = done("measure", "raise", incident, "one_gate", *over, *ground)["measure_id"]
    message = done("message", "send", code, f"{mark}家通知", f"{mark}家请关阀（示例）", *secretary)["id"]
    person = Device(here.secretary).read(f"places/{here.doors[0]}/people")[0]["id"]
    arrival = done("arrivals", "add", here.doors[0], "--from", "日本", "--person", person, *secretary)["record"]
    one, other = (done("org", "found", f"{mark}{name}（示例）", "party_branch", code, *secretary)["organisation_id"] for name in "甲乙")
    takeover = done("org", "take-over", one, other, "--document", f"{mark}示〔2〕号", *secretary)["takeover_id"]
    branch = done("org", "apply", f"{mark}家临时支部", code, "--purpose", "示例", "--incident", incident, *secretary)["branch_id"]
    force = done("forces", "add", here.doors[0], "--came", "member", "--person", person, *secretary)["force_id"]
    [need] = done("forces", "need", code, "--name", f"{mark}家门岗", "--floor", 1, *secretary)["needs"]
    call = done("call", "up", code, "--wanted", 1, "--words", f"{mark}家集合（示例）", "--test", *secretary)["call_id"]
    plan = done("plan", "new", code, "--example", "flood", "--name", f"{mark}家预案（示例）", *secretary)["plan_id"]
    run = done("plan", "drill", plan, *ground)["run_id"]
    [called] = done("call", "show", call, *secretary)["people"]
    here.made = {
        "incident_id": incident, "measure_id": measure, "message_id": message, "arrival_id": arrival, "organisation_id": other,
        "body_id": one, "takeover_id": takeover, "branch_id": branch, "force_id": force, "need_id": need["need_id"],
        "draft_id": done("assign", "draft", code, *secretary)["draft_id"], "call_id": call, "summons_id": called["summons_id"],
        "order_id": ordered(here), "plan_id": plan, "run_id": run,
    }  # fmt: skip


def ordered(here: Community) -> str:
    """An order of the street to one community alone: over its grid. Its number."""
    street, area = (done("places", "show", place)["id"] for place in (STREET, f"area:{here.grid}"))
    soon, later = ((datetime.now(CHINA) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M") for hours in (2, 20))
    words = {"title": f"{here.mark}家查阀", "text": "示例", "down_to": "community", "area": area, "acknowledge_by": soon, "due_at": later}
    Browser(DUTY).did("desk:order_new", street, **words)
    [order] = done("order", "list", "--place", here.code, "--as", here.secretary)["orders"]
    return str(order["id"])


def staff(name: str, login: str, role: str, over: str, order: int, by: str = "") -> None:
    """An account with a password."""
    acting = ("--as", by) if by else ()
    words = ("--login", login, "--phone", phone_number(90_000 + order), "--role", role, "--over", over)
    done("accounts", "add", name, *words, "--password-from", "STORY_PASSWORD", *acting)


def walk(here: Community, folder: Path) -> None:
    """The grid worker's evening: one try at some doors, each community another number of them."""
    now = datetime.now(CHINA)
    for number in range(here.number + 2):
        here.visits.append((here.doors[number], OUTCOMES[number % len(OUTCOMES)]))
    told = [
        {
            "id": str(new_id()), "kind": "visit", "version": 1, "place": door, "occurred_at": now.isoformat(),
            "payload": {"outcome": outcome, "people_seen": 1 if outcome == "seen" else 0},
        }
        for door, outcome in here.visits
    ]  # fmt: skip
    answer = send(folder, f"grid.{here.number}", told)
    assert answer["kept"] == len(told), answer


def ids_of_others(here: Community) -> set[str]:
    """Every number by which something of another community is known: places, areas, people, households, accounts, records, matters."""
    lo, hi = int(here.code) * 10**7, (int(here.code) + 1) * 10**7
    outside = f"not (position >= {lo} and position < {hi})"
    queries = (
        f"select id from places_place where level in ('community', 'building', 'unit', 'door') and not (lo >= {lo} and lo < {hi})",
        f"select a.id from places_area a join places_place p on p.id = a.home_id where not (p.lo >= {lo} and p.lo < {hi})",
        f"select id from people_household where {outside}",
        f"select person_id from people_residence where {outside}",
        f"select id from ledger_record where {outside}",
        f"select id from accounts_account where login not in ('secretary.{here.number}', 'grid.{here.number}', '{DUTY}')",
    )
    with connection.cursor() as cursor:
        found: set[str] = set()
        for query in queries:
            cursor.execute(query)
            mine = {str(row[0]) for row in cursor.fetchall()}
            assert mine, f"nothing to look for: {query}"
            found |= mine
    return found


def text_of(answer: HttpResponse) -> str:
    """What an answer says: a page, or the cells of a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        book = load_workbook(BytesIO(content))
        cells = [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        return " ".join([*book.sheetnames, *cells, *ZipFile(BytesIO(content)).namelist()])
    return unescape(content.decode(errors="replace"))


def leaks(text: str, here: Community, street: list[Community], ids: set[str]) -> list[str]:
    """What of the others stands in an answer."""
    words = [word for word in here.strangers(street) if word in text]
    theirs = ids.union(*(other.made.values() for other in street if other is not here)) - {*here.made.values()}
    return words + sorted(theirs & set(re.findall(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", text)))
