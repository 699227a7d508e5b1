"""A whole city's people allotted to its places at once: the formula, the solution, its proof, and why a place is short.

Pure: arrays in, arrays out. docs/guides/assignment.md is the description. numpy and OR-Tools are imported here and in the modules
below only, and whoever uses this package imports it inside the function that does: a web process never pays for it.
"""
