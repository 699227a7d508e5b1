"""The table of matters, folded from `matter_raised` and `matter_settled`."""

from lianfang.work.matters.models.matters import Matter

__all__ = ["Matter"]
