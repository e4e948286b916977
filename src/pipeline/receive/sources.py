"""What is known of each source as a whole: what a file of it says that has headings and no rows."""

from enum import StrEnum
from functools import cache

from pipeline.resources import reference


class EmptyMeans(StrEnum):
    """What a header without rows says."""

    REJECTED = "rejected"
    """The extract went wrong: nobody employs nobody."""
    MISSING = "missing"
    """The source counts as not sent."""
    NONE = "none"
    """There were none of what the source lists, which is an answer."""


@cache
def empty_means(source: str) -> EmptyMeans:
    """Return what a header without rows says in ``source`` (``warehouse/reference/source.csv``)."""
    (meaning,) = (row["empty_means"] for row in reference("source") if row["source"] == source)
    return EmptyMeans(meaning)
