"""Verify: whether what a home holds is what was once written there."""
