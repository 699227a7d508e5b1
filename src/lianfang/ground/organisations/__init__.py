"""Organisations (组织): Party organisations, departments, enterprises, residents' bodies, as one numbered tree.

Owns the organisations and their place in the tree. They are numbered as places are: everything below an organisation is
one range, given once for ever, so that a grant over a subtree is two numbers. Who is a member, which posts and teams an
organisation raises, and who sponsors whom comes with the duties that need it.
"""
