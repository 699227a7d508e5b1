"""Forms by subject: what may be typed, checked for form only. What may be done is decided by the contexts."""
