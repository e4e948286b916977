"""Words that every page of the report has in common."""

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.report.document import Body, Page

DIRECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "favourable": (
            "Favourable",
            "the group does better than the one it is compared with, by more than chance explains",
        ),
        "adverse": (
            "Adverse",
            "the group does worse than the one it is compared with, by more than chance explains",
        ),
        "near_parity": (
            "Near parity",
            "no difference is established, and one that mattered would have shown",
        ),
        "cannot_tell": (
            "Cannot tell",
            "the numbers are too small to say: it may be better, worse or the same",
        ),
        "neutral": ("Neutral", "a difference that is in itself neither good nor bad"),
    }
)
"""What each direction of a figure is called on a page, and what that claims."""

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "system": "Whole system: commissioning bodies and providers, each person once",
        "icb": "Commissioning bodies together, each person once",
        "employer": "Employer",
    }
)
"""What each level is called, the widest first."""


def full_name(body: Body) -> str:
    """Return the name of a body; its code where nobody named it."""
    return body.name or body.code


def label(page: Page, body: Body) -> str:
    """Return what a page is called among those of its body."""
    return "Overview" if page.title == full_name(body) else page.title
