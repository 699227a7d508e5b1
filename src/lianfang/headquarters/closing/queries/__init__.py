"""Reads of closings: how far one is, its certificate, its holds, and what would go."""

from lianfang.headquarters.closing.queries.closings import closing, closing_of, closings, last_number, numbered, waiting
from lianfang.headquarters.closing.queries.holds import hold, holds_of
from lianfang.headquarters.closing.queries.preview import preview

__all__ = ["closing", "closing_of", "closings", "hold", "holds_of", "last_number", "numbered", "preview", "waiting"]
