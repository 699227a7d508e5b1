"""Incidents (事件): what the emergency is, where, since when, and whether it is a drill.

Owns the list of incidents that records, books and measures refer to. Opening one switches nothing on by itself: the
peacetime/emergency switch, levels, rule sets and measures in force come with the duties that need them, and its book is
opened by the ledger.
"""
