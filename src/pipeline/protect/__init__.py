"""Protect: hide the small counts, and what would give them back."""
