"""Rows that no source may hold, made from the headings and the rows of the file that gets them."""

from collections.abc import Callable

from pipeline.sample.formats import Cell, Row
from pipeline.sample.payroll import Stock
from pipeline.sample.uncounted import OUTSIDE

Planter = Callable[[tuple[str, ...], list[Row], Stock], list[Row]]
"""Makes rows from the headings, the rows and the employees at the snapshot."""

_STRANGER = 29_000_000
"""An employee number that no employer of the sample gives out."""
_STRANGE_RATE = 9_999


def _row(columns: tuple[str, ...], cells: dict[str, Cell]) -> Row:
    """Return a row of the given cells, blank elsewhere."""
    return [cells.get(column, "") for column in columns]


def _of_another(columns: tuple[str, ...], rows: list[Row], changed: dict[str, Cell]) -> Row:
    """Return a row like the first one, of an employee who stands in no other file."""
    number = str(_STRANGER + len(rows))
    new = {"Employee Number": number, "Assignment Number": number, "NHS Unique Id": "", **changed}
    return [new.get(column, cell) for column, cell in zip(columns, rows[0], strict=True)]


def unmapped_pay_scale(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A pay scale of no band, in a file long enough for it to stay below 0.5% of the rows."""
    return [_of_another(columns, rows, {"Pay Scale": "LOCAL|ZZ42|Transitional Scale"})]


def impossible_date(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A date of birth on 31 February."""
    return [_of_another(columns, rows, {"Date Of Birth": "31/02/1980"})]


def repeated_row(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A row that stands there twice: the second one is quarantined."""
    return [rows[len(rows) // 2]]


def contradiction(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """An assignment with two numbers of hours: both rows are quarantined."""
    return [_of_another(columns, rows, {"FTE": hours}) for hours in (1.0, 0.6)]


def member_twice(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A board member in two rows that differ: both are quarantined."""
    new = {"Member Id": "GB99", "Executive": "No"}
    return [
        [
            {**new, "Voting": voting}.get(column, cell)
            for column, cell in zip(columns, rows[0], strict=True)
        ]
        for voting in ("Yes", "No")
    ]


def _result(columns: tuple[str, ...], rows: list[Row], cells: dict[str, Cell]) -> list[Row]:
    """Return a survey result of an item that is not asked of the group otherwise."""
    year = rows[0][columns.index("Survey Year")]
    place = {"Survey Year": year, "Item": "Q28b", "Breakdown": "Ethnicity", "Group": "White"}
    return [_row(columns, {**place, "Weighted": "No", **cells})]


def percent_without_base(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A survey percentage without the number of people who answered."""
    return _result(columns, rows, {"Percent": 71.4})


def count_above_base(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """More people who said yes than people who answered."""
    return _result(columns, rows, {"Base": 20, "Count": 21})


def item_of_another_year(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """An item under the number that the questionnaire of the year before gave it."""
    return _result(columns, rows, {"Item": "Q13a", "Base": 60, "Count": 7})


def impossible_rate(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """An hourly rate of thousands, of a person of the staff extract who has no other pay."""
    unpaid = next(one for one in stock if one.posts[0].category in OUTSIDE)
    cells: dict[str, Cell] = {"Hourly Rate": _STRANGE_RATE, "Full Pay": "Yes"}
    return [_row(columns, {"Employee Number": unpaid.employee_number, **cells})]


def bonus_of_a_stranger(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A bonus of an employee whom the staff extract does not have."""
    cells: dict[str, Cell] = {"Hourly Rate": 55.5, "Bonus In Year": 1_000, "Full Pay": "Yes"}
    return [_row(columns, {"Employee Number": str(_STRANGER), **cells})]


def case_of_a_stranger(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """A case of an employee whom the staff extract does not have and of whom it tells nothing."""
    started = rows[0][columns.index("Formal Start Date")]
    cells: dict[str, Cell] = {"Case Type": "Disciplinary", "Formal Start Date": started}
    return [_row(columns, {"Case Id": "ER9001", "Employee Number": str(_STRANGER), **cells})]


def score_of_four(columns: tuple[str, ...], rows: list[Row], stock: Stock) -> list[Row]:
    """An EDS score above the best one, of a service that is not scored otherwise."""
    place: dict[str, Cell] = {"Framework": "EDS2022", "Outcome": "1A", "Service": "Stroke"}
    return [_row(columns, {**place, "Score": 4})]
