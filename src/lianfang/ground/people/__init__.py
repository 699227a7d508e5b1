"""Persons, the households at doors, and who lives where since when (人员与住户).

Owns one Person for residents and workers alike, the dated households at a door, residence (registered 户籍 and actual
实际居住), the log of looks at sensitive fields, and the counts of each building. A person has no position: rows of
residence and households carry one, and row security stands on those. Sensitive fields are sealed and masked; a full
value is given by `commands.looks.reveal` only, with a reason, and every look is kept and shown to the person.
It knows places and the change log; who may do what is asked of `accounts` by those who call.
"""
