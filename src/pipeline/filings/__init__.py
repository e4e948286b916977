"""Filings: the returns of each employer, with true counts, for the eyes of who files them alone."""

from pipeline.filings.whole import write_filings

__all__ = ["write_filings"]
