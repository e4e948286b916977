"""Rebuild: a home from its snapshots and receipts, release after release."""
