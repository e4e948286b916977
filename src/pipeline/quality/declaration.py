"""Declaration rates and their alerts: who has to ask whom, and how many records it takes."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from pipeline.protect.policy import Policy
from pipeline.quality.checks import DECLARATION, WARNING, Check
from pipeline.quality.gate import CheckResult
from pipeline.resources import reference

BELOW = "below 95%"
"""The band of a declaration rate under the usual target of the national standards."""

_AT_LEAST = "95% or more"
_BAND_TARGET = Fraction(95, 100)
_KEY = ["period_end", "level", "organisation_code", "characteristic"]
RATE = (*_KEY, "organisation_name", "known", "headcount", "rate", "band", "status")
ALERT = (
    "organisation_code", "organisation_name", "period_end", "code", "severity", "characteristic",
    "message", "value", "target", "records_to_target", "quarters_running", "acknowledged",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One line of ``warehouse/reference/alert_rules.csv``."""

    code: str
    severity: str
    characteristic: str
    target_percent: Fraction
    message: str

    @property
    def check(self) -> Check:
        """The check that Great Expectations runs for this rule."""
        return Check(
            f"{self.code.lower()}:{self.characteristic}",
            DECLARATION,
            "between",
            f"No employer has this alert: {self.message}",
            float(self.target_percent),
            100,
            WARNING,
        )


def alert_rules() -> list[AlertRule]:
    """Return the rules on declaration rates."""
    return [
        AlertRule(
            row["code"],
            row["severity"],
            row["characteristic"],
            Fraction(row["target_percent"]),
            row["message"],
        )
        for row in reference("alert_rules")
    ]


def declaration_rates(decided: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each snapshot, organisation and characteristic, from the figures."""
    is_rate = decided["standard"].eq("DECLARATION") & decided["group_code"].eq("KNOWN")
    rates = decided[is_rate & decided["status"].eq("ok")].rename(
        columns={
            "indicator": "characteristic",
            "numerator": "known",
            "denominator": "headcount",
            "value": "rate",
        }
    )
    counts = zip(rates["known"], rates["headcount"], strict=True)
    bands = [_band(int(known), int(headcount)) for known, headcount in counts]
    return rates.assign(band=bands)[list(RATE)].reset_index(drop=True)


def _band(known: int, headcount: int) -> str:
    return _AT_LEAST if Fraction(known, headcount) >= _BAND_TARGET else BELOW


def published_rates(rates: pd.DataFrame, published: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the rates as they may be published.

    Where the unknown are few, neither count nor rate is told, but the band is, as long as no
    band leaves too few possible counts. Of 163 staff 1 to 8 unknown are 95% or more known, and
    9 are below: there no band is told, whatever the count, since its absence would tell as well.
    """
    is_rate = published["standard"].eq("DECLARATION") & published["group_code"].eq("KNOWN")
    shown = published[is_rate].rename(
        columns={
            "indicator": "characteristic",
            "numerator": "shown_known",
            "denominator": "shown_headcount",
        }
    )
    columns = [*_KEY, "shown_known", "shown_headcount"]
    merged = rates.merge(shown[columns], on=_KEY, validate="one_to_one")
    bands = [_published_band(row, policy) for row in merged.to_dict("records")]
    is_shown = merged["shown_known"].notna()
    return merged.assign(
        known=merged["shown_known"],
        headcount=merged["shown_headcount"],
        rate=merged["rate"].where(is_shown),
        band=pd.Series(bands, index=merged.index, dtype="object"),
        status=merged["status"].where(is_shown, "suppressed"),
    )[list(RATE)]


def _published_band(row: dict[Any, Any], policy: Policy) -> str | None:
    """Return the band of a row where it may be told: enough small counts must lie in each."""
    if pd.isna(row["shown_headcount"]):
        return None
    headcount = int(row["headcount"])
    small = range(1, min(policy.threshold, headcount + 1))
    bands = Counter(_band(headcount - unknown, headcount) for unknown in small)
    is_wide = min(bands.values(), default=0) >= policy.minimum_band_candidates
    return str(row["band"]) if is_wide or not pd.isna(row["shown_known"]) else None


def rule_frame(rates: pd.DataFrame, rule: AlertRule) -> pd.DataFrame:
    """Return the rows that a rule looks at: employers' rates, unrounded, as column ``value``."""
    is_employer = rates["level"].eq("employer")
    rows = rates[is_employer & rates["characteristic"].eq(rule.characteristic)]
    exact = 100 * rows["known"].astype("float64") / rows["headcount"].astype("float64")
    return rows.assign(value=exact).reset_index(drop=True)


def alerts(
    rules: Iterable[AlertRule], results: Iterable[CheckResult], rates: pd.DataFrame
) -> pd.DataFrame:
    """Return an alert for each row that a rule's check found below its target."""
    by_check = {rule.check.check_id: rule for rule in rules}
    found: list[dict[str, Any]] = []
    for result in results:
        rule = by_check[result.check.check_id]
        below = rule_frame(rates, rule).iloc[list(result.failing)]
        found += [_alert(rule, row) for row in below.to_dict("records")]
    return with_quarters_running(pd.DataFrame(found, columns=list(ALERT)))


def _alert(rule: AlertRule, row: dict[Any, Any]) -> dict[str, Any]:
    needed = math.ceil(rule.target_percent * int(row["headcount"]) / 100) - int(row["known"])
    return {
        "organisation_code": row["organisation_code"],
        "organisation_name": row["organisation_name"],
        "period_end": row["period_end"],
        "code": rule.code,
        "severity": rule.severity,
        "characteristic": rule.characteristic,
        "message": f"{rule.message}; {needed} more records would reach the target",
        "value": row["rate"],
        "target": float(rule.target_percent),
        "records_to_target": needed,
        "acknowledged": False,
    }


def with_quarters_running(found: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts with the number of snapshots in a row, up to its own, that each stands.

    An alert is the same in another quarter where organisation, code, characteristic and the first
    clause of its message are the same. Only the alerts given are looked at.
    """
    keys = [
        (
            row["organisation_code"],
            row["code"],
            row["characteristic"],
            row["message"].partition(";")[0],
            pd.Period(row["period_end"], "Q").ordinal,
        )
        for row in found.to_dict("records")
    ]
    standing = set(keys)
    running = []
    for *subject, quarter in keys:
        first = quarter
        while (*subject, first - 1) in standing:
            first -= 1
        running.append(quarter - first + 1)
    return found.assign(quarters_running=pd.Series(running, index=found.index, dtype="int64"))
