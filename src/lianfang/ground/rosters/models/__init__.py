"""Tables of this context, for this context alone."""
