"""W11 of the worked examples: the window of WRES 3 turns the direction, from counts to figures.

Source: NHS England, WRES technical guidance, indicator 3: until the return of 2022 the average of
two years, then one. No report prints it; the arithmetic is (1.5/100)/(4/400) and (1/100)/(5/400).
"""

import pytest
from counting import Figures, figures
from inbox import BME, WHITE, case_rows, staff_rows, write_inbox
from published import four

BODY, MARCH_2022 = "01T", "2022-03-31"
STAFF = {WHITE: 400, BME: 100}
FIRST_BME = 401


@pytest.fixture(scope="module")
def found(module_folders) -> Figures:
    """BME staff have 2 cases and then 1, White staff 3 and then 5."""
    inbox = module_folders.mktemp("two_years")
    rows = [
        row
        for year, first, cases in (
            ("2021", 1, 3),
            ("2022", 11, 5),
            ("2021", FIRST_BME, 2),
            ("2022", FIRST_BME + 10, 1),
        )
        for row in case_rows({"Disciplinary": cases}, first=first, year=year)
    ]
    write_inbox(inbox, MARCH_2022, BODY, "esr_staff", staff_rows(STAFF))
    write_inbox(inbox, MARCH_2022, BODY, "employee_relations", rows)
    return figures(inbox)


def ratio(found: Figures, part: str):
    return found.only(
        standard="WRES", indicator="3", measure="relative_likelihood", part=part,
        organisation_code=BODY,
    )  # fmt: skip


def test_w11_two_years_are_undivided_totals_over_twice_the_workforce(found):
    """Halves would give the value too, but a log interval from 0.23 to 9.67 and not 0.40 to 5.60.

    With three cases of BME staff the score interval applies, which is a little narrower.
    """
    row = ratio(found, "two_year")
    assert four(row) == (3, 200, 8, 800)
    assert (row["value"], row["ci_low"], row["ci_high"]) == (1.5, 0.43, 5.14)
    assert ratio(found, "all") == row


def test_w11_the_latest_year_alone_turns_the_direction(found):
    row = ratio(found, "one_year")
    assert four(row) == (1, 100, 5, 400)
    assert row["value"] == 0.8
