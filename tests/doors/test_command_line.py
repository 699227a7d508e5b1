"""The command line as scripts rely on it: each form, what `--json` prints, and how it ends (0 done, 1 refused with a reason, 2 wrong use).

What serves and what makes an installation is run by tests/config/test_commands.py; here their forms are only read.
"""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.frame import Goal, Measured
from lianfang.doors.cli import frame
from lianfang.kernel import clock
from tests.factories.cast import DIVISIONS, make_cast
from tests.factories.loaded_rosters import line, roster_of
from tests.factories.people import paper_number
from tests.ledger.sending import record
from tests.stories.through import command_line

FORMS = """
up
up --port 8080
up --demo yinhe
up --demo none --tls cert.pem key.pem
setup --demo yinhe
setup --demo none
init
down
doctor --json
places load one.csv two.csv
places show 220106001001 --json
places show 220106001001 --on 2022-06-01 --json
places find 甲社区 --json
kinds --json
figures --json
records send made.jsonl --as grid.a --json
figure visits 220106001001 --from 2022-01-01 --to 2022-12-31 --json
rebuild --check
bench fold --json
roster load 名册.xls --community 220106001001 --dry-run --answer out.xlsx --json --as secretary.a
roster columns 名册.csv --json --as secretary.a
gaps 220106001001 --json --as secretary.a
round open 第二轮 --area 220106001001 --form headcount --until 2022-03-12T20:00 --json --as secretary.a
round withdraw 第二轮 --reason 示例 --json --as secretary.a
round missing 第二轮 --place 220106001001 --json --as secretary.a
bulletin daily 220106001001 --day 2022-03-12 --format pdf --out daily.pdf --as secretary.a
bench roster --json
bench missing --json
bench bulletin --json
""".strip().splitlines()

# What is typed; how it ends; what the object must hold. {a}, {building}, {door}: places of the cast; {day}: today.
ROSTER = {"rows", "doors", "added", "merged", "changed", "unchanged", "waiting", "refused", "reasons"}
BULLETIN = {"file", "format", "published", "number", "from", "to", "as_of", "figures"}
DONE: tuple[tuple[str, set[str]], ...] = (
    ("places load {lists}/cast_2022-01-01.csv", {"lists"}),
    ("places show {a.code}", {"id", "name", "level", "code", "position", "lo", "hi", "path", "names", "doors"}),
    ("places show {a.code} --on 2022-06-01", {"id", "name"}),
    ("places show {a.lo}", {"id"}),
    ("places show {door.lo} --as secretary.a", {"id"}),
    ("places show {door.id} --as grid.a", {"id"}),
    ("places show area:甲一网格 --as secretary.a", {"name", "kind", "home", "doors", "dwellings"}),
    ("places find 甲社区", {"found"}),
    ("places find jsq --as secretary.a", {"found"}),
    ("kinds", {"kinds"}),
    ("kinds --as grid.a", {"kinds"}),
    ("figures", {"figures"}),
    ("figures --as grid.a", {"figures"}),
    ("records send {lists}/made.jsonl --as grid.a", {"kept", "repeated", "refused", "quarantined"}),
    ("records send {lists}/made.jsonl", {"kept", "repeated", "refused", "quarantined"}),
    ("figure visits {a.code} --from {day} --to {day}", {"value", "unit", "denominator", "as_of"}),
    ("figure doors_settled {building.id} --as secretary.a", {"value", "unit", "denominator", "as_of"}),
    ("figure visits {a.code} --on 2022-06-01 --from {day} --to {day}", {"value", "unit", "denominator", "as_of"}),
    ("figure visits area:甲一网格", {"value", "unit", "denominator", "as_of"}),
    ("figure visits {city.lo} --as city", {"value", "unit", "denominator", "as_of"}),
    ("rebuild --check", {"same", "mended", "tables"}),
    ("roster load {lists}/roster.xlsx --community {a.code} --dry-run --as secretary.a", ROSTER),
    ("roster load {lists}/roster.xlsx --community {a.code} --answer {lists}/answer.xlsx --as secretary.a", ROSTER),
    ("roster columns {lists}/roster.xlsx --as secretary.a", set()),
    ("gaps {a.code} --as secretary.a", {"doors", "covered", "gaps", "overlaps"}),
    ("round open 示例 --area {a.code} --form headcount --until {later} --as secretary.a", {"id", "doors"}),
    ("round missing 示例 --place {building.id} --as secretary.a", {"doors", "settled", "missing", "reasons", "rows"}),
    ("bulletin daily {a.code} --day {day} --format pdf --out {lists}/daily.pdf --as secretary.a", BULLETIN),
    ("bulletin daily {a.code} --day {day} --format xlsx --out {lists}/daily.xlsx --as secretary.a", BULLETIN),
    ("bulletin daily {a.code} --day {day} --format json --out {lists}/daily.json --as secretary.a", BULLETIN),
)
REFUSED = (
    "places load {lists}/nothing.csv",
    "places load {lists}/cast_2022-01-01.csv --as secretary.a",
    "places show 220106001999",
    "places show {a.code} --on 2018-01-01",
    "places show {b.code} --as secretary.a",
    "places show area:没有这个网格",
    "places show {a.code} --as nobody",
    "places find 甲社区 --as nobody",
    "kinds --as nobody",
    "figures --as nobody",
    "records send {lists}/nothing.jsonl --as grid.a",
    "records send {lists}/made.jsonl --as nobody",
    "figure nonsense {a.code}",
    "figure visits {b.code} --as secretary.a",
    "figure visits {a.code} --from 2022-01-02 --to 2022-01-01",
    "roster load {lists}/nothing.xlsx --community {a.code} --as secretary.a",
    "roster load {lists}/roster.xlsx --community {b.code} --as secretary.a",
    "gaps {b.code} --as secretary.a",
    "round open 示例 --area {b.code} --form headcount --until {later} --as secretary.a",
    "round missing 没有这一轮 --as secretary.a",
    "round withdraw 没有这一轮 --reason 示例 --as secretary.a",
    "bulletin weekly {a.code} --day {day} --out {lists}/no.pdf --as secretary.a",
    "bulletin daily {b.code} --day {day} --out {lists}/no.pdf --as secretary.a",
    "bulletin daily {a.code} --day {later} --publish --out {lists}/no.pdf --as secretary.a",
    "bulletin daily {a.code} --day {day} --out {lists}/nowhere/no.pdf --as secretary.a",
)
WRONG = (
    "",
    "nonsense",
    "places",
    "places show",
    "places show {a.code} --on yesterday",
    "places find",
    "records send",
    "figure visits",
    "figure visits {a.code} --from 2022-13-01",
    "round open 示例 --area {a.code}",
    "bulletin daily {a.code} --format doc --as secretary.a",
    "bulletin daily {a.code} --day {day} --from {day} --as secretary.a",
    "rebuild --only nonsense",
    "bench nonsense",
    "up --port many",
)


def typed(words: str) -> tuple[int, str, str]:
    """Run a line as typed; its exit status, and what it printed to either side."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        whole = command_line()
        try:
            status = frame.perform(whole.parse_args(words.split()), whole)
        except SystemExit as left:
            status = int(left.code or 0)
    return status, out.getvalue(), err.getvalue()


def one_object(printed: str) -> Any:
    assert printed.count("\n") == 1, printed
    found = json.loads(printed)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form: str) -> None:
    assert command_line().parse_args(form.split()).run


def test_each_answers_with_one_object_or_says_why_not(transactional_db: None, tmp_path: Path) -> None:
    cast = make_cast()
    (tmp_path / "cast_2022-01-01.csv").write_text(DIVISIONS)
    made = [record(cast.a_door.id), record(cast.a_door.id, kind="remark", payload={"topic": "access"}, envelope={"remark": "示例"})]
    (tmp_path / "roster.xlsx").write_bytes(roster_of(line("钱示一", "1-1-102", paper=paper_number(101)), line("李示三", "1-9-x")))
    (tmp_path / "made.jsonl").write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made))

    def as_typed(words: str) -> str:
        return words.format(
            a=cast.a,
            b=cast.b,
            city=cast.city,
            building=cast.a_building,
            door=cast.a_door,
            day=clock.today(),
            lists=tmp_path,
            later=clock.today() + timedelta(days=1),
        )

    answers: dict[str, Any] = {}
    for words, keys in DONE:
        status, out, err = typed(f"{as_typed(words)} --json")
        assert (status, err) == (0, ""), (words, out, err)
        answers[words] = one_object(out)
        assert keys <= set(answers[words]), (words, out)
        status, out, err = typed(as_typed(words))
        assert (status, err) == (0, ""), (words, out, err)
        assert out.strip(), words
    for words in REFUSED:
        status, out, err = typed(f"{as_typed(words)} --json")
        assert (status, err) == (1, ""), (words, out, err)
        assert one_object(out)["error"], words
        status, out, err = typed(as_typed(words))
        assert (status, out) == (1, ""), (words, out, err)
        assert err.strip(), words
    for words in WRONG:
        for more in ("", " --json"):
            status, out, err = typed(as_typed(words) + more)
            assert (status, out) == (2, ""), (words, out, err)
            assert "usage:" in err.lower(), words

    verdicts = ("kept", "repeated", "refused", "quarantined")
    sent, by_another = answers["records send {lists}/made.jsonl --as grid.a"], answers["records send {lists}/made.jsonl"]
    again = one_object(typed(as_typed("records send {lists}/made.jsonl --as grid.a --json"))[1])
    assert [[one[word] for word in verdicts] for one in (sent, again, by_another)] == [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]
    for words, found in answers.items():
        if words.startswith("figure "):
            assert isinstance(found["value"], int), words
            assert re.match(r"\d{4}-\d\d-\d\dT", found["as_of"]), words
    assert {found["value"] for words, found in answers.items() if words.startswith("figure visits")} == {1}
    assert answers["figure doors_settled {building.id} --as secretary.a"]["denominator"] == 8
    ways = ("places show {a.lo}", "places show {a.code} --on 2022-06-01", "places show {a.code}")
    assert {answers[words]["id"] for words in ways} == {str(cast.a.id)}


def test_a_benchmark_answers_with_the_machine_its_runs_medians_and_goals() -> None:
    measured = Measured(runs=[{"seconds": 3.0}, {"seconds": 1.0}, {"seconds": 2.0}], goals=[Goal("seconds", 2.0, 2.5)])
    found = measured.form()
    assert {"machine", "runs", "medians", "goals"} <= set(found)
    assert found["medians"] == {"seconds": 2.0}
    assert found["goals"] == [{"name": "seconds", "value": 2.0, "goal": 2.5, "met": True}]
