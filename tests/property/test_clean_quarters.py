"""Clean quarters raise no more alarms than the rules of chance promise; fixed seeds.

Nothing is wrong in these quarters, so every alarm is a false one. The frames are the product's own
SQL, on tables of simulated staff who persist, join and leave (``tests/quarters.py``).
"""

import numpy as np
import pytest
from quarters import alarms, employer, warehouse

from pipeline.quality.rules import load_rules

CHANCE = [rule.code for rule in load_rules() if rule.is_chance]
QUARTERS = 1000
CCGS = (67, 72, 79, 97, 105, 129, 163, 235, 270)
SOME = {(60, 0.99), (163, 0.80), (270, 0.95)}
"""Kinds of series that are slow; the others are long."""
RATES = (0.95, 0.90, 0.99, 0.80, 0.85, 0.80, 0.97)
"""Staff of nine CCGs, and rates of seven characteristics, about as the sample has them."""


def false_alarms(found):
    """Return the quarters in which any rule of chance alarms."""
    return set().union(*(set(found[code]["period_end"]) for code in CHANCE))


@pytest.mark.parametrize(("staff", "rate"), [(60, 0.80), (163, 0.95), (270, 0.99)])
def test_one_series_alarms_in_less_than_one_quarter_in_a_hundred(staff, rate):
    rng = np.random.default_rng(20220331)
    found = alarms(warehouse([employer(rng, "01T", staff, [rate], QUARTERS)], 1))
    assert len(false_alarms(found)) < QUARTERS / 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("staff", "rate"),
    [
        pytest.param(staff, rate, marks=[] if (staff, rate) in SOME else [pytest.mark.long])
        for staff in (60, 163, 270, 900)
        for rate in (0.80, 0.95, 0.99)
    ],
)
def test_so_does_every_kind_of_series(staff, rate):
    # One chance difference between directorates stays as long as the people do: several series.
    rng = np.random.default_rng(1)
    series = 6
    alarmed = [
        len(false_alarms(alarms(warehouse([employer(rng, "01T", staff, [rate], QUARTERS)], 1))))
        for _ in range(series)
    ]
    assert sum(alarmed) < series * QUARTERS / 100


@pytest.mark.slow
def test_nine_employers_and_seven_characteristics_alarm_in_one_run_of_twenty_at_most():
    runs, alarmed = 0, 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        staff = [employer(rng, f"E{place}", size, RATES, 101) for place, size in enumerate(CCGS)]
        found = alarms(warehouse(staff, len(RATES)))
        runs += 100
        alarmed += len(false_alarms(found))
    assert alarmed <= runs / 20


def test_what_is_not_clean_alarms():
    """Half of the newest joiners were not asked, and a quarter of a directorate is not any more."""
    rng = np.random.default_rng(20220331)
    person = employer(rng, "01T", 900, [0.95], 20)
    newest = person["period_end"].max()
    joined = person.groupby("person")["period_end"].transform("min").eq(newest)
    part = person["directorate"].eq("Finance") & person["person"].mod(4).eq(0)
    wrong = (joined & person["person"].mod(2).eq(0)) | (part & person["period_end"].eq(newest))
    found = alarms(warehouse([person.assign(kind_0=person["kind_0"].mask(wrong, 2))], 1))
    for code in ("JOINERS_DECLARE_LESS", "DECLARATION_DIFFERS_BY_DIRECTORATE", "KNOWN_TO_UNKNOWN"):
        assert newest in set(found[code]["period_end"]), code
    assert set(found["DECLARATION_DIFFERS_BY_DIRECTORATE"]["part"]) == {"directorate:Finance"}
