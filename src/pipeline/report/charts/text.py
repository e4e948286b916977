"""Texts of a chart: as they are printed, how wide they are and where they break."""

import unicodedata
from datetime import date
from typing import Final

from pipeline.assess.rounding import round_half_away

SIZE: Final = 16.0
"""The size of texts, in units of the drawing."""

NARROW_SIZE: Final = 23.5
"""Their size on a narrow page: 12 px where a page of 320 px leaves 288 px for the drawing."""

LINE: Final = 28.0
"""From one line of text to the next, enough for both sizes."""

# Advance widths of Arial and its metric equals, in parts of the size; a machine's own fonts are not
# asked, for the same figures must make the same drawing everywhere.
_WIDTHS: Final = {
    letter: width
    for letters, width in (
        ("ijl'|", 0.23), (" .,:;!/\\fIt[]", 0.28), ('()-r"', 0.34), ("mMw", 0.84), ("W%@", 0.95),
        ("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.72),
    )
    for letter in letters
}  # fmt: skip
_OTHER: Final = 0.56


def clean(text: str) -> str:
    """Return a text on one line, without control characters: XML allows hardly any."""
    spaced = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    return " ".join(spaced.split())


def width(text: str, size: float = NARROW_SIZE) -> float:
    """Return about how wide a text is at a size, both in units of the drawing."""
    return size * sum(_WIDTHS.get(letter, _OTHER) for letter in text)


def wrap(text: str, room: float, size: float = NARROW_SIZE) -> list[str]:
    """Return the lines of a text, none wider than ``room``; at least one, which may be empty."""
    lines = [""]
    for word in clean(text).split(" "):
        joined = f"{lines[-1]} {word}".lstrip()
        if width(joined, size) <= room:
            lines[-1] = joined
            continue
        *whole, rest = _broken(word, room, size)
        lines += [*whole, rest]
    return lines[1:] if len(lines) > 1 and not lines[0] else lines


def _broken(word: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def percent(value: float) -> str:
    """Return a percentage with one decimal."""
    return f"{round_half_away(float(value), 1):.1f}%"


def ratio(value: float) -> str:
    """Return a ratio with two decimals."""
    return f"{round_half_away(float(value), 2):.2f}"


def day(value: date) -> str:
    """Return a day such as ``31 Mar 2025``."""
    return f"{value.day} {value:%b %Y}"
