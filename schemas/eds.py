"""Equality Delivery System: one row for each outcome, of domain 1 of EDS 2022 for each service.

Source: NHS England, Equality Delivery System (EDS2 and EDS 2022).
"""

from datetime import date
from functools import lru_cache

import pandas as pd
from pandera.pandas import DataFrameSchema

from pipeline import eds
from pipeline.values import parse_number
from schemas import checks

KEY = "outcome_key"
FRAMEWORK_CODE, OUTCOME_CODE = "framework_code", "outcome_code"
DATES: tuple[str, ...] = ()
FLAGS: tuple[str, ...] = ()
NUMBERS = ("score", "characteristics_evidenced")

IS_JUDGED_WHOLE = True
"""Rules look at all rows of a file, which are few, at once."""

COLUMN_OF_RULE = {
    "EDS_OUTCOME_UNLISTED": "outcome",
    "EDS_SCORE_MISSING": "score",
    "EDS_SCORE_IGNORED": "score",
    "EDS_EVIDENCE_MISSING": "characteristics_evidenced",
    "EDS_OUTCOME_CONFLICT": "outcome",
}
"""The column at which a rule over several columns points."""

BEST_SCORE, CHARACTERISTICS = 3, 9

TYPES = DataFrameSchema(
    {
        "framework": checks.column(
            checks.each(
                "EDS_FRAMEWORK_UNLISTED", lambda text: eds.framework_code(text) is not None
            ),
            blank=False,
        ),
        "outcome": checks.column(blank=False),
        "score": checks.column(
            checks.each("EDS_SCORE_INVALID", lambda text: parse_number(text) is not None)
        ),
        "characteristics_evidenced": checks.column(
            checks.each("EDS_EVIDENCE_INVALID", lambda text: parse_number(text) is not None)
        ),
    }
)
"""First pass, on text: what is there, of the right type and in the code lists."""


@lru_cache(maxsize=64)
def rules(period_end: date) -> DataFrameSchema:
    """Return the second pass, on typed values; no rule depends on the snapshot."""
    return DataFrameSchema(
        {
            "score": checks.column(
                checks.rule("EDS_SCORE_OUT_OF_RANGE", lambda scores: _whole(scores, BEST_SCORE))
            ),
            "characteristics_evidenced": checks.column(
                checks.rule(
                    "EDS_EVIDENCE_OUT_OF_RANGE", lambda counts: _whole(counts, CHARACTERISTICS)
                )
            ),
        },
        checks=[
            checks.rule("EDS_OUTCOME_UNLISTED", _outcome_is_of_its_framework, blanks=True),
            checks.rule("EDS_SCORE_MISSING", _has_score, blanks=True),
            checks.rule("EDS_SCORE_IGNORED", _types_no_grade, blanks=True),
            checks.rule("EDS_EVIDENCE_MISSING", _has_evidence, blanks=True),
            *checks.one_row_for_each(KEY, "EDS_OUTCOME_CONFLICT", of=_told),
        ],
    )


def derived(typed: pd.DataFrame) -> pd.DataFrame:
    """Return ``typed`` with its framework and outcome as codes and the key of each row.

    The key holds the service where the outcome is scored for each service, and not elsewhere.
    """
    blank = pd.Series(None, index=typed.index, dtype="str")
    frameworks, outcomes, services = (
        typed.get(field, blank) for field in ("framework", "outcome", "service")
    )
    received = list(zip(frameworks, outcomes, services, strict=True))
    codes = [eds.framework_code(framework) for framework, _, _ in received]
    numbers = [eds.outcome_code(framework, outcome) for framework, outcome, _ in received]
    keys = [
        _key(code, number, service)
        for code, number, (_, _, service) in zip(codes, numbers, received, strict=True)
    ]
    found = {FRAMEWORK_CODE: codes, OUTCOME_CODE: numbers, KEY: keys}
    return typed.assign(
        **{
            name: pd.Series(values, index=typed.index, dtype="str")
            for name, values in found.items()
        }
    )


def _key(framework: str | None, outcome: str | None, service: object) -> str | None:
    if framework is None or outcome is None:
        return None
    scored = service if eds.takes_services(framework, outcome) else None
    named = " ".join(scored.split()) if isinstance(scored, str) else ""
    return f"{framework} {outcome} {named}".strip()


def _whole(values: "pd.Series[float]", most: int) -> "pd.Series[bool]":
    return values.isin(range(most + 1))


def _column(frame: pd.DataFrame, field: str) -> pd.Series:
    return frame[field] if field in frame else pd.Series(None, index=frame.index, dtype="float64")


def _outcome_is_of_its_framework(frame: pd.DataFrame) -> "pd.Series[bool]":
    judged = frame[FRAMEWORK_CODE].notna() & _column(frame, "outcome").notna()
    return frame[OUTCOME_CODE].notna() | ~judged


def _has_score(frame: pd.DataFrame) -> "pd.Series[bool]":
    return _column(frame, "score").notna() | frame[FRAMEWORK_CODE].ne(eds.EDS2022)


def _has_evidence(frame: pd.DataFrame) -> "pd.Series[bool]":
    evidence = _column(frame, "characteristics_evidenced").notna()
    return evidence | frame[FRAMEWORK_CODE].ne(eds.EDS2)


def _types_no_grade(frame: pd.DataFrame) -> "pd.Series[bool]":
    return _column(frame, "score").isna() | frame[FRAMEWORK_CODE].ne(eds.EDS2)


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what each row that is understood is about and tells, not how it was written."""
    fields = [field for field in NUMBERS if field in frame]
    return frame.loc[frame[KEY].notna(), [KEY, *fields]]
