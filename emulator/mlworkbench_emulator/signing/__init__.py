"""Verify the vendors' request signatures. Knows their algorithms and published rules; not their error bodies."""
