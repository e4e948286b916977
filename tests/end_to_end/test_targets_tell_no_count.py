"""Targets of senior bands against a reader who wants the hidden count of unknown ethnicity."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from cells import policy
from counting import figures
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox
from value_attacker import Target, possible_bases

from pipeline.protect.figures import protect

BASELINE, SNAPSHOT = "2021-03-31", "2022-03-31"
EMPLOYEES = {"staff": {WHITE: 45, BME: 135}, "band_8a": {WHITE: 45, BME: 45}}
BME_STAFF, BME_OF_8A = 180, 45
ALL_OF_8A = 90
WAYS = {"parity": Fraction(1), "line_2025": Fraction(1, 4), "line_2028": Fraction(1, 7)}
"""The part of the way to parity that is gone a year after the baseline."""
BAND_8A = {"pay_scale": "NHS|XR08|Review Body Band 8 - Range A"}


def inbox_with(folder: Path, of_unknown_ethnicity: int) -> Path:
    """Write an employer with most BME staff, the same at both snapshots."""
    staff = staff_rows({**EMPLOYEES["staff"], UNKNOWN: of_unknown_ethnicity})
    staff += staff_rows(EMPLOYEES["band_8a"], first=501, **BAND_8A)
    for period in (BASELINE, SNAPSHOT):
        write_inbox(folder, period, "01T", "esr_staff", staff)
    return folder


def unknowns(frame: pd.DataFrame, of_unknown_ethnicity: int) -> set[int]:
    """Return how many of unknown ethnicity there may be, to who reads the targets of band 8a."""
    everybody = 270 + of_unknown_ethnicity
    of_band = frame[frame["standard"].eq("MODEL_EMPLOYER") & frame["part"].eq("band_8a")]
    own = of_band[of_band["period_end"].eq(date.fromisoformat(SNAPSHOT))]
    targets = [
        Target(row.value, ALL_OF_8A, BME_OF_8A, WAYS[row.indicator])
        for row in own[own["value"].notna()].itertuples()
    ]
    bases = possible_bases(BME_STAFF, everybody, targets)
    return {everybody - base for base in bases}


@pytest.fixture(scope="module", params=[5, 12])
def run(request, module_folders):
    """Return how many are of unknown ethnicity, and the figures before and after protection."""
    folder = inbox_with(module_folders.mktemp("targets"), request.param)
    assessed = figures(folder).assessed
    own = assessed[assessed["level"].eq("employer")].reset_index(drop=True)
    _, published = protect(own, {}, policy())
    return request.param, own, published


def ethnicity(published: pd.DataFrame) -> dict[str, object]:
    rows = published[
        published["standard"].eq("PSED")
        & published["indicator"].eq("ethnicity")
        & published["part"].eq("all")
        & published["period_end"].eq(date.fromisoformat(BASELINE))
    ]
    return dict(zip(rows["group_code"], rows["numerator"].notna(), strict=True))


def test_who_is_of_unknown_ethnicity_follows_from_no_target(run):
    """Five are hidden, with another group beside them; twelve are told, and so are targets."""
    people, _, published = run
    is_told = people >= policy().threshold
    told = ethnicity(published)
    assert told["ALL"]
    assert told["UNKNOWN"] == is_told
    assert (told["BME"] and told["WHITE"]) == is_told
    possible = unknowns(published, people)
    assert (max(possible) >= policy().threshold) and people in possible
    assert (possible == set(range(91 + people))) == (not is_told)


def test_targets_without_protection_would_tell_how_many_are_few(run):
    people, assessed, _ = run
    assert people in unknowns(assessed, people)
    assert len(unknowns(assessed, people)) <= 2
