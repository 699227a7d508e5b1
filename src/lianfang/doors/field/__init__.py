"""The field: the app of the phones (its shell, built from frontend/), and the addresses it speaks to.

A phone belongs to one account, is known by its credential, and gets what that account may see today; records go to the intake.
"""
