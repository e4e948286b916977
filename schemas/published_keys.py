"""What makes a row of each published table the only one, and what it refers to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns whose values stand in the columns of another table."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


_INDICATOR = Reference(
    ("standard", "indicator", "measure"), "indicator", ("standard", "indicator", "measure")
)
# Each body is there under every name in turn: a body is found, not a row.
_BODY = Reference(("organisation_code",), "organisation", ("organisation_code",))
_FIGURE = ("period_end", "organisation_code", "level", "standard", "indicator", "part", "measure",
           "group_code", "comparator_code")  # fmt: skip

UNIQUE: dict[str, tuple[str, ...]] = {
    "figure": _FIGURE,
    "declaration_rate": ("period_end", "level", "organisation_code", "characteristic"),
    "alert": ("organisation_code", "period_end", "code", "characteristic", "message"),
    "organisation": ("organisation_code", "valid_from"),
    "indicator": ("standard", "indicator", "measure"),
    "series_break": ("standard", "indicator", "since"),
    "benchmark": ("standard", "indicator", "period_end", "peer_group", "peer_code"),
    "coverage": ("period_end", "level", "organisation_code", "source"),
    "load": ("period_end", "organisation_code", "source"),
    "check_result": ("suite", "check_id"),
    "revision": _FIGURE,
    "about": ("name",),
}
"""The columns of which no two rows of a table have the same values; no value is like no value."""

REFERENCES: dict[str, tuple[Reference, ...]] = {
    "figure": (_INDICATOR, _BODY),
    "declaration_rate": (_BODY,),
    "alert": (_BODY,),
    "coverage": (_BODY,),
    "load": (_BODY,),
}
"""What the rows of a table refer to. A revision may be of what is there no more."""
