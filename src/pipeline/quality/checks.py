"""The registered checks: what each looks at, and how severe it is when it fails.

Each check is given a frame whose every row must satisfy one expectation. The frames are made by
``quality.frames``; Great Expectations runs them (``quality.gate``).
"""

from dataclasses import dataclass
from enum import StrEnum


class Suite(StrEnum):
    """The two suites of the gate."""

    FIGURES = "figures"
    """Critical: figures that contradict each other are not released."""
    DECLARATION = "declaration"
    """Warnings: one employer's poor data never blocks the others."""


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    Attributes:
        check_id: its name in ``check_result``.
        suite: the suite it belongs to.
        expectation: ``between`` (column ``value`` within ``low`` and ``high``), ``equal`` (columns
            ``found`` and ``expected``), ``at_least`` (``found`` no less than ``expected``) or
            ``none`` (the frame has no row).
        description: what it makes sure of, for people.
        low: the lowest value of ``between``.
        high: the highest value of ``between``.
        excludes_high: whether the values of ``between`` stay below ``high``.
    """

    check_id: str
    suite: Suite
    expectation: str
    description: str
    low: float | None = None
    high: float | None = None
    excludes_high: bool = False

    @property
    def severity(self) -> str:
        """``critical`` stops the release, ``warning`` does not."""
        return "critical" if self.suite is Suite.FIGURES else "warning"


FIGURE_CHECKS = (
    Check(
        "share_in_range",
        Suite.FIGURES,
        "between",
        "Every share and every rate of people lies between 0 and 100, no rate of cases below 0",
        0,
        100,
    ),
    Check(
        "groups_add_up",
        Suite.FIGURES,
        "equal",
        "The groups of every characteristic add up to the headcount they are shares of",
    ),
    Check(
        "same_workforce_everywhere",
        Suite.FIGURES,
        "equal",
        "Every characteristic and standard counts the same workforce",
    ),
    Check(
        "pay_rows_add_up",
        Suite.FIGURES,
        "equal",
        "The pay rows of WRES 1 and the clusters of WDES 1 add up to the workforce",
    ),
    Check(
        "measures_present",
        Suite.FIGURES,
        "equal",
        "Every measure is there for every organisation that sent its source",
    ),
    Check(
        "pooled_at_most_sum",
        Suite.FIGURES,
        "at_least",
        "The pooled headcount is at most the sum of its employers' headcounts",
    ),
    Check(
        "no_small_count_published",
        Suite.FIGURES,
        "none",
        "No count below the threshold stands in the published figures",
    ),
    Check(
        "hidden_means_hidden",
        Suite.FIGURES,
        "none",
        "A suppressed figure tells no value, interval, p-value, direction or reason",
    ),
)
