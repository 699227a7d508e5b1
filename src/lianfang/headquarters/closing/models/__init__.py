"""Tables of closing; seen by this context only."""

from lianfang.headquarters.closing.models.closings import Closing, Step
from lianfang.headquarters.closing.models.holds import Held, Hold, Opening

__all__ = ["Closing", "Held", "Hold", "Opening", "Step"]
