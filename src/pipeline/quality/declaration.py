"""Declaration rates and their alerts: who has to ask whom, and how many records it takes."""

import math
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pipeline.assess.rounding import percent, round_half_away
from pipeline.protect.policy import Policy
from pipeline.quality.checks import Check, Suite
from pipeline.quality.gate import CheckResult
from pipeline.resources import reference

RATE = (
    "period_end", "level", "organisation_code", "organisation_name", "characteristic", "known",
    "headcount", "rate", "band", "status",
)  # fmt: skip
ALERT = (
    "organisation_code", "organisation_name", "period_end", "code", "severity", "characteristic",
    "message", "value", "target", "records_to_target", "quarters_running", "acknowledged",
)  # fmt: skip

_BAND_TARGET = Fraction(95, 100)
_AT_LEAST, _BELOW = "95% or more", "below 95%"


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
            Suite.DECLARATION,
            "between",
            f"No employer has this alert: {self.message}",
            float(self.target_percent),
            100,
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
    rows = decided[
        (decided["standard"] == "DECLARATION")
        & (decided["group_code"] == "KNOWN")
        & (decided["status"] == "ok")
    ]
    rates = rows.rename(
        columns={
            "indicator": "characteristic",
            "numerator": "known",
            "denominator": "headcount",
            "value": "rate",
        }
    )
    return rates.assign(
        band=[
            _AT_LEAST if Fraction(int(known), int(headcount)) >= _BAND_TARGET else _BELOW
            for known, headcount in zip(rates["known"], rates["headcount"], strict=True)
        ]
    )[[*RATE, "disclosure"]].reset_index(drop=True)


def published_rates(rates: pd.DataFrame, published: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the rates as they may be published.

    Where the unknown are few, neither count nor rate is told, but the band is, as long as it
    leaves enough possible counts (163 staff below 95% with 1 to 9 unknown could only be 9).
    """
    key = ["period_end", "level", "organisation_code"]
    shown = published[
        (published["standard"] == "DECLARATION") & (published["group_code"] == "KNOWN")
    ].rename(columns={"indicator": "characteristic", "numerator": "shown_known"})
    merged = rates.merge(
        shown[[*key, "characteristic", "shown_known", "denominator"]],
        on=[*key, "characteristic"],
        validate="one_to_one",
    )
    hidden = merged["shown_known"].isna()
    merged["band"] = [
        band if not is_hidden or _is_vague(band, int(headcount), policy) else None
        for band, is_hidden, headcount in zip(
            merged["band"], hidden, merged["headcount"], strict=True
        )
    ]
    merged["band"] = merged["band"].where(merged["denominator"].notna(), None)
    merged["known"] = merged["shown_known"]
    merged["headcount"] = merged["denominator"]
    merged["rate"] = merged["rate"].where(~hidden)
    merged["status"] = merged["status"].where(~hidden, "suppressed")
    return merged[list(RATE)]


def _is_vague(band: str, headcount: int, policy: Policy) -> bool:
    """Return whether enough counts below the threshold would give this band."""
    possible = [
        unknown
        for unknown in range(1, policy.threshold)
        if (Fraction(headcount - unknown, headcount) >= _BAND_TARGET) == (band == _AT_LEAST)
    ]
    return len(possible) >= policy.minimum_band_candidates


def rule_frame(rates: pd.DataFrame, rule: AlertRule) -> pd.DataFrame:
    """Return the rows that a rule looks at: employers' rates, exact, as column ``value``."""
    rows = rates[
        (rates["level"] == "employer") & (rates["characteristic"] == rule.characteristic)
    ].reset_index(drop=True)
    exact = [
        float(percent(int(known), int(headcount)))
        for known, headcount in zip(rows["known"], rows["headcount"], strict=True)
    ]
    return rows.assign(value=pd.Series(exact, index=rows.index, dtype="float64"))


def alerts(rules: list[AlertRule], results: list[CheckResult], rates: pd.DataFrame) -> pd.DataFrame:
    """Return an alert for each row that a rule's check found below its target."""
    by_check = {rule.check.check_id: rule for rule in rules}
    found = []
    for result in results:
        rule = by_check[result.check.check_id]
        frame = rule_frame(rates, rule)
        below = frame.iloc[list(result.failing)]
        for row in below.itertuples(index=False):
            found.append(_alert(rule, row, set(below["period_end"][_same(below, row)]), frame))
    return pd.DataFrame(found, columns=list(ALERT))


def _same(below: pd.DataFrame, row: object) -> "pd.Series[bool]":
    return below["organisation_code"] == row.organisation_code  # type: ignore[attr-defined]


def _alert(rule: AlertRule, row: object, failing: set[object], frame: pd.DataFrame) -> dict[str, object]:
    known, headcount = int(row.known), int(row.headcount)  # type: ignore[attr-defined]
    needed = math.ceil(rule.target_percent * headcount / 100) - known
    sent = sorted(frame["period_end"][_same(frame, row)])
    running = 0
    for period_end in reversed([day for day in sent if day <= row.period_end]):  # type: ignore[attr-defined]
        if period_end not in failing:
            break
        running += 1
    return {
        "organisation_code": row.organisation_code,  # type: ignore[attr-defined]
        "organisation_name": row.organisation_name,  # type: ignore[attr-defined]
        "period_end": row.period_end,  # type: ignore[attr-defined]
        "code": rule.code,
        "severity": rule.severity,
        "characteristic": rule.characteristic,
        "message": f"{rule.message}; {needed} more records would reach the target",
        "value": round_half_away(percent(known, headcount), 1),
        "target": float(rule.target_percent),
        "records_to_target": needed,
        "quarters_running": running,
        "acknowledged": False,
    }
