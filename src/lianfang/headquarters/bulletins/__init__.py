"""Figures and bulletins (战报): every number that goes up, computed from records and traceable to them.

Owns: the declarations of figures (one file a subject in `figures/`), their reading for a place or an area and a period, their proof.
Reads only, through the queries of duties and ground; nobody types a number that the system knows.
Does not own: how records become tables (the duties' projections).
"""
