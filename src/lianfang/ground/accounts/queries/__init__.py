"""Reads of accounts, grants and devices."""
