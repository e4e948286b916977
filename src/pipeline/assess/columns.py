"""The columns of the figures, and which of them are counts, people and key."""

COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
PEOPLE = tuple(f"{count}_people" for count in COUNTS)
KEY = (
    "period_end", "organisation_code", "level", "standard", "indicator", "part", "measure",
    "group_code", "comparator_code",
)  # fmt: skip
FIGURE = (
    "release_id", "period_end", "organisation_code", "organisation_name", "level", "standard",
    "indicator", "part", "measure", "group_code", "comparator_code", *COUNTS, "value", "ci_low",
    "ci_high", "p_value", "status", "reason", "disclosure", "direction",
)  # fmt: skip

MISSING_SOURCE = "MISSING_SOURCE"
