"""Master data: what stands. Edited in place, dated, every change logged by a trigger."""
