"""Which figures stand side by side in a row of a sheet: one layout for each standard.

A row is a body at a snapshot and what its figures share (an indicator, a part, a group); a cell is
one column of one figure of that row. Units stand in the headings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = ("difference_pp", "relative_likelihood")
SHARES = ("share", "rate")
_OVER_EMPLOYERS = "Relative likelihood over employers, Mantel-Haenszel"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number column of a sheet: which figure of the row it shows, and which column of it.

    Attributes:
        heading: its heading, with the unit.
        column: the column of ``figure``.
        measures: the measures that it is taken from.
        group: the group; any where it is None.
        indicator: the indicator; any where it is None.
        decimals: as the standard prints it.
    """

    heading: str
    column: str
    measures: tuple[str, ...]
    group: str | None = None
    indicator: str | None = None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of figures.

    Attributes:
        label: what its tab says.
        title: what it shows.
        standard: the standard.
        row: the columns of ``figure`` that name a row, beside snapshot and body.
        cells: its number columns.
        headline: the parts that are totals: kept where none of their numbers is shown, and kept of
            pooled bodies at every snapshot.
        comparator: only figures compared with it, or with nobody; any where it is None.
        part: only figures of parts that end so, and of no such part elsewhere.
        notes: the notes that it refers to.
    """

    label: str
    title: str
    standard: str
    row: tuple[str, ...]
    cells: tuple[Cell, ...]
    headline: tuple[str, ...] = ("all",)
    comparator: str | None = None
    part: str | None = None
    notes: tuple[str, ...] = ("protection", "rows")


def interval(
    name: str, unit: str, measures: tuple[str, ...], decimals: int, **which: str
) -> Iterator[Cell]:
    """Yield a value and the ends of its 95% interval."""
    for column, ending in (
        ("value", ""),
        ("ci_low", ", lower end of the 95% interval"),
        ("ci_high", ", upper end of the 95% interval"),
    ):
        yield Cell(f"{name}{ending} ({unit})", column, measures, decimals=decimals, **which)


def claim(measures: tuple[str, ...]) -> Iterator[Cell]:
    """Yield the p-value and what may be claimed."""
    yield Cell("P-value (two-sided)", "p_value", measures, decimals=3)
    yield Cell("What may be claimed", "direction", measures)


def _by_group(names: dict[str, str]) -> Iterator[Cell]:
    for group, name in names.items():
        yield Cell(f"{name}, number", "numerator", SHARES, group)
    for group, name in names.items():
        yield Cell(f"{name}, base (number)", "denominator", SHARES, group)
    for group, name in names.items():
        yield Cell(f"{name} (percent)", "value", SHARES, group, decimals=1)


def _compared() -> Iterator[Cell]:
    yield from interval("Difference", "percentage points", ("difference_pp",), 1)
    yield from interval("Relative likelihood", "ratio", ("relative_likelihood",), 2)
    yield from claim(COMPARED)
    yield from interval(_OVER_EMPLOYERS, "ratio", ("ratio",), 2)


def _pay(label: str, title: str, standard: str, comparator: str, names: dict[str, str]) -> Layout:
    gaps = {
        "mean_hourly": "Mean hourly pay gap",
        "median_hourly": "Median hourly pay gap",
        "mean_bonus": "Mean bonus pay gap",
        "median_bonus": "Median bonus pay gap",
    }
    quarters = {
        "quarter_1": "Lower pay quarter",
        "quarter_2": "Lower middle pay quarter",
        "quarter_3": "Upper middle pay quarter",
        "quarter_4": "Upper pay quarter",
    }
    cells = [
        Cell(f"{name} (percent)", "value", ("gap_percent",), indicator=one, decimals=1)
        for one, name in gaps.items()
    ]
    paid = list(names)[:2]
    cells += [
        Cell(f"{names[group]} paid a bonus (percent)", "value", ("rate",), group, decimals=1)
        for group in paid
    ]
    cells += [
        Cell(f"{name}, {names[group].lower() if standard == 'GPG' else names[group]} (percent)",
             "value", ("share",), group, one, 1)
        for one, name in quarters.items()
        for group in names
    ]  # fmt: skip
    return Layout(
        label, title, standard, ("part",), tuple(cells), ("all", "illustrative"), comparator,
        notes=("protection", "rows", "pay"),
    )  # fmt: skip


def _states(names: dict[str, str]) -> Iterator[Cell]:
    for group, name in names.items():
        yield Cell(f"{name} (number)", "value", ("count",), group)


_ETHNICITY = {"WHITE": "White", "BME": "BME", "UNKNOWN": "Ethnicity not known"}
_DISABILITY = {
    "DISABLED": "Disabled",
    "NON_DISABLED": "Not disabled",
    "UNKNOWN": "Disability not known",
}

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "WRES", "Workforce Race Equality Standard by indicator and part", "WRES",
        ("indicator", "part"), (*_by_group(_ETHNICITY), *_compared()),
        ("all", "clinical:all", "non_clinical:all", "medical:all"),
        notes=("protection", "rows", "intervals", "claims"),
    ),
    Layout(
        "WDES", "Workforce Disability Equality Standard by metric and part", "WDES",
        ("indicator", "part"),
        (
            *_by_group(_DISABILITY), *_compared(),
            Cell("Engagement score, disabled (0 to 10)", "value", ("score",), "DISABLED",
                 decimals=1),
            Cell("Engagement score, not disabled (0 to 10)", "value", ("score",), "NON_DISABLED",
                 decimals=1),
            Cell("Engagement score, everybody (0 to 10)", "value", ("score",), "ALL", decimals=1),
            Cell("Actions (number)", "value", ("count",), "ALL"),
        ),
        notes=("protection", "rows", "intervals", "claims"),
    ),
    _pay("Gender pay gap", "of men and women, by part", "GPG", "FEMALE",
         {"MALE": "Men", "FEMALE": "Women"}),
    _pay("Ethnicity pay gap", "of White and BME staff, by part", "EPG", "BME",
         _ETHNICITY),
    Layout(
        "Ethnicity pay gap in detail", "of White British staff and each other group", "EPG",
        ("indicator", "part", "comparator_code"),
        (Cell("Pay gap (percent)", "value", ("gap_percent",), "A", decimals=1),),
        (), part="detail", notes=("protection", "rows", "pay"),
    ),
    _pay("Disability pay gap", "of staff who are not disabled and who are, by part", "DPG",
         "DISABLED", dict(zip(("NON_DISABLED", "DISABLED", "UNKNOWN"),
                              ("Not disabled", "Disabled", "Disability not known"), strict=True))),
    Layout(
        "Workforce profile", "Workforce by protected characteristic and part", "PSED",
        ("indicator", "part", "group_code"),
        (
            Cell("Headcount (number)", "numerator", ("share", "headcount")),
            Cell("Base (number)", "denominator", ("share",)),
            *interval("Share of the base", "percent", ("share",), 1),
        ),
        notes=("protection", "rows", "intervals"),
    ),
    Layout(
        "Census comparison", "Workforce against the resident population, Census 2021", "CENSUS",
        ("indicator", "part", "group_code", "comparator_code"),
        (
            Cell("Staff in the group (number)", "numerator", ("difference_pp",)),
            Cell("Staff (number)", "denominator", ("difference_pp",)),
            Cell("Residents in the group (number)", "comparator_numerator", ("difference_pp",)),
            Cell("Residents (number)", "comparator_denominator", ("difference_pp",)),
            *interval("Difference", "percentage points", ("difference_pp",), 1),
            *interval("Representation index", "ratio", ("ratio",), 2),
            *claim(("difference_pp",)),
        ),
        ("boundary",), notes=("protection", "rows", "intervals", "claims"),
    ),
    Layout(
        "Declaration rates", "Staff whose protected characteristics are known", "DECLARATION",
        ("indicator",),
        (
            Cell("Known (number)", "numerator", ("share",), "KNOWN"),
            Cell("Headcount (number)", "denominator", ("share",), "KNOWN"),
            *interval("Known", "percent", ("share",), 1, group="KNOWN"),
            Cell("Not known (percent)", "value", ("share",), "UNKNOWN", decimals=1),
            Cell("Never asked (percent)", "value", ("share",), "NEVER_ASKED", decimals=1),
            Cell("Asked and not stated (percent)", "value", ("share",), "DECLINED", decimals=1),
        ),
        notes=("protection", "rows", "intervals", "band"),
    ),
    Layout(
        "Model employer", "BME staff in senior bands on the way to parity", "MODEL_EMPLOYER",
        ("part",),
        (
            Cell("BME staff at parity (number)", "value", ("score",), "BME", "parity", 1),
            Cell("BME staff missing to parity (number)", "value", ("count",), "BME", "shortfall"),
            Cell("Line to parity, 2025 (number)", "value", ("score",), "BME", "line_2025", 1),
            Cell("On the line in 2025 (1 yes, 0 no)", "value", ("count",), "BME", "on_track_2025"),
            Cell("Line to parity, 2028 (number)", "value", ("score",), "BME", "line_2028", 1),
            Cell("On the line in 2028 (1 yes, 0 no)", "value", ("count",), "BME", "on_track_2028"),
        ),
        ("all", "tier_upper", "cluster_4"),
    ),
    Layout(
        "Race disparity ratio", "between tiers of pay bands", "RDR",
        ("indicator", "part"),
        (
            Cell("White staff in the higher tier (number)", "numerator", ("ratio",)),
            Cell("White staff in the lower tier (number)", "denominator", ("ratio",)),
            Cell("BME staff in the higher tier (number)", "comparator_numerator", ("ratio",)),
            Cell("BME staff in the lower tier (number)", "comparator_denominator", ("ratio",)),
            *interval("Race disparity ratio", "ratio", ("ratio",), 2),
            *claim(("ratio",)),
        ),
        ("all", "clinical", "non_clinical"), notes=("protection", "rows", "intervals", "claims"),
    ),
    Layout(
        "Flow", "Starters, leavers, promotions, appointment and attrition", "FLOW",
        ("indicator", "part", "group_code", "comparator_code"),
        (
            Cell("People (number)", "value", ("count",)),
            Cell("Counted in the rate (number)", "numerator", SHARES),
            Cell("Base of the rate (number)", "denominator", SHARES),
            *interval("Rate", "percent", SHARES, 1),
            *interval("Relative likelihood", "ratio", ("relative_likelihood",), 2),
            *claim(("relative_likelihood",)),
            *interval(_OVER_EMPLOYERS, "ratio", ("ratio",), 2),
        ),
        notes=("protection", "rows", "intervals", "claims"),
    ),
    Layout(
        "Equality Delivery System", "grades and scores of its outcomes", "EDS",
        ("indicator", "part", "group_code"),
        (
            Cell("Grade or score", "value", ("score",)),
            Cell("Outcomes or domains (number)", "value", ("count",)),
        ),
    ),
    Layout(
        "Actions", "Actions of equality plans, and whether the gap closed", "ACTIONS",
        ("indicator", "part"),
        (
            *_states({"ALL": "All actions", "OPEN": "Open", "OVERDUE": "Overdue",
                      "COMPLETE": "Complete", "CANCELLED": "Cancelled"}),
            *interval("Nearer to parity since the action began", "see Definitions", ("score",), 2),
            *claim(("score",)),
        ),
        notes=("protection", "rows", "intervals", "claims"),
    ),
    Layout(
        "Duties", "Publications and impact assessments that the law or the contract asks for",
        "DUTIES", ("indicator", "part"),
        (
            *_states({
                "DUE": "Due", "DONE": "Published in time", "LATE": "Published late",
                "MISSING": "Not published", "NO_ADDRESS": "Published without an address",
                "COMPLETED": "Impact assessments completed in the quarter",
                "DECIDED": "Completed, with a decision",
                "AFTER_DECISION": "Completed only after the decision",
                "DECIDED_WITHOUT": "Decided in the quarter, not complete",
            }),
            Cell("Characteristics considered (mean number)", "value", ("score",),
                 "CHARACTERISTICS", decimals=1),
        ),
    ),
)  # fmt: skip
"""The sheets of figures, in order."""
