"""Declaration rates, true and as they may be published."""

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.disclosure import Policy
from pipeline.protect.told import DETAIL_NOT_PUBLISHED

if TYPE_CHECKING:
    import duckdb

BELOW = "below 95%"
"""The band of a declaration rate under the usual target of the national standards."""

_AT_LEAST = "95% or more"
BAND_TARGET = Fraction(95, 100)
_OWNER = ["period_end", "level", "organisation_code"]
_KEY = [*_OWNER, "characteristic"]
RATE = (*_KEY, "organisation_name", "known", "headcount", "rate", "band", "status")


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
    return _AT_LEAST if Fraction(known, headcount) >= BAND_TARGET else BELOW


def part_rates(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return the rates of the directorates and band groups of each employer.

    One row for each snapshot, employer, characteristic and part; ``rate`` in percent, unrounded.

    Args:
        connection: the private database, built.
    """
    return connection.execute(
        "select period_end, organisation_code, characteristic, part, known, headcount, "
        "100.0 * known / headcount as rate from core.declaration_movement where part <> 'all' "
        "order by period_end, organisation_code, characteristic, part"
    ).df()


def published_rates(rates: pd.DataFrame, published: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the rates as they may be published.

    Where the unknown are few, neither count nor rate is told, but the band is, as long as no
    band leaves too few possible counts. Of 163 staff 1 to 8 unknown are 95% or more known, and
    9 are below: there no band is told, whatever the count, since its absence would tell as well.
    Where the policy publishes the band alone, it is told of so many staff that any small number of
    unknown is in the higher one.
    """
    is_rate = published["standard"].eq("DECLARATION") & published["group_code"].eq("KNOWN")
    shown = published[is_rate].rename(
        columns={
            "indicator": "characteristic",
            "numerator": "shown_known",
            "denominator": "shown_headcount",
            "reason": "shown_reason",
            "value": "shown_rate",
        }
    )
    columns = [*_KEY, "shown_known", "shown_headcount", "shown_reason", "shown_rate"]
    merged = rates.merge(shown[columns], on=_KEY, validate="one_to_one")
    told = _headcounts(published)
    owners = zip(*(merged[name].tolist() for name in _OWNER), strict=True)
    headcounts = pd.Series([told.get(owner) for owner in owners], index=merged.index, dtype="Int64")
    merged["told_headcount"] = merged["shown_headcount"].fillna(headcounts)
    bands = [_published_band(row, policy) for row in merged.to_dict("records")]
    is_shown = merged["shown_rate"].notna()
    return merged.assign(
        known=merged["shown_known"],
        headcount=merged["told_headcount"],
        rate=merged["shown_rate"],
        band=pd.Series(bands, index=merged.index, dtype="object"),
        status=merged["status"].where(is_shown, "suppressed"),
    )[list(RATE)]


def _headcounts(published: pd.DataFrame) -> dict[tuple[Any, ...], int]:
    """Return the headcounts that are told of each organisation and snapshot."""
    is_told = published["measure"].eq("headcount") & published["numerator"].notna()
    rows = published.loc[is_told, [*_OWNER, "numerator"]].drop_duplicates(_OWNER)
    return {tuple(owner): int(number) for *owner, number in rows.itertuples(index=False)}


def _published_band(row: dict[Any, Any], policy: Policy) -> str | None:
    """Return the band of a row where it may be told: enough small counts must lie in each."""
    if not policy.publishes("declaration_band", row["level"], row["period_end"]):
        return None
    if not pd.isna(row["shown_rate"]):
        return _band(int(row["shown_known"]), int(row["shown_headcount"]))
    if pd.isna(row["told_headcount"]):
        return None
    headcount = int(row["told_headcount"])
    if row["shown_reason"] == DETAIL_NOT_PUBLISHED:
        return str(row["band"]) if _is_high_for_few(headcount, policy) else None
    small = range(1, min(policy.threshold, headcount + 1))
    bands = Counter(_band(headcount - unknown, headcount) for unknown in small)
    is_wide = min(bands.values(), default=0) >= policy.minimum_band_candidates
    return str(row["band"]) if is_wide else None


def _is_high_for_few(headcount: int, policy: Policy) -> bool:
    """Return whether any small number of unknown leaves the rate in the higher band."""
    most = policy.threshold - 1
    return headcount > most and _band(headcount - most, headcount) == _AT_LEAST
