"""The machine interface: JSON over HTTP for devices, scripts and other systems, described by `docs/openapi.json`.

Owns the shapes of answers and the paging; asks the same contexts the same questions as the desk. A caller is a device
(bearer token) or somebody signed in at the desk. Positions are strings, times ISO 8601 with their offset, lists are paged by cursor.
"""
