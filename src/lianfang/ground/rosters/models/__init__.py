"""Tables of rosters; seen by this context only."""

from lianfang.ground.rosters.models.files import Content, Remembered, Roster
from lianfang.ground.rosters.models.rows import Question, Row

__all__ = ["Content", "Question", "Remembered", "Roster", "Row"]
