"""Rules of places: arithmetic of positions, matching of official lists, phrases and addresses. No database."""
