"""GOV.UK gender pay gap filings: what in each of them contradicts itself.

The columns and rules are those of the government's reporting service: gaps are of men's pay,
at most 100, may be negative; the shares of men and women in a quarter add up to exactly 100; at
most one decimal; bonus gaps are blank where no man was paid a bonus, and compulsory otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from pipeline.audit import numbers
from pipeline.audit.findings import Finding
from pipeline.audit.numbers import BILLIONTH, NotANumberError, Printed, shown
from pipeline.errors import UsageError
from pipeline.read import Reading

_GAPS = ("diffmeanhourlypercent", "diffmedianhourlypercent")
_BONUS_GAPS = ("diffmeanbonuspercent", "diffmedianbonuspercent")
_BONUS = ("malebonuspercent", "femalebonuspercent")
_QUARTERS = ("lowerquartile", "lowermiddlequartile", "uppermiddlequartile", "topquartile")
_SHARES = (*_BONUS, *(f"{sex}{quarter}" for quarter in _QUARTERS for sex in ("male", "female")))
_FIGURES = (*_GAPS, *_BONUS_GAPS, *_SHARES)
_HUNDRED = 100 * BILLIONTH
LARGE_GAP = 10 * BILLIONTH
"""From this mean gap on the quarters have to show it: whoever is paid more stands at the top."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing: its figures as printed and, exactly, in billionths of a percentage point."""

    row: int
    employer: str
    due: str
    headings: dict[str, str]
    printed: dict[str, Printed]

    def exact(self, field: str) -> int | None:
        """Return a figure, or None where it is blank."""
        number = self.printed.get(field)
        return None if number is None else number.units * (BILLIONTH // number.scale)

    def finding(self, code: str, fields: tuple[str, ...], expected: str) -> Finding:
        """Return a finding about some figures."""
        numbers_of = [self.printed.get(field) for field in fields]
        texts = [shown(one.units, one.scale) if one else "blank" for one in numbers_of]
        return Finding(
            code, self.row, self.employer, self.due, "gender pay gap filing", "all",
            ", ".join(self.headings[field] for field in fields), " and ".join(texts), expected,
        )  # fmt: skip


def filings(reading: Reading, name: str) -> list[Filing]:
    """Return the filings of a download.

    Raises:
        UsageError: a figure is no number; all faults in one text.
    """
    found, faults = [], []
    for record in reading.frame.to_dict("records"):
        row = int(record["row_number"])
        printed = {}
        for field in _FIGURES:
            text = record.get(field)
            if pd.isna(text):
                continue
            try:
                printed[field] = numbers.value(str(text))
            except NotANumberError as error:
                faults.append(f"Row {row}, {reading.headings[field]}: '{str(text)[:40]}' {error}.")
        due = record.get("duedate")
        found.append(
            Filing(
                row,
                str(record.get("employername")),
                "" if due is None or pd.isna(due) else f"due {str(due)[:10]}",
                reading.headings,
                printed,
            )
        )
    if faults:
        raise UsageError(f"{name}: {' '.join(faults[:5])}")
    return found


def audit_filing(filing: Filing) -> Iterator[Finding]:
    """Yield what contradicts itself in one filing."""
    yield from _quarters(filing)
    yield from _order(filing)
    yield from _bonus(filing)
    yield from _ranges(filing)
    mean, median = (filing.exact(field) for field in _GAPS)
    if mean is not None and mean == median and mean != 0:
        yield filing.finding("MEAN_MEDIAN", _GAPS, "two averages are seldom the same")


def _quarters(filing: Filing) -> Iterator[Finding]:
    for quarter in _QUARTERS:
        fields = (f"male{quarter}", f"female{quarter}")
        men, women = (filing.exact(field) for field in fields)
        if men is None or women is None:
            yield filing.finding("QUARTER_BLANK", fields, "two shares that make 100")
        elif men + women != _HUNDRED:
            made = numbers.rounded(men + women, BILLIONTH, 10)
            yield filing.finding("QUARTER_SUM", fields, f"they make {made}, not 100")


def _order(filing: Filing) -> Iterator[Finding]:
    mean = filing.exact(_GAPS[0])
    shares = [filing.exact(f"female{quarter}") for quarter in _QUARTERS]
    women = [share for share in shares if share is not None]
    if mean is None or len(women) < len(_QUARTERS) or abs(mean) <= LARGE_GAP:
        return
    sign = 1 if mean > 0 else -1
    if sign * (women[-1] - women[0]) <= 0:
        return
    steps = [sign * (after - before) for before, after in pairwise(women)]
    if sum(women) < 2 * _HUNDRED:
        code = "SEXES_SWAPPED"
    else:
        code = "QUARTERS_REVERSED" if min(steps) >= 0 else "GAP_AND_QUARTERS"
    fields = (_GAPS[0], *(f"female{quarter}" for quarter in _QUARTERS))
    less = "a smaller" if sign > 0 else "a larger"
    yield filing.finding(code, fields, f"such a gap goes with {less} share of women at the top")


def _bonus(filing: Filing) -> Iterator[Finding]:
    men, women = (filing.exact(field) for field in _BONUS)
    for field in _BONUS_GAPS:
        gap = filing.exact(field)
        if men == 0 and gap is not None:
            code = "BONUS_WITHOUT" if gap else "BONUS_ZERO"
            yield filing.finding(code, (_BONUS[0], field), "the gap has to be blank")
        elif men and gap is None:
            yield filing.finding("BONUS_MISSING", (_BONUS[0], field), "the gap has to be given")
        elif men and women == 0 and gap != _HUNDRED:
            yield filing.finding("BONUS_OF_WOMEN", (_BONUS[1], field), "the gap is 100")


def _ranges(filing: Filing) -> Iterator[Finding]:
    for field, number in filing.printed.items():
        exact = filing.exact(field) or 0
        if field not in _SHARES and exact > _HUNDRED:
            yield filing.finding("GAP_ABOVE_100", (field,), "100 at most")
        if field in _SHARES and not 0 <= exact <= _HUNDRED:
            yield filing.finding("SHARE_RANGE", (field,), "0 to 100")
        if number.scale > 10:
            right = numbers.rounded(number.units, number.scale, 10)
            yield filing.finding("DECIMALS", (field,), right)
