"""Pieces pages are made of: plain values that the templates in `templates/desk/parts` draw.

Each is shown in all its states on the living page (/desk/style/).
"""
