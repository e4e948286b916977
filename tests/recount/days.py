"""Days as the files of a body write them."""

from datetime import date, datetime, timedelta

FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%d-%b-%Y")


def day(text: str) -> date | None:
    """Return the day that a cell names, or None where it is blank."""
    for form in FORMS if text else ():
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    assert not text, f"{text} is no day"
    return None


def years_after(on: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes the 28th."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def less_a_day(on: date) -> date:
    return on - timedelta(days=1)


def month_before(on: date, months: int) -> date:
    """Return the last day of the month some months before a month's last day."""
    first = on.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first - timedelta(days=1)
