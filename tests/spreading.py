"""How the files of tests are spread over the workers."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# They stand on the lists that are shipped, which take half a minute to load: one worker loads them, once.
ON_REAL_LISTS = frozenset(f"tests/ground/places/test_{name}.py" for name in ("address_real", "real_lists", "search"))


class ByFile(LoadScopeScheduling):
    """As `--dist loadfile`, and some files stay together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "the real lists" if file in ON_REAL_LISTS else file
