"""Spells of duty, folded from presence records."""

from lianfang.work.mobilisation.models.presence import Presence

__all__ = ["Presence"]
