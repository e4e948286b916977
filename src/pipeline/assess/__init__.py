"""Assess: counts become rates, ratios and differences with intervals, tests and directions."""
