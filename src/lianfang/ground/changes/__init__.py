"""The change log of master data (变动记录): who changed what, when, from what to what, and why.

Owns one table, written by triggers only, so that no way of changing a row goes around it. Each context says
with `tracking.track` which of its tables are followed and which columns are too sensitive to be repeated here:
of those the log says that they changed, never from what to what. It knows no other context.
"""
