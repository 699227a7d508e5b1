"""Tables of mobilisation: duty folded from records, and as master data who can be sent, what is needed, drafts and assignments."""

from lianfang.work.mobilisation.models.calls import Call, Dispatch, Summons
from lianfang.work.mobilisation.models.drafts import Draft, Line, Shortage
from lianfang.work.mobilisation.models.forces import Assignment, Force, Need, Wish, Withdrawal
from lianfang.work.mobilisation.models.presence import Presence

__all__ = ["Assignment", "Call", "Dispatch", "Draft", "Force", "Line", "Need", "Presence", "Shortage", "Summons", "Wish", "Withdrawal"]
