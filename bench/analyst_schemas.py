"""What the analyst's script asks of each source: whole columns, by pandera."""

import pandas as pd
from pandera.pandas import Check, Column, DataFrameSchema

BORN = pd.Timestamp(1900, 1, 1), pd.Timestamp(2010, 1, 1)
YES_NO = Check.isin(["Yes", "No", "YES", "NO", "yes", "no", "Y", "N"])


def needed(*checks: Check) -> Column:
    """Return a column that must be there, without blanks."""
    return Column(None, checks=list(checks), nullable=False)


def allowed(*checks: Check) -> Column:
    """Return a column that may be blank or missing."""
    return Column(None, checks=list(checks), nullable=True, required=False)


def one_row_each(*key: str) -> Check:
    """Return the check that a key stands in one row of its file; all its rows fail otherwise."""
    columns = ["period_end", "organisation_code", *key]
    return Check(
        lambda frame: ~frame.duplicated(columns, keep=False) | frame[list(key)].isna().any(axis=1),
        name="one_row_each",
    )


def within_year(name: str, years: int = 1) -> Check:
    """Return the check that a date is in the years that end with the snapshot."""

    def holds(frame: pd.DataFrame) -> "pd.Series[bool]":
        first = frame["period_end"] - pd.DateOffset(years=years)
        return frame[name].isna() | ((frame[name] > first) & (frame[name] <= frame["period_end"]))

    return Check(holds, name=f"{name}_within_year")


def has_band(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return whose pay scale is known, where one is needed."""
    outside = ["NON_EXECUTIVE", "HONORARY", "PENSION", "AGENCY", "SECONDED_IN"]
    return frame["band"].notna() | frame["person_type"].isin(outside)


SCHEMAS = {
    "esr_staff": DataFrameSchema(
        {
            "employee_number": needed(),
            "assignment_number": needed(),
            "primary_assignment": needed(YES_NO),
            "person_type": needed(),
            "assignment_state": needed(),
            "side": needed(),
            "fte": needed(Check.in_range(0, 1.5)),
            "date_of_birth": needed(
                Check.in_range(pd.Timestamp(1900, 1, 1), pd.Timestamp(2010, 1, 1))
            ),
        },
        checks=[Check(has_band, name="has_band"), one_row_each("assignment_number")],
    ),
    "recruitment": DataFrameSchema(
        {
            "application_id": needed(),
            "shortlisted": needed(YES_NO),
            "appointed": needed(YES_NO),
            "ethnic_origin": Column(None, nullable=True),
        },
        checks=[one_row_each("application_id"), within_year("shortlisted_date")],
    ),
    "pay": DataFrameSchema(
        {
            "employee_number": needed(),
            "hourly_rate": allowed(Check.in_range(1, 1_000)),
            "full_pay": needed(YES_NO),
        },
        checks=[one_row_each("employee_number")],
    ),
    "training": DataFrameSchema(
        {"employee_number": needed(), "course_type": needed(), "completion_date": needed()},
        checks=[within_year("completion_date")],
    ),
    "movers": DataFrameSchema(
        {
            "employee_number": needed(),
            "movement": needed(Check.isin(["Starter", "Leaver"])),
            "movement_date": needed(),
        },
        checks=[within_year("movement_date")],
    ),
    "employee_relations": DataFrameSchema(
        {"case_id": needed(), "case_type": needed(), "formal_start_date": needed()},
        checks=[one_row_each("case_id"), within_year("formal_start_date", years=2)],
    ),
    "board": DataFrameSchema(
        {"member_id": needed(), "voting": needed(YES_NO), "executive": needed(YES_NO)},
        checks=[one_row_each("member_id")],
    ),
    "survey": DataFrameSchema(
        {
            "survey_year": needed(Check.in_range(2010, 2030)),
            "item": needed(),
            "base": allowed(Check.ge(0)),
            "count": allowed(Check.ge(0)),
            "percent": allowed(Check.in_range(0, 100)),
        }
    ),
    "eds": DataFrameSchema(
        {"framework": needed(), "outcome": needed(), "score": allowed(Check.in_range(0, 3))}
    ),
    "duties": DataFrameSchema({"reference": needed(), "kind": needed()}),
    "actions": DataFrameSchema(
        {"reference": needed(), "title": needed(), "status": needed(), "due_date": needed()}
    ),
}
"""The schemas by source; what the product reads beside them is left out."""
