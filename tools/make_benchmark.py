"""Make the benchmark tables of the warehouse from the public staff survey and pay-gap filings.

    python tools/make_benchmark.py DATA_DIR [--out warehouse/reference]

DATA_DIR holds the folders staff_survey and gender_pay_gap. The same input gives the same bytes.
Sources, rules and licences are described in ``warehouse/reference/README.md``.
"""

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from pipeline import survey
from pipeline.assess.rounding import round_half_away
from pipeline.read.survey_published import Measured, measured
from pipeline.read.survey_workbook import workbook_results
from pipeline.read.workbook import Workbook
from pipeline.resources import reference

Row = tuple[str, ...]

ICBS = "ICBs"
"""Benchmarking group of the integrated care boards, none of which is weighted."""
SNAPSHOT = date(2021, 3, 31)  # of public employers in the reporting year 2021-22
REPORTING_YEAR = "2021-22"
GAPS = {"mean_hourly": "DiffMeanHourlyPercent", "median_hourly": "DiffMedianHourlyPercent"}
ABBREVIATED = {
    "clinical commissioning group": "ccg",
    "n h s": "nhs",
    "nhs ft": "nhs foundation trust",
}


def figure(value: Fraction, places: int) -> str:
    """Return a number with so many decimals, a half away from zero."""
    return f"{round_half_away(value, places):.{places}f}"


# The staff survey.


def published_workbook(folder: Path) -> Path:
    """Return the only workbook of a folder.

    Raises:
        ValueError: none or several.

    """
    (path,) = sorted(folder.glob("*.xlsx"))
    return path


def survey_rows(data: Path) -> list[Row]:
    """Return what the workbook of the staff survey gives for each item of the standards."""
    book = Workbook(published_workbook(data / "staff_survey").read_bytes())
    year, results = workbook_results({name: book.rows(name) for name in book.names})
    if year is None:
        raise ValueError("The workbook is not the staff survey's.")
    return list(pooled(year, measured(year, results)))


def pooled(year: int, found: Iterable[Measured]) -> Iterator[Row]:
    """Yield for each item the figure of all organisations and that of the ICBs, by their bases.

    The figure of all is weighted, since the trusts' results are; that of the ICBs is counted, and
    a score is the mean of the scores by their bases.
    """
    groups: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for each in found:
        groups[each.item, "NATIONAL"].append(each)
        if each.benchmarking_group == ICBS:
            groups[each.item, "ICB"].append(each)
    for (item, scope), members in sorted(groups.items()):
        base = sum(each.base for each in members)
        is_weighted = any(each.is_weighted for each in members)
        is_score = survey.is_score(year, members[0].question)
        value = sum((each.value * each.base for each in members), Fraction(0)) / base
        counts = [each.events for each in members]
        events = "" if is_weighted or is_score else str(sum(count or 0 for count in counts))
        yield (
            *(str(year), item, members[0].question, scope, str(len(members)), str(base), events),
            *("" if is_score else figure(value, 4), figure(value, 4) if is_score else ""),
            "yes" if is_weighted else "no",
        )


# The pay-gap filings.


def filings(path: Path) -> list[dict[str, str]]:
    """Return the filings of a GOV.UK download by its headings: of 27 columns, or 25 before 2019."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def quartiles(values: list[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Return lower quartile, median and upper quartile, by linear interpolation."""
    ordered = sorted(values)
    last = len(ordered) - 1

    def at(share: Fraction) -> Fraction:
        place = share * last
        low = place.numerator // place.denominator
        high = min(low + 1, last)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return at(Fraction(1, 4)), at(Fraction(1, 2)), at(Fraction(3, 4))


def folded(name: str) -> str:
    """Return an employer's name without case, punctuation and spelled-out abbreviations."""
    words = re.sub(r"['\u2019]", "", name.lower().replace("&", " and "))
    text = " ".join(re.findall(r"[a-z0-9]+", words))
    for long, short in ABBREVIATED.items():
        text = re.sub(rf"\b{long}\b", short, text)
    return text


def code_of_name() -> dict[str, str]:
    """Return the ODS code of each name that one organisation alone bore at the snapshot or after.

    Those that opened until the filings were due a year later are among them.
    """
    due = date(SNAPSHOT.year + 1, SNAPSHOT.month, SNAPSHOT.day)
    codes: dict[str, set[str]] = defaultdict(set)
    for row in reference("organisation"):
        ended = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        if date.fromisoformat(row["valid_from"]) <= due and ended >= SNAPSHOT:
            codes[folded(row["organisation_name"])].add(row["organisation_code"])
    return {name: min(found) for name, found in codes.items() if len(found) == 1}


def pay_gap_rows(data: Path) -> list[Row]:
    """Return the spread of the filed gaps, of all and by size, and each filing of known name."""
    (path,) = sorted((data / "gender_pay_gap").glob("gpg_2021-22*.csv"))
    received = filings(path)
    codes = code_of_name()
    rows: list[Row] = []
    for indicator, column in GAPS.items():
        gaps: dict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
        for filing in received:
            if not filing[column]:
                continue
            gap = Fraction(filing[column])
            gaps["ALL", "ALL", ""].append(gap)
            gaps["SIZE", filing["EmployerSize"], ""].append(gap)
            code = codes.get(folded(filing["CurrentName"])) or codes.get(
                folded(filing["EmployerName"])
            )
            if code:
                gaps["ORGANISATION", code, filing["EmployerName"]].append(gap)
        rows += [_spread(indicator, *key, values) for key, values in gaps.items()]
    return sorted(rows)


def _spread(indicator: str, scope: str, code: str, name: str, gaps: list[Fraction]) -> Row:
    lower, median, upper = (figure(value, 1) for value in quartiles(gaps))
    if scope == "ORGANISATION":
        lower = upper = ""
    key = (REPORTING_YEAR, SNAPSHOT.isoformat(), scope, code, name, indicator)
    return (*key, str(len(gaps)), median, lower, upper)


COLUMNS = {
    "survey_benchmark": (
        "survey_year item printed_item scope organisations base events percent score is_weighted"
    ),
    "pay_gap_benchmark": (
        "reporting_year snapshot scope scope_code employer_name indicator filings median_gap "
        "lower_quartile upper_quartile"
    ),
}


def main() -> None:
    """Write the two tables."""
    parser = argparse.ArgumentParser(description="Make the benchmark tables of the warehouse.")
    parser.add_argument("data", type=Path, help="folder with staff_survey and gender_pay_gap")
    default = Path(__file__).resolve().parents[1] / "warehouse" / "reference"
    parser.add_argument("--out", type=Path, default=default, help="existing folder")
    options = parser.parse_args()
    for (name, columns), make in zip(COLUMNS.items(), (survey_rows, pay_gap_rows), strict=True):
        with (options.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns.split())
            writer.writerows(make(options.data))


if __name__ == "__main__":
    main()
