"""Mobilisation (动员下沉): who is on duty where.

Owns: the spells of duty folded from presence records, and the commands that sign on and off.
Does not own: offices and grants (accounts), posts and teams (organisations); attendance shows facts and compares nobody with anybody.
"""
