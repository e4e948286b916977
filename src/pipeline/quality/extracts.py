"""Alerts on extracts: those that did not come, were rejected, or may have lost their end."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.quality.alerts import PRIVATE_ALERT, private_frame, with_quarters_running
from pipeline.receive.inbox import CONTROL_TOTALS
from pipeline.resources import reference

if TYPE_CHECKING:
    import duckdb

ON_EXTRACTS = ("SOURCE_MISSING", "SOURCE_REJECTED", "SOURCE_MAY_BE_CUT", "COVERAGE_INCOMPLETE")
"""The codes of these alerts. They hold no counts."""

_TO_DO = {
    "SOURCE_MISSING": "Information team: send the extract, or say that there is none",
    "SOURCE_REJECTED": "Information team: mend the file as its own feedback says and send it again",
    "SOURCE_MAY_BE_CUT": "Information team: run the interface again and send the whole file",
    "COVERAGE_INCOMPLETE": "Analyst: ask the employers that did not send it",
}

_NO_END = "GO2_TRAILER_MISSING"
"""The fault of a file whose last line, by which its end is known, is not there."""


def extract_alerts(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return an alert for each extract that is not wholly part of a snapshot."""
    found = [_alert(*each) for each in (*_not_sent(connection), *_may_be_cut(connection))]
    return with_quarters_running(private_frame(found))


def _alert(period_end: date, code: str, name: str, kind: str, message: str) -> dict[str, Any]:
    return dict.fromkeys(PRIVATE_ALERT) | {
        "organisation_code": code,
        "organisation_name": name,
        "period_end": period_end,
        "code": kind,
        "severity": "warning",
        "message": message,
        "detail": message,
        "to_do": _TO_DO[kind],
        "acknowledged": False,
        "is_public": True,
    }


def _may_be_cut(
    connection: "duckdb.DuckDBPyConnection",
) -> Iterator[tuple[date, str, str, str, str]]:
    rows = connection.execute(
        "select distinct received.period_end, received.organisation_code, "
        "coverage.organisation_name, received.source from ledger.load as received "
        "inner join ledger.fault as fault on received.load_id = fault.load_id "
        "inner join core.coverage as coverage on received.period_end = coverage.period_end "
        "and received.organisation_code = coverage.organisation_code "
        "and received.source = coverage.source and coverage.level = 'employer' "
        f"where received.status = 'landed' and fault.code = '{_NO_END}' order by all"
    ).fetchall()
    for period_end, code, name, source in rows:
        message = f"{source} has no last line, so records at its end may be missing"
        yield period_end, code, name, "SOURCE_MAY_BE_CUT", message


def _not_sent(
    connection: "duckdb.DuckDBPyConnection",
) -> Iterator[tuple[date, str, str, str, str]]:
    rows = connection.execute(
        "select coverage.period_end, coverage.level, coverage.organisation_code, "
        "coverage.organisation_name, coverage.source, coverage.employers, "
        "coverage.employers_sent, max(received.status) as status "
        "from core.coverage as coverage left join ledger.load as received "
        "on coverage.period_end = received.period_end and coverage.source = received.source "
        "and coverage.organisation_code = received.organisation_code "
        "and received.status = 'rejected' and coverage.level = 'employer' "
        "where coverage.employers_sent < coverage.employers "
        # What is not pooled an ICB does not miss; what a system misses, its ICB or trust does.
        "and (coverage.level = 'employer' "
        f"or coverage.source not in ('board', 'eds', '{CONTROL_TOTALS}')) "
        "and coverage.level <> 'system' "
        "group by all order by all"
    ).fetchall()
    expected = {
        (row["source"], int(month))
        for row in reference("source")
        for month in filter(None, row["expected_months"].split(";"))
    }
    for period_end, level, code, name, source, employers, sent, status in rows:
        if not (sent or status or (source, period_end.month) in expected):
            continue
        if level == "employer":
            kind = "SOURCE_REJECTED" if status else "SOURCE_MISSING"
            message = f"{source} was {'rejected' if status else 'not received'}"
        else:
            kind = "COVERAGE_INCOMPLETE"
            message = f"{source} is pooled from some employers only; {sent} of {employers} sent it"
        yield period_end, code, name, kind, message
