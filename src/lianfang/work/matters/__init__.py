"""Matters (事项): something that a named person must settle by a time.

Owns: the table of matters with their owners, times and settling, the commands that raise and settle one, and the reaction that turns a
request for help at a door into a matter for the secretary there; and the chore that makes matters of people listed in two places.
Does not own: what caused a matter (other duties raise one by appending `matter_raised`), and whose office it is (accounts).
"""
