"""How the files of tests are spread over the workers: what takes long begins first, so that no worker waits for another at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They stand on the lists that are shipped, which take half a minute to load: one worker loads them, once.
ON_REAL_LISTS = frozenset(f"tests/ground/places/test_{name}.py" for name in ("address_real", "real_lists", "search"))


# The longest first; the rest follows by the number of its tests.
LONG = (
    "the real lists",
    "tests/stories/test_changchun_street.py",
    "tests/faults/test_faults_on_purpose.py",
    "tests/access/test_every_endpoint.py",
    "tests/config/test_commands.py",
    "tests/stories/test_yinhe.py",
    "tests/config/test_erasure.py",
    "tests/config/test_other_account.py",
    "tests/config/test_field_app.py",
    "tests/config/test_real_installation.py",
    "tests/nodes/test_province.py",
    "tests/faults/test_database_gone_and_back.py",
    "tests/browser/test_field_app.py",
    "tests/browser/test_field_life.py",
    "tests/config/test_backups.py",
    "tests/stories/test_switch.py",
    "tests/kernel/paper/test_paper.py",
    "tests/ground/places/test_properties.py",
    "tests/ledger/test_folding_histories.py",
    "tests/config/test_outside_server.py",
    "tests/browser/test_rounds.py",
    "tests/ground/accounts/test_chain_recount.py",
    "tests/ground/rosters/test_any_order.py",
    "tests/work/test_round_histories.py",
)


def together(nodeid: str) -> str:
    """What is all one worker's."""
    file = nodeid.split("::", 1)[0]
    return "the real lists" if file in ON_REAL_LISTS else file


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests in the order in which they are handed out."""
    place = {name: number for number, name in enumerate(LONG)}
    often = Counter(together(item.nodeid) for item in items)
    items.sort(key=lambda item: (place.get(name := together(item.nodeid), len(LONG)), -often[name], name))


class ByFile(LoadScopeScheduling):
    """As `--dist loadfile`, and some files stay together; in the order in which they are."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
