"""Workforce-equality statistics for the English NHS: extracts in, one published database out."""

__version__ = "0.1.0"
