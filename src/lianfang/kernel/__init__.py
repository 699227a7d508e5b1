"""What every layer may lean on: time, ids, ranges, figures, errors, sealing, database scope.

The kernel has no tables and imports nothing of ours. Whoever adds here asks first whether the thing
belongs to a trade context instead; the kernel knows no trade rule.
"""
