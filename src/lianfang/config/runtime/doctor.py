"""`./lianfang doctor`: every context's checks of soundness, and those of the database and the keys, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from lianfang.config.nodes import soundness as nodes
from lianfang.config.runtime import soundness
from lianfang.kernel.soundness import Finding


def _asked() -> Iterator[tuple[str, Callable[[], Sequence[Finding]]]]:
    """The database first, then each context that exports `checks` from its `queries/soundness.py`."""
    yield from soundness.CHECKS.items()
    yield from nodes.CHECKS.items()
    for app in apps.get_app_configs():
        module = f"{app.name}.queries.soundness"
        if app.name.startswith("lianfang.") and find_spec(f"{app.name}.queries") and find_spec(module):
            yield f"{app.label}.checks", import_module(module).checks


def examine() -> list[Finding]:
    """Run all checks. One that fails to run is itself a finding, and the others still run."""
    found: list[Finding] = []
    for name, checks in _asked():
        try:
            with transaction.atomic():
                found += checks()
        except Exception as why:  # noqa: BLE001 - whatever breaks one check must not hide the others
            found.append(Finding(name, ok=False, found=f"the check itself failed: {type(why).__name__}", mend="see the log"))
    return found


def report(found: Sequence[Finding]) -> str:
    """The findings for people, what is wrong at the end."""
    lines = [f"  {'✓' if one.ok else '✗'} {one.check:<28} {one.found}" for one in sorted(found, key=lambda one: not one.ok)]
    wrong = [one for one in found if not one.ok]
    lines += [f"    → {one.check}: {one.mend}" for one in wrong if one.mend]
    lines.append(_("Everything is sound.") if not wrong else _("{count} checks found something wrong.").format(count=len(wrong)))
    return "\n".join(lines)
