"""What a node publishes of its window: which columns of which rows.

The columns are those of this form, by name: a later version may add others, and a node above of an earlier one gets what it knows. The rows are the
node's own: what came up to it from below does not go further by itself.
"""

from __future__ import annotations

from lianfang.headquarters.upward.models import Day, DayFigure, OrganisationRow, RoundRow
from lianfang.kernel.replication import Published

NAME = "lianfang_up"
MODELS = (Day, DayFigure, RoundRow, OrganisationRow)
"""What stands in a window."""

COLUMNS = {
    "upward_day": ("node", "day", "name", "lo", "hi", "form", "as_of", "keys"),
    "upward_figure": ("node", "day", "lo", "hi", "key", "value"),
    "upward_round": ("node", "id", "name", "lo", "hi", "opens_at", "ends_at"),
    "upward_organisation": ("node", "id", "parent", "name", "kind", "lo", "hi", "valid_from", "valid_to"),
}
KEYS = {
    "upward_day": ("node", "day"),
    "upward_figure": ("node", "day", "lo", "hi", "key"),
    "upward_round": ("node", "id"),
    "upward_organisation": ("node", "id"),
}


def published(code: str) -> list[Published]:
    """The tables of the window of a node, as they are published."""
    if not (code.isascii() and code.isalnum()):
        raise ValueError(f"{code} is no code of a node")
    return [Published(table, columns, f"node = '{code}'") for table, columns in COLUMNS.items()]
