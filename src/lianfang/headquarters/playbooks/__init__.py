"""The switch between peacetime and emergency (平急转换): plans, their activation step by step, and the way back.

Owns: plans (预案) with their versions and the people bound to their places, the runs that carry one out or stand an incident down, every
single thing such a run did, and the facts of service that go into letters. It raises nothing itself: each step calls the verbs of the
context whose thing it is.
Does not own: incidents, bodies, needs, calls, orders (their contexts), nor erasure and the certificate (headquarters.closing).
"""
