"""The registered checks: what each looks at, and how severe it is when it fails.

``warehouse/checks/checks.csv`` names them. A check of suite ``standard`` stands in the suite of
every standard of the indicator registry that it bears on, so that each standard is told apart. Each
is given a frame whose every row must satisfy one expectation; ``quality.frames`` makes the frames,
and Great Expectations runs the suites (``quality.gate``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.registry import Indicator, load_registry
from pipeline.resources import WAREHOUSE, read_rows

CHECKS = WAREHOUSE / "checks"
CRITICAL, WARNING = "critical", "warning"
DECLARATION = "declaration"
"""The suite of the alert rules. They are warnings: poor data of one never blocks the others."""

RELEASE = "release"
"""The suite of what goes across standards."""

_OF_STANDARDS = "standard"


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    Attributes:
        check_id: its name in ``check_result``, once in a suite.
        suite: a standard, ``release`` or ``declaration``.
        expectation: ``between`` (column ``value`` within ``low`` and ``high``), ``equal`` (columns
            ``found`` and ``expected``), ``at_least`` (``found`` no less than ``expected``) or
            ``none`` (the frame has no row).
        description: what it makes sure of, for people.
        low: the lowest value of ``between``.
        high: the highest value of ``between``.
        severity: ``critical`` stops the release, ``warning`` does not.
        is_of_standard: whether it looks at the rows of its frame that belong to its suite's
            standard, and not at all of them.
        excludes_high: whether the values of ``between`` stay below ``high``.
    """

    check_id: str
    suite: str
    expectation: str
    description: str
    low: float | None = None
    high: float | None = None
    severity: str = CRITICAL
    is_of_standard: bool = False
    excludes_high: bool = False


@cache
def figure_checks() -> tuple[Check, ...]:
    """Return the checks of all suites over figures, suite by suite."""
    registry = load_registry()
    listed = read_rows(CHECKS / "checks.csv")
    of_standard = [row for row in listed if row["suite"] == _OF_STANDARDS]
    return tuple(
        _check(row, standard)
        for standard in dict.fromkeys(entry.standard for entry in registry)
        for row in of_standard
        if _bears_on(row, standard, registry)
    ) + tuple(_check(row) for row in listed if row["suite"] != _OF_STANDARDS)


def _check(row: dict[str, str], standard: str | None = None) -> Check:
    low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
    return Check(
        row["check_id"],
        standard or row["suite"],
        row["expectation"],
        row["description"],
        low,
        high,
        row["severity"],
        is_of_standard=standard is not None,
    )


def _bears_on(row: dict[str, str], standard: str, registry: Iterable[Indicator]) -> bool:
    """Return whether a check is for a standard: by its name, or by the methods of its measures."""
    if row["standards"]:
        return standard in row["standards"].split(";")
    methods = {
        measure.method
        for entry in registry
        if entry.standard == standard
        for measure in entry.measures.values()
    }
    return not row["methods"] or not methods.isdisjoint(row["methods"].split(";"))
