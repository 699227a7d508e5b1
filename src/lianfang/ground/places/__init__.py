"""Places (地方): everything with a position, from a province to a door, and the areas made of them.

Owns: the official divisions (区划) with their dated codes, names and parents; buildings, units, doors, houses, sites and
people without a fixed dwelling; positions, each given once for ever; areas (grids, compounds, zones); aliases and the keys
of search; WGS-84 points; the tally of doors by building. Reads addresses written by people and says how sure it is.
Does not own: who lives behind a door (`people`), who answers for it (`accounts`), what was seen there (`ledger`).
Commands trust their caller: whether somebody may act at a place is asked by the doors, of `accounts.access`.
"""
