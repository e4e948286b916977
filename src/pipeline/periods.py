"""Snapshots: the four quarter ends of the NHS year."""

from datetime import date

_QUARTER_ENDS = {(3, 31), (6, 30), (9, 30), (12, 31)}


def is_quarter_end(day: date) -> bool:
    """Return whether ``day`` is a snapshot: 31 March, 30 June, 30 September or 31 December."""
    return (day.month, day.day) in _QUARTER_ENDS


def parse_period(text: str) -> date | None:
    """Return the quarter end that ``text`` names as an ISO date, or None where it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_quarter_end(day) and text == day.isoformat() else None


def nearest_quarter_end(day: date) -> date:
    """Return the quarter end closest to ``day`` (the earlier one of two equally near)."""
    candidates = [
        date(year, month, last)
        for year in (day.year - 1, day.year)
        for month, last in sorted(_QUARTER_ENDS)
    ]
    return min(candidates, key=lambda end: (abs((end - day).days), end))


def quarter_end_before(day: date) -> date:
    """Return the last quarter end before ``day``."""
    ends = (
        date(year, month, last)
        for year in (day.year - 1, day.year)
        for month, last in sorted(_QUARTER_ENDS)
    )
    return max(end for end in ends if end < day)


def next_quarter_end(day: date) -> date:
    """Return the first quarter end after ``day``."""
    ends = (
        date(year, month, last)
        for year in (day.year, day.year + 1)
        for month, last in sorted(_QUARTER_ENDS)
    )
    return min(end for end in ends if end > day)


def year_before(day: date) -> date:
    """Return the quarter end a year before the quarter end ``day``."""
    return day.replace(year=day.year - 1)
