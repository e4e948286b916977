"""Alerts: what a rule's check found, in words, with the gap in people for the employer itself."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.assess.rounding import round_half_away
from pipeline.quality.declaration import BAND_TARGET, BELOW
from pipeline.quality.gate import CheckResult
from pipeline.quality.rules import NO_COUNTS_FRAMES, PUBLIC, AlertRule

ALERT = (
    "organisation_code", "organisation_name", "period_end", "code", "severity", "characteristic",
    "message", "value", "target", "records_to_target", "quarters_running", "acknowledged",
)  # fmt: skip
"""The columns of the published table."""

PRIVATE_ALERT = (
    "organisation_code", "organisation_name", "period_end", "code", "severity", "characteristic",
    "part", "message", "detail", "to_do", "value", "target", "records_to_target", "tested",
    "quarters_running", "acknowledged", "is_public",
)  # fmt: skip
"""The columns of ``marts.alert``. ``message`` holds no number of people, ``detail`` does."""

_P_DIGITS = 2
_KEY = ["organisation_code", "period_end", "characteristic"]

Row = dict[Any, Any]


def alerts(
    rules: Iterable[AlertRule],
    results: Iterable[CheckResult],
    frames: Mapping[str, pd.DataFrame],
    names: pd.DataFrame,
    shown_rates: pd.DataFrame,
) -> pd.DataFrame:
    """Return an alert for each row in which a rule's check found its limit passed.

    Args:
        rules: the rules that are on.
        results: what Great Expectations found in their frames.
        frames: the frames, by the name of the check.
        names: period_end, organisation_code and organisation_name of every employer.
        shown_rates: the declaration rates as published, by which an alert is public or not.
    """
    by_check = {rule.check_id: rule for rule in rules}
    name_of = {
        (row["organisation_code"], pd.Timestamp(row["period_end"])): row["organisation_name"]
        for row in names.to_dict("records")
    }
    bands = _published_bands(shown_rates)
    found: list[tuple[AlertRule, Row]] = []
    for result in results:
        rule = by_check.get(result.check.check_id)
        if rule is None:
            continue
        failing = frames[rule.check_id].iloc[list(result.failing)]
        found += [(rule, _alert(rule, row, name_of, bands)) for row in failing.to_dict("records")]
    return with_quarters_running(private_frame(_without_explained(found)))


def _without_explained(found: list[tuple[AlertRule, Row]]) -> list[Row]:
    """Return the alerts that no other one explains, as an empty column does what it leads to.

    A public one is explained by what counts nobody and by public ones alone: that it is missing
    would tell a hidden one.
    """
    there, shown = set(), set()
    for rule, row in found:
        key = (row["code"], *(row[name] for name in _KEY))
        there.add(key)
        if row["is_public"] or rule.frame in NO_COUNTS_FRAMES:
            shown.add(key)
    return [
        row
        for rule, row in found
        if (rule.unless, *(row[name] for name in _KEY))
        not in (shown if row["is_public"] else there)
    ]


def private_frame(found: list[Row]) -> pd.DataFrame:
    """Return alerts as a frame, typed also where there is none."""
    frame = pd.DataFrame(found, columns=list(PRIVATE_ALERT))
    return frame.astype(
        {
            "value": "Float64", "target": "Float64", "records_to_target": "Int64",
            "tested": "Int64", "acknowledged": "bool", "is_public": "bool",
        }
    )  # fmt: skip


def _alert(
    rule: AlertRule, row: Row, name_of: Mapping[Any, str], bands: Mapping[Any, tuple[bool, bool]]
) -> Row:
    characteristic = _text(row["characteristic"])
    label = characteristic.replace("_", " ")
    needed = _records(rule, row)
    is_percent = rule.below is not None and not rule.is_chance
    period_end = pd.Timestamp(row["period_end"])
    return {
        "organisation_code": row["organisation_code"],
        "organisation_name": name_of[row["organisation_code"], period_end],
        "period_end": period_end.date(),
        "code": rule.code,
        "severity": rule.severity,
        "characteristic": characteristic or None,
        "part": _text(row["part"]) or None,
        "message": rule.words(label, row["subject"]),
        "detail": _detail(rule, row, needed),
        "to_do": rule.action(label, row["subject"]),
        "value": _value(rule, row),
        "target": float(rule.limit) if is_percent else None,
        "records_to_target": needed,
        "tested": int(row["tested"]) if rule.is_chance else None,
        "acknowledged": False,
        "is_public": rule.told == PUBLIC and _is_told(rule, row, bands),
    }


def _records(rule: AlertRule, row: Row) -> int | None:
    """Return how many records are short: of the frame, or of the limit of a rule on a rate."""
    if not pd.isna(row["records_to_target"]):
        return int(row["records_to_target"])
    if rule.below is None:
        return None
    return math.ceil(rule.below * int(row["headcount"]) / 100) - int(row["known"])


def _value(rule: AlertRule, row: Row) -> float:
    value = float(row["value"])
    if rule.is_chance:
        return float(f"{value:.{_P_DIGITS}g}")
    return round_half_away(value, 1)


def _detail(rule: AlertRule, row: Row, needed: int | None) -> str:
    parts = [row["detail"]]
    if not pd.isna(row["aim"]) and needed is not None:
        aim = row["aim"].format(limit=format(float(rule.limit), "g"))
        parts.append(f"{needed} more {'record' if needed == 1 else 'records'} would {aim}")
    if rule.is_chance:
        parts.append(f"p {_value(rule, row):g}; {int(row['tested'])} series were tested")
    return "; ".join(parts)


def _published_bands(shown_rates: pd.DataFrame) -> dict[Any, tuple[bool, bool]]:
    """Return of each employer's rate whether it is published, and whether as below the target."""
    employers = shown_rates[shown_rates["level"].eq("employer")]
    return {
        (row["organisation_code"], pd.Timestamp(row["period_end"]), row["characteristic"]): (
            not pd.isna(row["rate"]),
            row["band"] == BELOW,
        )
        for row in employers.to_dict("records")
    }


def _is_told(rule: AlertRule, row: Row, bands: Mapping[Any, tuple[bool, bool]]) -> bool:
    """Return whether the published rates tell the alert: every rate that it compares is there.

    The band alone tells it where the rule asks for the target of the band. Of parts of the staff
    nothing is published.
    """
    if row["part"] != "all":
        return False
    days = [day for day in (row["period_end"], row["period_before"]) if not pd.isna(day)]
    keys = [(row["organisation_code"], pd.Timestamp(day), row["characteristic"]) for day in days]
    told = [bands.get(key, (False, False)) for key in keys]
    is_band = len(days) == 1 and rule.below == 100 * BAND_TARGET and told[0][1]
    return is_band or all(has_rate for has_rate, _ in told)


def public_alerts(found: pd.DataFrame, shown_rates: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts as everybody may see them, with no number that the rates do not show.

    Args:
        found: alerts with the columns ``PRIVATE_ALERT``.
        shown_rates: the published declaration rates.
    """
    employers = shown_rates[shown_rates["level"].eq("employer")]
    public = found[found["is_public"]].merge(employers[[*_KEY, "rate"]], on=_KEY, how="left")
    is_shown = public["rate"].notna() & public["target"].notna()
    told = public.assign(
        value=public["rate"], records_to_target=public["records_to_target"].where(is_shown)
    )
    shown = with_quarters_running(told)[list(ALERT)].astype(
        {"records_to_target": "Int64", "value": "Float64"}
    )
    return shown.sort_values(
        ["period_end", "organisation_code", "code", "message"], ignore_index=True
    )


def with_quarters_running(found: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts with the number of snapshots in a row, up to its own, that each stands.

    An alert is the same in another quarter where organisation, code, characteristic, part and the
    first clause of its message are the same. Only the alerts given are looked at.
    """
    keys = [
        (
            row["organisation_code"],
            row["code"],
            _text(row["characteristic"]),
            _text(row["part"]),
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


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
