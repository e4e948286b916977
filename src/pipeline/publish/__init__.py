"""Publish: a new database of protected figures, verified, then swapped in whole."""
