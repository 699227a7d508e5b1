"""Outreach: what is put out to people. So far: short messages to the workers of a place or a grid, with receipts.

A message is an instruction, not a fact about anybody: it names no resident, so it lies in tables of its own and in a service book, not in
the ledger. Who has got it and who has read it are facts of the receipt; nobody is ranked by them.
"""
