"""Template tags of the desk; the pages of residents use them too."""
