"""Measurements, one module each with `measure(runs) -> Measured`; `./lianfang bench NAME --json` prints them.

A benchmark makes a database of its own, measures its limit in the same run and gives ratios to it, and states its
goals with whether they were met. It sends traffic to this machine only and ends by itself.
"""
