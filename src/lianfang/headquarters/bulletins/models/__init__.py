"""Tables of bulletins: what was published, and what was withdrawn. Rows are only added."""

from lianfang.headquarters.bulletins.models.frozen import FrozenFigure, FrozenSpan
from lianfang.headquarters.bulletins.models.issues import Issue, Withdrawal

__all__ = ["FrozenFigure", "FrozenSpan", "Issue", "Withdrawal"]
