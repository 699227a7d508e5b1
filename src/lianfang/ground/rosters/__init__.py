"""Rosters (名册): the lists of residents that people already keep in Excel, read, compared and taken in.

Owns the reading of such lists (which column is what, which row is a person, what a cell says), the layouts that were
corrected and remembered, staged files with their rows and verdicts, and the differences between one file and the next.
It does not own persons, households and doors: those lie in `people` and `places`, and a loaded row ends there. Files
are opened by `kernel.sheets`, addresses are understood by `places`, who may load where is asked of `accounts`.
"""
