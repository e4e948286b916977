"""What the cells of duties and of action plans mean: kinds, characteristics, standards, statuses.

The lists are ``duty_kind.csv``, ``protected_characteristic.csv`` and ``action_status.csv`` of
``warehouse/reference/``. The nine characteristics are those of the Equality Act 2010, section 4.
"""

import re
from collections.abc import Iterable
from functools import cache

from pipeline.codes import listed_code
from pipeline.resources import INDICATORS
from pipeline.values import parse_number

CHARACTERISTICS = 9
"""Protected characteristics of the Equality Act 2010."""

_NUMBER_WORDS = {"all": CHARACTERISTICS, "all nine": CHARACTERISTICS, "none": 0}
_BETWEEN_NAMES = re.compile(r"\s*[,;/|\n]\s*")
_LEADING_WORDS = re.compile(r"^(?:indicator|metric|item)_?")


def characteristics_considered(cell: str) -> int | None:
    """Return how many protected characteristics a cell says: a number 0 to 9, or their names.

    Names stand between commas, semicolons, strokes or line ends; one named twice counts once.
    None where the number is none of these or a name is not listed.
    """
    text = cell.strip()
    number = parse_number(text)
    if number is not None:
        return int(number) if number in range(CHARACTERISTICS + 1) else None
    if text.lower() in _NUMBER_WORDS:
        return _NUMBER_WORDS[text.lower()]
    names = [name for name in _BETWEEN_NAMES.split(text) if name]
    found = {listed_code("protected_characteristic", name) for name in names}
    return None if None in found or not found else len(found)


def standard_code(received: str, standards: Iterable[str]) -> str | None:
    """Return which of ``standards`` an action belongs to: EDS for each of its frameworks."""
    code = "_".join(re.findall(r"[A-Z0-9]+", received.upper()))
    if code.startswith("EDS"):
        code = "EDS"
    return code if code in standards else None


def indicator_code(received: str, standard: str) -> str | None:
    """Return the indicator as the registry writes it: ``WRES 2`` and ``Indicator 2`` are ``2``."""
    code = "_".join(re.findall(r"[a-z0-9]+", received.lower()))
    code = code.removeprefix(f"{standard.lower()}_")
    return _LEADING_WORDS.sub("", code) or None


@cache
def indicators_of(standard: str) -> tuple[str, ...]:
    """Return the indicators that the registry has of a standard, from the names of its files."""
    prefix = f"{standard.lower()}_"
    names = (path.stem.removeprefix(prefix) for path in INDICATORS.glob(f"{prefix}*.yml"))
    return tuple(sorted(names, key=_by_number))


def _by_number(name: str) -> tuple[int, str]:
    number = re.match(r"\d+", name)
    return (int(number[0]) if number else 0, name)
