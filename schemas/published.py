"""The published tables: columns, types, allowed values, and the comments a reader sees.

The schemas validate what is about to be published; the tables of the published database and
their comments are made from the same definitions.
"""

from typing import Any

import pandera.pandas as pa

STANDARDS = [
    "WRES", "WDES", "GPG", "EPG", "DPG", "RDR", "MODEL_EMPLOYER", "PSED", "DECLARATION", "CENSUS",
    "FLOW", "EDS", "ACTIONS", "DUTIES",
]  # fmt: skip
MEASURES = [
    "share", "rate", "relative_likelihood", "difference_pp", "gap_percent", "ratio", "score",
    "headcount", "count",
]  # fmt: skip
DIRECTIONS = ["favourable", "adverse", "near_parity", "cannot_tell", "neutral"]
REASONS = [
    "NO_NUMERATOR_BASE", "NO_COMPARATOR_BASE", "NO_EVENTS", "COMPARATOR_RATE_ZERO",
    "MISSING_SOURCE", "NOT_ADDITIVE", "BELOW_MINIMUM", "WEIGHTED", "SERIES_BREAK",
    "NO_EARLIER_FIGURE", "NO_CURRENT_FIGURE", "NO_BASELINE", "NOT_RECORDED", "PARITY_BELOW_ONE",
    "SUPPRESSED", "DETAIL_NOT_PUBLISHED",
]  # fmt: skip


def _column(
    sql_type: str, comment: str, *, nullable: bool = False, values: list[str] | None = None
) -> pa.Column:
    checks = [pa.Check.isin(values)] if values else []
    return pa.Column(
        checks=checks, nullable=nullable, description=comment, metadata={"sql_type": sql_type}
    )


def _table(name: str, comment: str, columns: dict[str, Any]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, name=name, description=comment, strict=True)


_ORGANISATION = {
    "organisation_code": _column("varchar", "ODS code of the employer or ICB"),
    "organisation_name": _column("varchar", "Name of the organisation as at the snapshot"),
}
_PERIOD = {"period_end": _column("date", "The snapshot: a quarter end")}
_LEVEL = {
    "level": _column(
        "varchar",
        "employer (one legal employer), icb (commissioning bodies pooled, each person once) or "
        "system (icb and its provider trusts)",
        values=["employer", "icb", "system"],
    )
}
_INDICATOR_KEY = {
    "standard": _column("varchar", "The standard the figure belongs to", values=STANDARDS),
    "indicator": _column("varchar", "The indicator's number, or the characteristic"),
    "part": _column("varchar", "What the indicator is split by; all where it is not"),
    "measure": _column("varchar", "What kind of number it is", values=MEASURES),
    "group_code": _column("varchar", "The group that the figure is about"),
    "comparator_code": _column("varchar", "The group it is compared with", nullable=True),
}

FIGURE = _table(
    "figure",
    "Every indicator of every standard, one row a figure. Counts are people, applications or "
    "members; a null count with status suppressed is hidden to protect people: for a count "
    "(SUPPRESSED), or because the policy publishes no such detail then (DETAIL_NOT_PUBLISHED).",
    {
        "release_id": _column("varchar", "The release that this row belongs to"),
        **_PERIOD,
        **_ORGANISATION,
        **_LEVEL,
        **_INDICATOR_KEY,
        "numerator": _column("bigint", "People of the group; null where hidden", nullable=True),
        "denominator": _column("bigint", "People of the base; null where hidden", nullable=True),
        "comparator_numerator": _column("bigint", "As numerator, comparator", nullable=True),
        "comparator_denominator": _column("bigint", "As denominator, comparator", nullable=True),
        "value": _column(
            "double",
            "Percentages 0-100 with one decimal, ratios with two, differences in percentage "
            "points with one; null unless status is ok",
            nullable=True,
        ),
        "ci_low": _column("double", "Lower end of the 95% interval", nullable=True),
        "ci_high": _column("double", "Upper end of the 95% interval", nullable=True),
        "p_value": _column("double", "Two-sided p-value, three decimals", nullable=True),
        "status": _column(
            "varchar",
            "ok, not_applicable, suppressed or missing_source",
            values=["ok", "not_applicable", "suppressed", "missing_source"],
        ),
        "reason": _column("varchar", "Why there is no value", nullable=True, values=REASONS),
        "disclosure": _column(
            "varchar",
            "What was done to protect people: NONE, SUPPRESSED, PERCENT_ONLY (a value without its "
            "counts; a median pay gap is in whole per cent) or ROUNDED (counts to the nearest 5)",
            values=["NONE", "SUPPRESSED", "PERCENT_ONLY", "ROUNDED"],
        ),
        "direction": _column(
            "varchar",
            "What may be claimed: adverse and favourable only where p < 0.05 and the interval "
            "excludes parity; cannot_tell means that the numbers are too small to say",
            nullable=True,
            values=DIRECTIONS,
        ),
    },
)

DECLARATION_RATE = _table(
    "declaration_rate",
    "How many staff have a known characteristic, one row for each snapshot, organisation and "
    "characteristic. Where few are unknown only the band is told, or nothing.",
    {
        **_PERIOD,
        **_LEVEL,
        **_ORGANISATION,
        "characteristic": _column("varchar", "The protected characteristic"),
        "known": _column("bigint", "Staff whose characteristic is known", nullable=True),
        "headcount": _column("bigint", "All staff", nullable=True),
        "rate": _column("double", "Known of all staff, percent", nullable=True),
        "band": _column("varchar", "95% or more, or below 95%", nullable=True),
        "status": _column("varchar", "ok or suppressed", values=["ok", "suppressed"]),
    },
)

ALERT = _table(
    "alert",
    "What somebody should look at, one row an alert. Holds only what the published figures tell.",
    {
        **_ORGANISATION,
        **_PERIOD,
        "code": _column("varchar", "The kind of alert"),
        "severity": _column("varchar", "How urgent it is", values=["warning", "critical"]),
        "characteristic": _column("varchar", "The characteristic, if any", nullable=True),
        "message": _column("varchar", "What is wrong"),
        "value": _column("double", "The rate found, percent", nullable=True),
        "target": _column("double", "The rate aimed at, percent", nullable=True),
        "records_to_target": _column("bigint", "Records that would reach it", nullable=True),
        "quarters_running": _column("bigint", "Snapshots in a row with this alert"),
        "acknowledged": _column("boolean", "Whether somebody has taken it up"),
    },
)

ORGANISATION = _table(
    "organisation",
    "The organisations of this release and their ICB, one row for each name or status in turn.",
    {
        **_ORGANISATION,
        "kind": _column("varchar", "CCG, SUB_ICB, ICB or TRUST"),
        "icb_code": _column("varchar", "ODS code of its ICB", nullable=True),
        "gss_code": _column("varchar", "ONS code", nullable=True),
        "valid_from": _column("date", "First day under this name"),
        "valid_to": _column("date", "Last day under this name; null: still so", nullable=True),
    },
)

INDICATOR = _table(
    "indicator",
    "The registry of indicators, one row for each indicator and measure.",
    {
        "standard": _column("varchar", "The standard"),
        "indicator": _column("varchar", "The indicator's number, or the characteristic"),
        "title": _column("varchar", "What it shows"),
        "measure": _column("varchar", "What kind of number it is"),
        "method": _column("varchar", "How value, interval and p-value are worked out"),
        "decimals": _column("bigint", "Decimals of its values"),
        "needs": _column("varchar", "The extracts it is made from"),
        "source": _column("varchar", "Who defined it"),
        "definition": _column("varchar", "How it is defined"),
        "why_it_matters": _column("varchar", "Why it is published"),
        "numerator": _column("varchar", "Who is counted"),
        "denominator": _column("varchar", "Of whom"),
        "comparison": _column("varchar", "What is compared with what"),
        "favourable": _column(
            "varchar",
            "Which value is better",
            values=["higher", "lower", "parity", "none"],
        ),
        "valid_from": _column("date", "The first snapshot for which it is defined"),
        "valid_to": _column("date", "The last one; null while it holds", nullable=True),
        "groups": _column("varchar", "Its groups, as CODE: label"),
    },
)

SERIES_BREAK = _table(
    "series_break",
    "Breaks in series: a figure before the day is not to be compared with one from then on.",
    {
        "standard": _column("varchar", "The standard"),
        "indicator": _column("varchar", "The indicator's number, or the characteristic"),
        "since": _column("date", "The first day of the new series"),
        "change": _column("varchar", "What changed"),
    },
)

COVERAGE = _table(
    "coverage",
    "How many employers sent each extract, and whose records are pooled, one row for each "
    "snapshot, level, organisation and extract.",
    {
        **_PERIOD,
        **_LEVEL,
        **_ORGANISATION,
        "source": _column("varchar", "The extract"),
        "employers": _column("bigint", "Employers that the organisation consists of"),
        "employers_sent": _column("bigint", "Employers whose extract is part of the figures"),
        "bodies": _column(
            "varchar",
            "The earliest bodies whose successors sent it, codes with a space between; the same "
            "before and after a merger where all of its bodies sent theirs",
        ),
    },
)

BENCHMARK = _table(
    "benchmark",
    "What other bodies published, to be read beside the figures: the NHS Staff Survey (official "
    "statistics) and the filings of NHS employers with the gender pay gap service. Both are for "
    "everybody who answered or is employed: no group's figure is to be set against them.",
    {
        "standard": _column("varchar", "The standard"),
        "indicator": _column("varchar", "The indicator's number"),
        **_PERIOD,
        "peer_group": _column(
            "varchar",
            "Whose figure it is: ENGLAND (every body of the survey), ICBS (the like for like of an "
            "ICB or CCG), NHS_EMPLOYERS, NHS_EMPLOYERS_OF_SIZE, OWN_FILING",
            values=["ENGLAND", "ICBS", "NHS_EMPLOYERS", "NHS_EMPLOYERS_OF_SIZE", "OWN_FILING"],
        ),
        "peer_code": _column("varchar", "The size, or the ODS code of the filing", nullable=True),
        "organisations": _column("bigint", "How many bodies stand behind it"),
        "base": _column("bigint", "How many people answered", nullable=True),
        "value": _column("double", "As the indicator's values: the median where of filings"),
        "lower_quartile": _column("double", "A quarter of the filings are below", nullable=True),
        "upper_quartile": _column("double", "A quarter of the filings are above", nullable=True),
        "is_weighted": _column("boolean", "Whether its owner weighted it"),
        "source": _column("varchar", "Who published it"),
    },
)

LOAD = _table(
    "load",
    "The received extracts behind this release, one row for each organisation, snapshot and "
    "source, without names or row counts.",
    {
        **_PERIOD,
        **_ORGANISATION,
        "source": _column("varchar", "The extract"),
        "status": _column(
            "varchar",
            "landed, empty (no rows), rejected, or missing (not sent)",
            values=["landed", "empty", "rejected", "missing"],
        ),
    },
)

CHECK_RESULT = _table(
    "check_result",
    "The checks that these figures passed before they were released, one row a check.",
    {
        "suite": _column("varchar", "The suite it belongs to"),
        "check_id": _column("varchar", "Its name"),
        "severity": _column("varchar", "critical stops a release", values=["critical", "warning"]),
        "description": _column("varchar", "What it makes sure of"),
        "passed": _column("boolean", "Whether it passed"),
    },
)

REVISION = _table(
    "revision",
    "What reads otherwise than in the release before, and why: one row a figure. Not listed one by "
    "one are figures that are hidden in one of the two, and changes of a count by fewer people "
    "than the threshold, which would point at who came, went or was put right. For these there is "
    "one row for each snapshot, organisation and standard (not_listed) wherever an extract behind "
    "it changed, so that nothing changes silently; whether any figure changed by that, and which, "
    "is not told.",
    {
        **_PERIOD,
        **_ORGANISATION,
        **_LEVEL,
        "standard": _INDICATOR_KEY["standard"],
        "indicator": _column("varchar", "The indicator; null where not_listed", nullable=True),
        "part": _column("varchar", "Its part; null where not_listed", nullable=True),
        "measure": _column(
            "varchar", "What kind of number; null where not_listed", nullable=True, values=MEASURES
        ),
        "group_code": _column("varchar", "The group; null where not_listed", nullable=True),
        "comparator_code": _INDICATOR_KEY["comparator_code"],
        "previous_release_id": _column("varchar", "The release it is compared with"),
        "change": _column(
            "varchar",
            "appeared, withdrawn or changed; not_listed: figures of the standard may read "
            "otherwise, and are not listed one by one",
            values=["appeared", "withdrawn", "changed", "not_listed"],
        ),
        "reason": _column(
            "varchar",
            "Why, codes with a space between. NEW_QUARTER: the snapshot is new. LATE_FILE: an "
            "extract that the release before did not have. RESUBMISSION: an extract that was sent "
            "again. FILE_WITHDRAWN: an extract that is not used any more. PUT_RIGHT: an extract "
            "that was put right after it had been received. NOT_KEPT: an extract of a snapshot "
            "that is kept no longer. RULE_CHANGED: another "
            "version of rules, code lists or reference data. POLICY_CHANGED: another disclosure "
            "policy. DECISION_CHANGED: other decisions on values that no code list knows. FOLLOWS: "
            "it pools others, or is compared with another snapshot. PROTECTION: the same files; "
            "what is hidden depends on other figures and on earlier releases",
        ),
        "explanation": _column("varchar", "The reasons in words: which extracts of whom"),
    },
)

ABOUT = _table(
    "about",
    "What this file is: release, versions, policy and sources, one row a fact.",
    {
        "name": _column("varchar", "The fact's name"),
        "value": _column("varchar", "The fact"),
    },
)

TABLES = {
    schema.name: schema
    for schema in (
        FIGURE, DECLARATION_RATE, ALERT, ORGANISATION, INDICATOR, SERIES_BREAK, BENCHMARK,
        COVERAGE, LOAD, CHECK_RESULT, REVISION, ABOUT,
    )
}  # fmt: skip
