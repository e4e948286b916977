"""What the cells of a staff survey result mean: the thing asked, the group, the bodies it is of.

Sources: NHS Staff Survey, questionnaires and detailed spreadsheets of each year; NHS England, WRES
and WDES technical guidance. The lists are ``survey_item.csv`` and ``survey_group.csv`` of
``warehouse/reference/``.
"""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from pipeline.codes import plain
from pipeline.resources import reference

SCORE = "score"
"""The kind of an item that is a mean of 0 to 10; the others are shares of the respondents."""

_SEPARATORS = re.compile(r"\s*(?:/|,|;|\+|&|\band\b)\s*")
_REPEATED_NUMBER = re.compile(r"(q\d+)([a-z])/\1([a-z])")
_BETWEEN_CODES = re.compile(r"[/,;&+\s]+")


def survey_year_of(period_end: date) -> int:
    """Return the year of the survey that feeds the standards of a snapshot.

    The survey of autumn 2021 is the newest one at every snapshot of 2022 (NHS England, WRES
    technical guidance: the survey of one year stands in the return of the next).
    """
    return period_end.year - 1


@lru_cache(maxsize=1024)
def printed_number(text: str) -> str:
    """Return an item as the list writes it but for case: ``Q 14b & Q14c`` is ``q14b/c``."""
    joined = "".join(_SEPARATORS.sub("/", text.casefold()).split())
    numbered = re.sub(r"question(?=\d)", "q", joined)
    return _REPEATED_NUMBER.sub(r"\1\2/\3", numbered)


@cache
def _items() -> dict[tuple[int, str], dict[str, str]]:
    return {
        (int(row["survey_year"]), printed_number(row["printed_item"])): row
        for row in reference("survey_item")
    }


def item_code(survey_year: int, printed: str) -> str | None:
    """Return what the item of that number asked in that year, or None where it is not listed.

    Returns:
        harassment_public, harassment_managers, harassment_colleagues, harassment_staff,
        harassment_reported, equal_opportunities, discrimination_staff, pressure_unwell, valued,
        adjustments or engagement.

    """
    row = _items().get((survey_year, printed_number(printed)))
    return row["item"] if row else None


def is_score(survey_year: int, printed: str) -> bool:
    """Return whether the item is a mean score and not a share of the respondents."""
    row = _items().get((survey_year, printed_number(printed)))
    return row is not None and row["kind"] == SCORE


def numbers_of(survey_year: int) -> list[str]:
    """Return the item numbers of a year as printed; empty for a year that is not listed."""
    return [
        row["printed_item"]
        for row in reference("survey_item")
        if row["survey_year"] == str(survey_year)
    ]


def is_of_another_year(survey_year: int, printed: str) -> bool:
    """Return whether the item has no meaning in that year and had one in another."""
    number = printed_number(printed)
    years = {year for year, listed in _items() if listed == number}
    return bool(years) and survey_year not in years


@cache
def _groups() -> dict[tuple[str, str], str]:
    return {
        (_folded(row["breakdown"]), _folded(row["received_key"])): row["code"]
        for row in reference("survey_group")
    }


def _folded(text: object) -> str:
    return plain(text).replace("-", " ")


def is_breakdown(breakdown: str) -> bool:
    """Return whether ``breakdown`` is one that is listed: Ethnicity, Long-Term Condition, All."""
    return _folded(breakdown) in {listed for listed, _ in _groups()}


def group_code(breakdown: str, group: str) -> str | None:
    """Return WHITE, BME, DISABLED, NON_DISABLED or ALL, or None where it is not listed."""
    return _groups().get((_folded(breakdown), _folded(group)))


def organisation_set(cell: str) -> tuple[str, ...]:
    """Return the codes of a joint result such as ``01V/01T`` in their order, each once."""
    return tuple(sorted({code for code in _BETWEEN_CODES.split(cell.upper()) if code}))


def events(percent: float, base: int) -> int:
    """Return how many of ``base`` respondents a printed percentage (0 to 100) stands for.

    A half goes up; the float counts as the decimal number that was printed.
    """
    exact = Decimal(repr(percent)) * base / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
