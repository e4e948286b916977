"""Numbers as they are printed: text to whole units and their decimals, never a binary float."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline.read.headings import plain_heading
from pipeline.resources import WAREHOUSE, read_rows

MOST_DECIMALS = 6
BILLIONTH = 10**9
"""Windows of percentages are kept in whole billionths of a percentage point."""

_NUMBER = re.compile(r"([+-]?)\s*(\d+(?:\.\d+)?|\.\d+)")
_PERCENT = re.compile(_NUMBER.pattern + r"\s*(?:%|per ?cent)?", re.IGNORECASE)
_RATIO = re.compile(r"x?\s*" + _NUMBER.pattern + r"\s*(?:x|times\b.*)?", re.IGNORECASE)
_DIFFERENCE = re.compile(
    _NUMBER.pattern + r"\s*(?:(pp|p\.p\.|(?:percentage )?points?)|(%|per ?cent))?", re.IGNORECASE
)
_BELOW = re.compile(r"(?:<|under|below|fewer than|less than)\s*(\d+)", re.IGNORECASE)
_BETWEEN = re.compile(r"(\d+)\s*(?:-|\u2013|to)\s*(\d+)")
_YEARS = re.compile(r"(\d{4})\s*([/\u2013-])\s*(\d{2}|\d{4})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*\.?\s+(\d{4})", re.IGNORECASE)
_MONTH_ONLY = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{4})", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class NotANumberError(ValueError):
    """A cell that is neither a number nor a mark that stands for none."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: ``units`` of 1/``scale``, where the scale is a power of ten.

    ``24.10`` is 2410 units of 1/100: two decimals are claimed.
    """

    units: int
    scale: int
    unit: str = ""

    def window(self) -> tuple[int, int]:
        """Return what rounds to it, half away from zero: low and high in billionths, inclusive."""
        half = BILLIONTH // (2 * self.scale)
        middle = self.units * (BILLIONTH // self.scale)
        return middle - half, middle + half

    def plain(self) -> "Printed":
        """Return it without the zeros at its end."""
        units, scale = self.units, self.scale
        while scale > 1 and units % 10 == 0:
            units, scale = units // 10, scale // 10
        return Printed(units, scale, self.unit)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a mark may stand for: at least ``low``, at most ``high`` (None: nothing is said)."""

    low: int = 0
    high: int | None = None


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of ``warehouse/audit/word.csv`` of one kind."""
    rows = read_rows(WAREHOUSE / "audit" / "word.csv")
    return frozenset(row["word"] for row in rows if row["kind"] == kind)


def plain_label(label: str) -> str:
    """Return a label without case and spare spaces: ``Blank`` is another row than ``(blank)``."""
    return " ".join(label.casefold().split())


def is_total(label: str) -> bool:
    """Return whether a label says that the row is the total of its table."""
    return plain_heading(label) in words("total")


def is_unknown(label: str) -> bool:
    """Return whether a label stands for people whose characteristic is not known."""
    plain = plain_heading(label)
    return plain in words("unknown") or plain.startswith(tuple(words("unknown_begins")))


def counts_cases(population: str) -> bool:
    """Return whether a population is one of cases, which may be more than the people concerned."""
    return population.endswith(tuple(words("cases_ends")))


def hidden(text: str) -> Hidden | None:
    """Return what a mark of suppression may stand for, or None where the text is no such mark."""
    below, between = _BELOW.fullmatch(text), _BETWEEN.fullmatch(text)
    if below:
        return Hidden(0, max(int(below[1]) - 1, 0))
    if between:
        return Hidden(int(between[1]), int(between[2]))
    return Hidden() if text.lower() in words("hidden") else None


def count(text: str) -> int:
    """Return a printed count.

    Raises:
        NotANumberError: the text is no whole number.
    """
    digits = text.replace(",", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise NotANumberError("is no whole number")
    return int(digits)


def is_no_number(text: str) -> bool:
    """Return whether the cell says that there is no number: hidden, or not applicable."""
    return text.lower() in words("absent") or hidden(text) is not None


def percent(text: str) -> Printed:
    """Return a printed percentage, ``24.10%`` with two decimals."""
    return _parsed(_PERCENT, text, "is no percentage, such as 24.1 or 24.1%")


def ratio(text: str) -> Printed:
    """Return a printed ratio: ``2.31``, ``x2.31`` or ``2.31 times more likely``."""
    return _parsed(_RATIO, text, "is no ratio, such as 2.31")


def value(text: str) -> Printed:
    """Return any printed number, with or without the sign of a percentage."""
    return _parsed(_PERCENT, text.replace("£", ""), "is no number")


def difference(text: str) -> Printed:
    """Return a printed difference; ``unit`` is pp, % or blank, as it is worded."""
    wrong = "is no difference, such as +7.5 pp"
    found = _parsed(_DIFFERENCE, text, wrong)
    match = _DIFFERENCE.fullmatch(_minus(text))
    assert match is not None
    return Printed(found.units, found.scale, "pp" if match[3] else "%" if match[4] else "")


def _minus(text: str) -> str:
    return text.strip().replace("\u2212", "-").replace("\u2013", "-")


def _parsed(pattern: re.Pattern[str], text: str, wrong: str) -> Printed:
    match = pattern.fullmatch(_minus(text))
    if match is None or not match[0].isascii():
        raise NotANumberError(wrong)
    whole, _, decimals = match[2].partition(".")
    if len(decimals) > MOST_DECIMALS or len(whole) > 9:
        raise NotANumberError(f"has more than {MOST_DECIMALS} decimals or 9 digits before them")
    units = int(whole + decimals)
    return Printed(-units if match[1] == "-" else units, 10 ** len(decimals))


def is_valid_period(text: str) -> bool:
    """Return whether a period of the form ``YYYY/YY`` is one year and the next.

    A text of another form, such as a date or the years 2022-2025 of a strategy, is not judged.
    """
    match = _YEARS.fullmatch(text.strip())
    if match is None:
        return True
    first, mark, last = int(match[1]), match[2], match[3]
    if len(last) == 4:
        return int(last) > first
    is_month = mark == "-" and 1 <= int(last) <= 12
    return is_month or int(last) == (first + 1) % 100


def day(text: str) -> date:
    """Return a date: 2022-03-31, 31 March 2022, 31/03/2022, March 2022 (its first day) or 2022.

    Raises:
        NotANumberError: the text is none of these.
    """
    text = text.strip()
    try:
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
        if match := _SLASHED.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _MONTH_ONLY.fullmatch(text):
            return date(int(match[2]), _MONTHS[match[1].lower()], 1)
        return date(int(text), 1, 1) if re.fullmatch(r"\d{4}", text) else date.fromisoformat(text)
    except (KeyError, ValueError):
        raise NotANumberError("is no date, such as 31 March 2022 or 2022-03-31") from None


def shown(units: int, scale: int) -> str:
    """Return whole units of 1/``scale`` as a number with that many decimals."""
    decimals = len(str(scale)) - 1
    whole, rest = divmod(abs(units), scale)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}"


def rounded(numerator: int, denominator: int, scale: int) -> str:
    """Return a fraction rounded half away from zero, with the decimals of ``scale``."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    units = (2 * numerator * scale + denominator) // (2 * denominator)
    return shown(sign * units, scale)
