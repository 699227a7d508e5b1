"""Door-to-door rounds (敲门行动): what visits make of doors.

Owns: the state of each door from its visits, how many doors of a building stand how, tallies of visits by building and day and by
community and hour, and the command that records a visit. Which outcome settles a door is its rule.
Does not own: doors (places), who lives there (people), the records themselves (ledger).
"""
