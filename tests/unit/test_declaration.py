"""Declaration rates, and what may be published of them."""

from datetime import date

import pandas as pd
import pytest
from cells import policy

from pipeline.quality.declaration import declaration_rates, published_rates

PERIOD = date(2021, 3, 31)


def figure(known, headcount, period=PERIOD, code="01T", **columns):
    return {
        "period_end": period,
        "level": "employer",
        "organisation_code": code,
        "organisation_name": f"NHS {code}",
        "standard": "DECLARATION",
        "indicator": "ethnicity",
        "group_code": "KNOWN",
        "numerator": known,
        "denominator": headcount,
        "value": round(100 * known / headcount, 1) if headcount else None,
        "status": "ok" if headcount else "not_applicable",
        "measure": "share",
        "reason": None if headcount else "NO_NUMERATOR_BASE",
    } | columns


def frame(*figures):
    return pd.DataFrame(figures).astype({"numerator": "Int64", "denominator": "Int64"})


def published(figures, hidden=()):
    """Return ``figures`` as published: count and value of the rows in ``hidden`` are not told."""
    shown = figures.copy()
    shown.loc[list(hidden), ["numerator", "value"]] = [pd.NA, None]
    return shown


# --- rates ----------------------------------------------------------------------------------


def test_a_rate_is_the_known_of_all_staff():
    rates = declaration_rates(frame(figure(155, 163), figure(160, 163, indicator="sex")))
    assert rates[["characteristic", "known", "headcount", "rate", "status"]].values.tolist() == [
        ["ethnicity", 155, 163, 95.1, "ok"],
        ["sex", 160, 163, 98.2, "ok"],
    ]


@pytest.mark.parametrize(
    ("known", "headcount", "band"),
    [(95, 100, "95% or more"), (94, 100, "below 95%"), (155, 163, "95% or more"),
     (154, 163, "below 95%"), (0, 5, "below 95%"), (19, 20, "95% or more")],
)  # fmt: skip
def test_the_band_is_decided_on_the_counts_not_on_the_rounded_rate(known, headcount, band):
    # 94.96% reads 95.0 and is below.
    assert declaration_rates(frame(figure(known, headcount)))["band"].tolist() == [band]
    assert declaration_rates(frame(figure(1884, 1984)))["band"].tolist() == ["below 95%"]


def test_only_known_rows_with_a_value_are_rates():
    others = [
        figure(5, 163) | {"group_code": "UNKNOWN"},
        figure(5, 163) | {"standard": "PSED"},
        figure(0, 0, code="01V"),
        figure(0, 0, code="01X") | {"status": "missing_source"},
    ]
    rates = declaration_rates(frame(figure(155, 163), *others))
    assert rates["organisation_code"].tolist() == ["01T"]


# --- what is published of them --------------------------------------------------------------


def published_rates_of(counts, hidden=()):
    figures = frame(
        *(figure(known, all_, code=f"C{place}") for place, (known, all_) in enumerate(counts))
    )
    return published_rates(declaration_rates(figures), published(figures, hidden), policy())


def test_shown_rates_are_published_with_their_band():
    rates = published_rates_of([(150, 163), (163, 163)])
    assert rates[["known", "headcount", "rate", "band", "status"]].values.tolist() == [
        [150, 163, 92.0, "below 95%", "ok"],
        [163, 163, 100.0, "95% or more", "ok"],
    ]


def test_of_hidden_rates_at_most_the_band_is_told():
    row = published_rates_of([(265, 270)], hidden=[0]).iloc[0]
    assert pd.isna(row["known"])
    assert pd.isna(row["rate"])
    assert row[["headcount", "band", "status"]].tolist() == [270, "95% or more", "suppressed"]


def test_the_band_or_its_absence_leaves_enough_small_counts():
    # 163 staff: 1 to 8 unknown are 95% or more, 9 are below. Told only where the count is not 9,
    # the missing band would say that it is.
    counts = [
        (headcount - unknown, headcount)
        for headcount in range(10, 420)
        for unknown in range(1, policy().threshold)
    ]
    rates = published_rates_of(counts, hidden=range(len(counts)))
    answers = rates.assign(band=rates["band"].fillna("nothing")).groupby(["headcount", "band"])
    assert answers.size().min() >= policy().minimum_band_candidates


def test_many_staff_have_a_band_whatever_the_small_count():
    rates = published_rates_of([(171, 180), (179, 180)], hidden=[0, 1])
    assert rates["band"].tolist() == ["95% or more"] * 2


def test_a_band_is_not_told_where_the_headcount_is_hidden():
    figures = frame(figure(265, 270))
    shown = published(figures, [0])
    shown["denominator"] = pd.array([pd.NA], dtype="Int64")
    row = published_rates(declaration_rates(figures), shown, policy()).iloc[0]
    assert row[["known", "headcount", "rate", "band"]].isna().all()
    assert row["status"] == "suppressed"


def band_alone(unknown, headcount, period=date(2021, 6, 30)):
    """Return the rate of an employer at a snapshot of which no detail is published."""
    figures = frame(figure(headcount - unknown, headcount, period))
    counts = {"numerator": pd.NA, "denominator": pd.NA, "value": None}
    shown = figures.assign(**counts, reason="DETAIL_NOT_PUBLISHED", status="suppressed")
    told = figure(headcount, headcount, period, measure="headcount", standard="PSED")
    shown = pd.concat([shown, frame(told)], ignore_index=True)
    return published_rates(declaration_rates(figures), shown, policy()).iloc[0]


@pytest.mark.parametrize("unknown", [0, 3, 9, 10, 60])
def test_between_two_marches_a_band_stands_without_its_rate(unknown):
    row = band_alone(unknown, 200)
    assert row[["known", "rate"]].isna().all()
    band = "95% or more" if unknown <= 10 else "below 95%"
    assert row[["headcount", "band", "status"]].tolist() == [200, band, "suppressed"]


def test_a_band_without_its_rate_leaves_every_small_count_or_none():
    """Of 179 staff 9 unknown are below 95% and 8 are not, so that neither band may be told."""
    assert {band_alone(unknown, 179)["band"] for unknown in (0, 8, 9, 60)} == {None}
    assert band_alone(9, 180)["band"] == "95% or more"
    assert band_alone(10, 180)["band"] == "below 95%"
