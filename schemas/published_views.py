"""The comments on the wide views of the published database, column by column.

A column that a view takes over as it is has the comment of its table; what a view makes of several
figures is described here, since the same name may stand for something else in another table.
"""

from schemas.published import FIGURE

_SAME = {name: str(column.description) for name, column in FIGURE.columns.items()}
_BODY = {name: _SAME[name] for name in ("period_end", "level", "organisation_code",
                                        "organisation_name")}  # fmt: skip
_HIDDEN = "null where hidden or where there is none"
_COMPARISON = {
    "difference_pp": "Percentage of the first group less that of the other, in percentage points; "
    "null where the indicator is not a difference, or the comparison's status is not ok",
    "relative_likelihood": "Likelihood of the one group divided by that of the other (the "
    "indicator's title says which way round); null where the indicator is none",
    "ci_low": "Lower end of the 95% interval of the difference or relative likelihood",
    "ci_high": "Upper end of the 95% interval of the difference or relative likelihood",
    "p_value": "Two-sided p-value of the difference or relative likelihood, three decimals",
    "direction": _SAME["direction"],
    "comparison_status": "Status of the difference or relative likelihood: ok, not_applicable, "
    "suppressed or missing_source",
    "comparison_reason": "Why there is no difference or relative likelihood",
    "mantel_haenszel": "Of a pooled body: the relative likelihood within its employers, taken "
    "together by Mantel and Haenszel; null elsewhere",
}


def _groups(*groups: tuple[str, str]) -> dict[str, str]:
    """Return the comments on count, base and percentage of each group."""
    counts = {f"{name}_count": f"{text}: how many are counted; {_HIDDEN}" for name, text in groups}
    bases = {f"{name}_base": f"{text}: of how many; {_HIDDEN}" for name, text in groups}
    percents = {
        f"{name}_percent": f"{text}: count of base in per cent, one decimal (a likelihood, or who "
        f"answered so); {_HIDDEN}"
        for name, text in groups
    }
    return counts | bases | percents


def _quarters() -> dict[str, str]:
    names = (
        ("lower", "the lowest paid quarter"),
        ("lower_middle", "the lower middle quarter of pay"),
        ("upper_middle", "the upper middle quarter of pay"),
        ("upper", "the highest paid quarter"),
    )
    return {
        f"{sex}_in_{name}_quarter_percent": f"{sex.capitalize()} among the full-pay relevant "
        f"employees of {words}, per cent; {_HIDDEN}"
        for name, words in names
        for sex in ("men", "women")
    }


VIEW_COLUMNS: dict[str, dict[str, str]] = {
    "wres": {
        **_BODY,
        "indicator": "The WRES indicator, 1 to 9",
        "part": _SAME["part"],
        **_groups(
            ("white", "White staff or applicants"),
            ("bme", "Black and minority ethnic staff or applicants"),
            ("unknown", "Staff or applicants of unknown ethnicity"),
        ),
        **_COMPARISON,
    },
    "wdes": {
        **_BODY,
        "indicator": "The WDES metric, 1 to 10 with its letters",
        "part": _SAME["part"],
        **_groups(
            ("disabled", "Disabled staff or applicants"),
            ("non_disabled", "Non-disabled staff or applicants"),
            ("unknown", "Staff or applicants of whom it is not known"),
        ),
        "disabled_score": "Staff engagement score of disabled staff, 0 to 10",
        "non_disabled_score": "Staff engagement score of non-disabled staff, 0 to 10",
        "overall_score": "Staff engagement score of all who answered, 0 to 10",
        "actions": "Metric 9b: actions that let disabled staff be heard; null elsewhere",
        **_COMPARISON,
    },
    "gender_pay_gap": {
        **_BODY,
        "is_illustrative": "Whether it pools bodies that were not yet one employer: nobody's "
        "statutory figure",
        "men_on_full_pay": f"Men who are full-pay relevant employees; {_HIDDEN}",
        "women_on_full_pay": f"Women who are full-pay relevant employees; {_HIDDEN}",
        "mean_hourly_gap_percent": "Mean hourly pay of men less that of women, per cent of men's",
        "median_hourly_gap_percent": "Median hourly pay of men less women's, per cent of men's",
        "mean_bonus_gap_percent": "Mean bonus of men less that of women, per cent of men's",
        "median_bonus_gap_percent": "Median bonus of men less that of women, per cent of men's",
        "men_paid_bonus_percent": f"Men who were paid a bonus, per cent of men; {_HIDDEN}",
        "women_paid_bonus_percent": f"Women who were paid a bonus, per cent of women; {_HIDDEN}",
        **_quarters(),
        "median_hourly_status": "Status of the median hourly gap: ok, not_applicable, suppressed "
        "or missing_source",
        "median_hourly_reason": "Why there is no median hourly gap",
    },
    "workforce_profile": {
        **_BODY,
        "characteristic": "The protected characteristic",
        "part": _SAME["part"],
        "category": "The category of the characteristic; the table indicator has the labels",
        "headcount": f"Staff of the part in this category; {_HIDDEN}",
        "all_staff": f"All staff of the part, unknown included; {_HIDDEN}",
        "percent_of_staff": f"Headcount of all staff in per cent, one decimal; {_HIDDEN}",
        "ci_low": "Lower end of the 95% interval of the percentage",
        "ci_high": "Upper end of the 95% interval of the percentage",
        "status": _SAME["status"],
    },
    "census_comparison": {
        **_BODY,
        "characteristic": "The protected characteristic",
        "group_code": _SAME["group_code"],
        "area": "ONS code of the local authority, or boundary for all areas of the body; with "
        ":all_staff the base of staff is everybody, else those whose characteristic is known",
        "census_base": "POPULATION (all residents) or POPULATION_16_PLUS",
        "staff_in_group": f"Staff in the group; {_HIDDEN}",
        "staff_base": f"Staff that they are a share of; {_HIDDEN}",
        "residents_in_group": "Residents in the group, Census 2021",
        "residents": "Residents that they are a share of, Census 2021",
        "difference_pp": "Share of staff less share of residents, in percentage points",
        "difference_ci_low": "Lower end of the 95% interval of the difference",
        "difference_ci_high": "Upper end of the 95% interval of the difference",
        "representation_index": "Share of staff divided by share of residents; 1 is as many",
        "direction": _SAME["direction"],
        "status": _SAME["status"],
    },
    "trend": {
        **_BODY,
        **{
            name: _SAME[name]
            for name in ("standard", "indicator", "part", "measure", "group_code",
                         "comparator_code", "value")
        },
        "value_quarter_before": "The value three months before; null where there is none, where "
        "other bodies had sent theirs, or where the series broke in between",
        "value_year_before": "The value twelve months before; null as for the quarter before",
        "same_bodies_quarter_before": "Whether the same bodies had sent their extracts three "
        "months before; null where there was no such figure",
        "same_bodies_year_before": "Whether the same bodies had sent theirs twelve months before",
        "status": _SAME["status"],
    },
}  # fmt: skip
