"""The simulation of towns, in bench/simulation."""
