"""The faults that the sample plants: two files to be rejected, and rows to be quarantined.

The files, and the rows of staff and board, stand neither at the first nor at the last snapshot,
whose figures are the annual ones; the other sources are sent at those alone. All planted rows are
extra ones, so that no person and no answer of the sample is lost by them.
"""

from pathlib import Path

from pipeline.sample import planted_rows
from pipeline.sample.formats import Row
from pipeline.sample.payroll import Stock
from pipeline.sample.planted_rows import Planter

Place = tuple[str, str, str]
"""Snapshot as an ISO date, organisation code, source."""

DRIFTED: Place = ("2021-09-30", "01J", "recruitment")
"""A required heading that no list of headings knows: the file is rejected."""
TRUNCATED: Place = ("2021-09-30", "27D", "board")
"""A file that breaks off in its last line: it is rejected."""

PLANTED: dict[Place, tuple[int, Planter]] = {
    ("2021-12-31", "27D", "esr_staff"): (1, planted_rows.unmapped_pay_scale),
    ("2021-06-30", "02E", "esr_staff"): (1, planted_rows.impossible_date),
    ("2021-09-30", "99A", "esr_staff"): (1, planted_rows.repeated_row),
    ("2021-12-31", "12F", "esr_staff"): (2, planted_rows.contradiction),
    ("2021-09-30", "12F", "board"): (2, planted_rows.member_twice),
    ("2022-03-31", "12F", "survey"): (1, planted_rows.percent_without_base),
    ("2022-03-31", "27D", "survey"): (1, planted_rows.count_above_base),
    ("2022-03-31", "99A", "survey"): (1, planted_rows.item_of_another_year),
    ("2022-03-31", "27D", "pay"): (1, planted_rows.impossible_rate),
    ("2022-03-31", "RBQ", "pay"): (1, planted_rows.bonus_of_a_stranger),
    ("2022-03-31", "RBQ", "employee_relations"): (1, planted_rows.case_of_a_stranger),
    ("2022-03-31", "27D", "eds"): (1, planted_rows.score_of_four),
}
"""How many rows are to be quarantined, and what makes them, by place."""

QUARANTINED = {place: count for place, (count, _) in PLANTED.items()}
"""Rows to be quarantined, by place."""

_DRIFTED_HEADING = {"Ethnic Origin": "EO Code"}


def planted_rejections() -> frozenset[Place]:
    """Return the files that are planted to be rejected: (snapshot, organisation code, source)."""
    return frozenset({DRIFTED, TRUNCATED})


def header_as_sent(place: Place, header: list[str]) -> list[str]:
    """Return the headings of a file, drifted where that is planted."""
    drifted = _DRIFTED_HEADING if place == DRIFTED else {}
    return [drifted.get(heading, heading) for heading in header]


def rows_as_sent(
    place: Place, columns: tuple[str, ...], rows: list[Row], stock: Stock
) -> list[Row]:
    """Return the rows of a file with those that are planted to be quarantined.

    ``stock`` are the employer's employees at the snapshot.
    """
    if place not in PLANTED:
        return rows
    _, planter = PLANTED[place]
    return [*rows, *planter(columns, rows, stock)]


def break_off(path: Path) -> None:
    """Cut a CSV file in the middle of its last line."""
    content = path.read_bytes()
    last_line = content.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(content[: (last_line + len(content)) // 2])
