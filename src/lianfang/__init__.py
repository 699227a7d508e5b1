"""联防 Lianfang: one ledger from the doorstep to the city.

A path says what may be imported: kernel < ground < ledger < work < headquarters < doors < config.
"""

__version__ = "0.1.0"
