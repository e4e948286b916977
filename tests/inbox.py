"""Small inboxes built from counts, for the tests that run the whole product. People are numbers.

A row is a dictionary by canonical heading, valid as it stands; ``**overrides`` name the headings
in lower case with underscores (``ethnic_origin="C White - Any other White background"``).
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.read.headings import field_name

WHITE = "A White - British"
BME = "H Asian or Asian British - Indian"
UNKNOWN = "Z Not Stated"

Row = dict[str, str]


def _row(row: Row, overrides: Mapping[str, str]) -> Row:
    heading_of = {field_name(heading): heading for heading in row}
    return row | {heading_of[name]: value for name, value in overrides.items()}


def staff_row(number: int, **overrides: str) -> Row:
    """Return a row of ``esr_staff``: person ``number`` in one primary, permanent post."""
    return _row(
        {
            "Employee Number": str(20_000_000 + number),
            "NHS Unique Id": f"{70_000_000 + number}",
            "Assignment Number": str(20_000_000 + number),
            "Primary Assignment": "Yes",
            "Assignment Status": "Active Assignment",
            "Assignment Category": "Permanent",
            "Staff Group": "Administrative and Clerical",
            "Job Role": "Officer",
            "Occupation Code": "G2A",
            "Pay Scale": "NHS|XR05|Review Body Band 5",
            "FTE": "1.0",
            "Ethnic Origin": WHITE,
            "Disability": "No",
            "Gender": "Female" if number % 2 else "Male",
            "Date Of Birth": f"{1960 + number % 40}-06-15",
            "Religious Belief": "Christianity",
            "Sexual Orientation": "Heterosexual or Straight",
            "Marital Status": "Married",
            "Latest Start Date": "2015-04-01",
            "Directorate": "Finance",
            "Service": "Payroll",
        },
        overrides,
    )


def staff_rows(counts: Mapping[str, int] | int = 30, first: int = 1, **overrides: str) -> list[Row]:
    """Return ``esr_staff`` rows of as many people as ``counts`` says for each ethnic origin.

    Args:
        counts: headcount by ethnic origin as received; a plain number are White British.
        first: the number of the first person.
        overrides: values that all rows share.
    """
    by_origin = {WHITE: counts} if isinstance(counts, int) else counts
    origins = [origin for origin, people in by_origin.items() for _ in range(people)]
    return [
        staff_row(number, **{"ethnic_origin": origin} | overrides)
        for number, origin in enumerate(origins, start=first)
    ]


def application_rows(counts: Mapping[tuple[str, bool], int], **overrides: str) -> list[Row]:
    """Return ``recruitment`` rows of shortlisted applicants.

    Args:
        counts: applications by (ethnic origin as received, whether the applicant was appointed).
        overrides: values that all rows share.
    """
    kinds = [kind for kind, applications in counts.items() for _ in range(applications)]
    return [
        _row(
            {
                "Application Id": f"A{number:06d}",
                "Shortlisted": "Yes",
                "Appointed": "Yes" if appointed else "No",
                "Ethnic Origin": origin,
                "Disability": "No",
                "Gender": "Female" if number % 2 else "Male",
                "Shortlisted Date": "",
            },
            overrides,
        )
        for number, (origin, appointed) in enumerate(kinds, start=1)
    ]


def board_rows(counts: Mapping[str, int], **overrides: str) -> list[Row]:
    """Return ``board`` rows of voting members; every other one is an executive.

    Args:
        counts: members by ethnic origin as received.
        overrides: values that all rows share.
    """
    origins = [origin for origin, members in counts.items() for _ in range(members)]
    return [
        _row(
            {
                "Member Id": f"M{number:03d}",
                "Voting": "Yes",
                "Executive": "Yes" if number % 2 else "No",
                "Ethnic Origin": origin,
                "Disability": "No",
                "Gender": "Female" if number % 2 else "Male",
            },
            overrides,
        )
        for number, origin in enumerate(origins, start=1)
    ]


def pay_row(number: int, **overrides: str) -> Row:
    """Return a row of ``pay``: the person of ``staff_row(number)`` at 15 pounds an hour.

    For pay by components: ``hourly_rate="", ordinary_pay="3600.00", weekly_hours="37.5"``.
    """
    return _row(
        {
            "Employee Number": str(20_000_000 + number),
            "Hourly Rate": "15.00",
            "Ordinary Pay": "",
            "Weekly Hours": "",
            "Bonus In Period": "",
            "Pay Period Days": "",
            "Bonus Period Days": "",
            "Bonus In Year": "",
            "Full Pay": "Yes",
        },
        overrides,
    )


def pay_rows(rates: Sequence[str], first: int = 1, **overrides: str) -> list[Row]:
    """Return ``pay`` rows, one for each hourly rate, of the people from number ``first`` on."""
    return [
        pay_row(number, **{"hourly_rate": rate} | overrides)
        for number, rate in enumerate(rates, start=first)
    ]


def case_rows(
    counts: Mapping[str, int], first: int = 1, *, year: str = "2022", **overrides: str
) -> list[Row]:
    """Return ``employee_relations`` rows of the people from number ``first`` on, one case each.

    Args:
        counts: cases by case type as received.
        first: the number of the first person.
        year: the year in which every case began, on 1 February.
        overrides: values that all rows share; ethnic origin and disability are blank otherwise.
    """
    kinds = [kind for kind, cases in counts.items() for _ in range(cases)]
    return [
        _row(
            {
                "Case Id": f"C{number:05d}",
                "Employee Number": str(20_000_000 + number),
                "Case Type": kind,
                "Formal Start Date": f"{year}-02-01",
                "Ethnic Origin": "",
                "Disability": "",
            },
            overrides,
        )
        for number, kind in enumerate(kinds, start=first)
    ]


def training_rows(
    counts: Mapping[str, int], first: int = 1, *, date: str = "2022-02-01", **overrides: str
) -> list[Row]:
    """Return ``training`` rows of the people from number ``first`` on, one course each.

    Args:
        counts: courses by course type as received.
        first: the number of the first person.
        date: the day on which every course was completed.
        overrides: values that all rows share.
    """
    kinds = [kind for kind, courses in counts.items() for _ in range(courses)]
    return [
        _row(
            {
                "Employee Number": str(20_000_000 + number),
                "Course Type": kind,
                "Completion Date": date,
            },
            overrides,
        )
        for number, kind in enumerate(kinds, start=first)
    ]


def mover_rows(
    counts: Mapping[tuple[str, str], int],
    first: int = 1,
    *,
    date: str = "2022-02-01",
    **overrides: str,
) -> list[Row]:
    """Return ``movers`` rows of the people from number ``first`` on, one movement each.

    Args:
        counts: movements by (Starter or Leaver, ethnic origin as received).
        first: the number of the first person.
        date: the day of every movement.
        overrides: values that all rows share.
    """
    kinds = [kind for kind, movements in counts.items() for _ in range(movements)]
    return [
        _row(
            {
                "Employee Number": str(20_000_000 + number),
                "Movement": movement,
                "Movement Date": date,
                "Leaving Reason": "Retirement Age" if movement == "Leaver" else "",
                "Exit Interview": "Yes" if movement == "Leaver" else "",
                "Ethnic Origin": origin,
                "Disability": "No",
                "Gender": "Female" if number % 2 else "Male",
                "Pay Scale": "NHS|XR05|Review Body Band 5",
            },
            overrides,
        )
        for number, (movement, origin) in enumerate(kinds, start=first)
    ]


# Results and records of the body itself: survey, EDS, duties, actions.


def survey_row(
    item: str, group: str, base: int | str, count: int | str = "", /, **overrides: str
) -> Row:
    """Return a row of ``survey``: ``count`` of ``base`` respondents of a group.

    Args:
        item: the item's number as printed in the year of the survey (2021 unless overridden).
        group: White, BME (breakdown Ethnicity), Yes, No (Long-Term Condition) or All.
        base: respondents.
        count: those who answered so; blank where ``percent`` or ``score`` is overridden.
        overrides: values of other columns.
    """
    breakdown = {"White": "Ethnicity", "BME": "Ethnicity", "All": "All"}
    return _row(
        {
            "Survey Year": "2021",
            "Item": item,
            "Breakdown": breakdown.get(group, "Long-Term Condition"),
            "Group": group,
            "Base": str(base),
            "Count": str(count),
            "Percent": "",
            "Score": "",
            "Weighted": "No",
            "Organisation Codes": "",
        },
        overrides,
    )


def eds_row(outcome: str, score: int | str, /, **overrides: str) -> Row:
    """Return a row of ``eds``: EDS2 where the outcome is numbered as in ``1.1``, else EDS 2022.

    Args:
        outcome: its number.
        score: 0 to 3 in EDS 2022; in EDS2 the number of characteristics evidenced, 0 to 9.
        overrides: values of other columns.
    """
    is_eds2 = "." in outcome
    return _row(
        {
            "Framework": "EDS2" if is_eds2 else "EDS2022",
            "Outcome": outcome,
            "Service": "",
            "Score": "" if is_eds2 else str(score),
            "Characteristics Evidenced": str(score) if is_eds2 else "",
        },
        overrides,
    )


def duty_row(reference: str, kind: str, code: str, /, **overrides: str) -> Row:
    """Return a row of ``duties``: a document of the body with ``code``, neither due nor done."""
    return _row(
        {
            "Reference": reference,
            "Kind": kind,
            "Organisation Code": code,
            "Due Date": "",
            "Completed Date": "",
            "Decision Date": "",
            "Published Address": "",
            "Characteristics Considered": "",
        },
        overrides,
    )


def action_row(reference: str, standard: str, /, **overrides: str) -> Row:
    """Return a row of ``actions``: an open one, due on 31 December 2022."""
    return _row(
        {
            "Reference": reference,
            "Title": "Name a board lead",
            "Standard": standard,
            "Indicator": "",
            "Owner Role": "",
            "Due Date": "2022-12-31",
            "Status": "Open",
            "Percent Complete": "",
            "Updated": "",
        },
        overrides,
    )


def csv_text(rows: Sequence[Row], headings: Iterable[str] | None = None) -> str:
    """Return rows as CSV with their heading row; ``headings`` chooses among the columns."""
    names = list(headings or rows[0])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as UTF-8 CSV, with the folders above, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_text(rows).encode())
    return path


def write_inbox(inbox: Path, period: str, code: str, source: str, rows: Sequence[Row]) -> Path:
    """Write rows in their place, ``<inbox>/<period>/<code>/<source>.csv``; return the path."""
    return write_csv(inbox / period / code / f"{source}.csv", rows)
