"""Alerts where employers point one way and their pooled counts the other."""

from datetime import date

import pandas as pd
import pytest

from pipeline.assess.columns import COUNTS
from pipeline.assess.rates import pooled_estimate, relative_likelihood
from pipeline.protect.cells import Owner
from pipeline.quality.pooling import pooling_alerts

PERIOD = date(2022, 3, 31)
ICB = Owner(PERIOD, "icb", "QYG")
# White appointed and shortlisted, then BME. In each CCG the ratio is below 1, since 0.30 < 0.32 and
# 0.10 < 0.11, and together it is above: White applicants applied where most are appointed.
PARADOX = {"01T": (60, 200, 16, 50), "01V": (5, 50, 22, 200)}
ALIKE = {"01T": (60, 200, 16, 50), "01V": (50, 200, 17, 50)}


def figures(employers, pooled=None):
    """Return the figures of WRES 2 of employers and of their ICB, with the estimate."""
    pooled = pooled or tuple(map(sum, zip(*employers.values(), strict=True)))
    rows = [
        _row(Owner(PERIOD, "employer", code), "relative_likelihood", counts, "all")
        for code, counts in employers.items()
    ]
    rows.append(_row(ICB, "relative_likelihood", pooled, "all"))
    rows.append(_row(ICB, "ratio", pooled, "all:mantel_haenszel", list(employers.values())))
    return pd.DataFrame(rows)


def _row(owner, measure, counts, part, strata=None):
    assessed = pooled_estimate(strata) if strata else relative_likelihood(*counts, "adverse")
    key = {
        "organisation_name": "NHS", "standard": "WRES", "indicator": "2", "part": part,
        "measure": measure, "group_code": "WHITE", "comparator_code": "BME",
    }  # fmt: skip
    told = {"value": assessed.value, "status": assessed.status, "reason": assessed.reason}
    return owner._asdict() | key | dict(zip(COUNTS, counts, strict=True)) | told


def found(frame, hidden=()):
    is_shown = ~frame.index.isin(hidden)
    members = {ICB: [[Owner(PERIOD, "employer", code) for code in ("01T", "01V", "01X")]]}
    alerts = pooling_alerts(frame, pd.Series(is_shown, index=frame.index), members)
    return alerts, alerts[alerts["is_public"]]


def test_the_paradox_is_told_with_both_numbers():
    alerts, public = found(figures(PARADOX))
    assert alerts["code"].tolist() == ["SIMPSON", "POOLED_DIFFERS"]
    assert alerts["organisation_code"].tolist() == ["QYG", "QYG"]
    simpson = alerts["message"][0]
    assert "has a ratio below 1, and all of them together one above 1" in simpson
    # (65/250) / (38/250) = 1.71; (60*50/250 + 5*200/250) / (16*200/250 + 22*50/250) = 16/17.2.
    assert simpson.endswith("1.71 together, 0.93 by Mantel-Haenszel")
    pd.testing.assert_frame_equal(alerts, public)


def test_employers_and_pool_that_agree_raise_nothing():
    assert found(figures(ALIKE))[0].empty


def test_employers_that_point_both_ways_are_no_paradox():
    either = {"01T": (60, 200, 10, 50), "01V": (5, 50, 22, 200)}
    assert "SIMPSON" not in found(figures(either))[0]["code"].tolist()


def test_an_employer_where_one_group_alone_has_events_points_its_way():
    """No BME applicant of 01X is appointed: there is no ratio, and none that is below 1."""
    either = PARADOX | {"01X": (3, 10, 0, 10)}
    assert "SIMPSON" not in found(figures(either))[0]["code"].tolist()


def test_one_employer_with_events_is_no_paradox():
    one = figures({"01T": (60, 200, 16, 50), "01V": (0, 50, 0, 50)}, pooled=(60, 200, 3, 50))
    assert "SIMPSON" not in found(one)[0]["code"].tolist()


@pytest.mark.parametrize("row", range(4))
def test_nothing_is_published_where_a_row_involved_is_hidden(row):
    alerts, public = found(figures(PARADOX), hidden=[row])
    assert len(alerts) == 2
    assert public.empty


def test_a_tenth_is_no_difference_yet():
    """The pooled ratio is 2.00; estimates of 2.20 and 2.21 lie a tenth from it, and more."""
    for value, codes in ((2.2, []), (2.21, ["POOLED_DIFFERS"]), (1.79, ["POOLED_DIFFERS"])):
        frame = figures({"01T": (20, 100, 10, 100), "01V": (20, 100, 10, 100)})
        frame.loc[frame["part"].ne("all"), "value"] = value
        assert found(frame)[0]["code"].tolist() == codes
