"""The counts of two public reports as an inbox.

Sources: the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes (M1J4Y; its ICB is QHG)
and the equality report 2021/22 of NHS Stockport CCG (01W).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    application_rows,
    board_rows,
    case_rows,
    csv_text,
    duty_row,
    staff_rows,
    survey_row,
    training_rows,
    write_inbox,
)
from published import Row

BLMK, STOCKPORT = "M1J4Y", "01W"
# The merger of 1 April 2021 made M1J4Y, so its figures of the year before are sent as those of the
# last quarter in which it is the same body; what Stockport printed of 31 March 2021 in two ways, as
# of two.
MARCH_2021, JUNE_2021, MARCH_2022 = "2021-03-31", "2021-06-30", "2022-03-31"

BAND_5 = "NHS|XR05|Review Body Band 5"
BAND_8A = "NHS|XR08|Review Body Band 8 - Range A"
CLINICAL = {"staff_group": "Nursing and Midwifery Registered"}
NON_CLINICAL = {"staff_group": "Administrative and Clerical"}
MEDICAL = {"staff_group": "Medical and Dental", "pay_scale": "NHS|YM72|Consultant"}

# White, BME, not disclosed. The report adds up bands; one band of each sum stands for all of them.
# The four tables hold 25 and 3 people fewer than the workforce: here they are on medical grades.
PAY_ROWS = {
    JUNE_2021: (
        (CLINICAL | {"pay_scale": BAND_5}, (30, 9, 2)),
        (CLINICAL | {"pay_scale": BAND_8A}, (37, 16, 1)),
        (NON_CLINICAL | {"pay_scale": BAND_5}, (100, 28, 5)),
        (NON_CLINICAL | {"pay_scale": BAND_8A}, (91, 19, 6)),
        (MEDICAL, (10, 11, 4)),
    ),
    MARCH_2022: (
        (CLINICAL | {"pay_scale": BAND_5}, (33, 11, 2)),
        (CLINICAL | {"pay_scale": BAND_8A}, (49, 31, 4)),
        (NON_CLINICAL | {"pay_scale": BAND_5}, (98, 28, 4)),
        (NON_CLINICAL | {"pay_scale": BAND_8A}, (107, 24, 4)),
        (MEDICAL, (1, 2, 0)),
    ),
}
ORIGINS = (WHITE, BME, UNKNOWN)
# Shortlisted and of these appointed: White, BME, not known.
RECRUITMENT = {
    JUNE_2021: {WHITE: (22, 6), BME: (39, 4), UNKNOWN: (2, 0)},
    MARCH_2022: {WHITE: (185, 43), BME: (169, 17), UNKNOWN: (19, 2)},
}
TRAINED = {JUNE_2021: {WHITE: 26, BME: 11}, MARCH_2022: {WHITE: 116, BME: 48}}
BOARD = {
    JUNE_2021: {WHITE: 10, BME: 5, UNKNOWN: 1},
    MARCH_2022: {WHITE: 12, BME: 6, UNKNOWN: 1},
}
# Printed number, then base and percentage of White and of BME respondents.
SURVEY_OF_2021 = {
    "Q14a": ((201, "10"), (47, "10.6")),
    "Q14b/c": ((202, "12.9"), (47, "19.1")),
    "Q15": ((207, "60.9"), (48, "33.3")),
    "Q16b": ((210, "5.2"), (48, "10.4")),
}
# Of the report's 129 staff; a count that it hides is the one that its percentages leave.
STOCKPORT_MARITAL = (
    *(("Married", 79), ("Civil Partnership", 2)),
    *(("Single", 30), ("Divorced", 15)),
    ("", 3),
)
STOCKPORT_RELIGION = (
    *(("Atheism", 28), ("Buddhism", 1), ("Christianity", 68), ("Hinduism", 2), ("Islam", 4)),
    *(("Other", 9), ("I do not wish to disclose my religion/belief", 17)),
)


def staff(pay_rows: Iterable[tuple[Mapping[str, str], tuple[int, int, int]]]) -> list[Row]:
    """Return staff of each pay row and origin."""
    rows: list[Row] = []
    for shared, people in pay_rows:
        counts = dict(zip(ORIGINS, people, strict=True))
        rows += staff_rows(counts, first=len(rows) + 1, **shared)
    return rows


def applications(period: str) -> list[Row]:
    """Return the applications of a year."""
    counts = {}
    for origin, (shortlisted, appointed) in RECRUITMENT[period].items():
        counts[origin, True], counts[origin, False] = appointed, shortlisted - appointed
    return application_rows(counts)


def courses(period: str, people: list[Row]) -> list[Row]:
    """Return two courses of each person with access to training, and a mandatory one of all."""
    year = period[:4]
    rows = training_rows({"Mandatory": len(people)}, date=f"{year}-01-15")
    for origin, trained in TRAINED[period].items():
        numbers = [n for n, row in enumerate(people, 1) if row["Ethnic Origin"] == origin]
        for number in numbers[:trained]:
            rows += training_rows({"CPD": 1}, first=number, date=f"{year}-02-01")
            rows += training_rows({"Non-Mandatory": 1}, first=number, date=f"{year}-03-01")
    return rows


def answers() -> list[Row]:
    """Return the survey of 2021 as printed: percentages with their bases."""
    return [
        survey_row(item, group, base, percent=percent)
        for item, results in SURVEY_OF_2021.items()
        for group, (base, percent) in zip(("White", "BME"), results, strict=True)
    ]


def stockport_staff() -> dict[str, list[Row]]:
    """Return 129 staff with their characteristics, and ethnicity by side; and 122 by ethnicity."""
    sides = (
        *(CLINICAL | {"ethnic_origin": origin} for origin in [BME] * 6 + [WHITE] * 40),
        *(
            NON_CLINICAL | {"ethnic_origin": origin}
            for origin in [BME] * 7 + [WHITE] * 71 + ["B White - Irish"] * 5
        ),
    )
    disability = ["Yes"] * 10 + ["No"] * 110 + ["Not Declared"] * 9
    gender = ["Male"] * 36 + ["Female"] * 93
    marital = [status for status, people in STOCKPORT_MARITAL for _ in range(people)]
    religion = [belief for belief, people in STOCKPORT_RELIGION for _ in range(people)]
    dealt = zip(sides, disability, gender, marital, religion, strict=True)
    names = ("disability", "gender", "marital_status", "religious_belief")
    people = [
        row
        for number, (side, *values) in enumerate(dealt, 1)
        for row in staff_rows(1, first=number, **side, **dict(zip(names, values, strict=True)))
    ]
    return {MARCH_2021: people, JUNE_2021: staff_rows({WHITE: 109, BME: 13})}


def write_reports(inbox: Path) -> None:
    """Write the extracts behind what both reports printed."""
    for period in (JUNE_2021, MARCH_2022):
        people = staff(PAY_ROWS[period])
        write_inbox(inbox, period, BLMK, "esr_staff", people)
        write_inbox(inbox, period, BLMK, "recruitment", applications(period))
        write_inbox(inbox, period, BLMK, "board", board_rows(BOARD[period]))
        write_inbox(inbox, period, BLMK, "training", courses(period, people))
    write_inbox(inbox, MARCH_2022, BLMK, "survey", answers())
    nobody = csv_text([], headings=case_rows({"Disciplinary": 1})[0])
    (inbox / MARCH_2022 / BLMK / "employee_relations.csv").write_text(nobody, encoding="utf-8")
    # The two years as two CCGs of one ICB: an ICB's ratio comes from pooled counts.
    write_inbox(inbox, MARCH_2022, "01T", "recruitment", applications(JUNE_2021))
    write_inbox(inbox, MARCH_2022, "01V", "recruitment", applications(MARCH_2022))
    for period, people in stockport_staff().items():
        write_inbox(inbox, period, STOCKPORT, "esr_staff", people)
    # What a body owes is counted where it tells of its documents; the report on the pay of March
    # 2021 was due in March 2022.
    assessment = duty_row("E1", "Impact Assessment", STOCKPORT)
    write_inbox(inbox, MARCH_2022, STOCKPORT, "duties", [assessment])
