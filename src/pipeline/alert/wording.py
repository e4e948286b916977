"""Numbers, days and lists in words, so that no figure stands in a sentence that is no figure's."""

from collections.abc import Sequence
from datetime import date

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip


def number(count: int) -> str:
    """Return a count in words up to twenty, in digits above."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def counted(count: int, thing: str) -> str:
    """Return ``one alert``, ``two alerts``, ``no alerts``."""
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"


def running(quarters: int) -> str:
    """Return for how many quarters something has stood: ``new``, ``third quarter running``."""
    if quarters <= 1:
        return "new"
    if quarters <= len(_ORDINALS):
        return f"{_ORDINALS[quarters - 1]} quarter running"
    return f"running for {quarters} quarters"


def day(of: date) -> str:
    """Return a day as ``31 March 2022``."""
    return f"{of.day} {of:%B} {of.year}"


def listed(names: Sequence[str]) -> str:
    """Return one name or more as a list in a sentence: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def quarter(of: date) -> int:
    """Return the number of a day's quarter; the next quarter has the next number."""
    return 4 * of.year + (of.month - 1) // 3
