"""Protection of ratios: estimates over employers, headcounts of two years, who sent a source."""

from datetime import date

import pandas as pd
import pytest
from cells import ICB, figure, frame, members, policy

from pipeline.protect.figures import protect

NAMES = {
    "numerator": "appointed/all/ethnicity/WHITE",
    "denominator": "shortlisted/all/ethnicity/WHITE",
    "comparator_numerator": "appointed/all/ethnicity/BME",
    "comparator_denominator": "shortlisted/all/ethnicity/BME",
}
LARGE = {"01T": (60, 200, 16, 50), "01V": (50, 300, 22, 200), "01X": (40, 90, 30, 80)}


def likelihoods(employers):
    """Return the relative likelihood of each employer and of all together, with the estimate."""
    pooled = tuple(map(sum, zip(*employers.values(), strict=True)))
    rows = [_row(code, counts) for code, counts in (*employers.items(), (ICB, pooled))]
    rows.append(_row(ICB, pooled) | {"part": "all:mantel_haenszel"})
    return frame(rows)


def _row(code, counts):
    pairs = zip(NAMES.items(), counts, strict=True)
    return figure(code, **{count: (name, number) for (count, name), number in pairs})


def protected(rows, *codes):
    return protect(rows, members(dict.fromkeys((*codes, ICB))), policy())


def test_the_estimate_is_shown_where_every_employer_is():
    decided, published = protected(likelihoods(LARGE), *LARGE)
    assert published["status"].tolist() == ["ok"] * 5
    assert decided["disclosure"].tolist() == ["NONE"] * 5


def test_the_estimate_is_hidden_with_the_row_of_one_employer():
    """Two employers with few BME appointed are hidden; the pooled counts may be told."""
    employers = LARGE | {"01V": (50, 300, 7, 200), "01X": (40, 90, 6, 80)}
    decided, published = protected(likelihoods(employers), *employers)
    assert published["status"].tolist() == ["ok", *["suppressed"] * 2, "ok", "suppressed"]
    estimate = published.iloc[4]
    assert pd.isna(estimate["value"])
    assert (estimate["reason"], estimate["disclosure"]) == ("SUPPRESSED", "SUPPRESSED")
    assert decided["disclosure"].tolist()[3:] == ["NONE", "SECONDARY"]
    assert decided["value"].notna().all()


@pytest.mark.parametrize(("headcount", "shown"), [(9, False), (12, True)])
def test_a_headcount_of_two_years_is_hidden_where_the_headcount_is(headcount, shown):
    """Twice nine is eighteen, and gives the nine."""
    name = "workforce{}:employee_relations/all/ethnicity/BME"
    rows = frame(
        [
            figure(denominator=(name.format(""), headcount)),
            figure(denominator=(name.format("_two_year"), 2 * headcount)),
        ]
    )
    _, published = protected(rows)
    assert published["denominator"].notna().tolist() == [shown] * 2


def test_staff_of_the_one_employer_that_did_not_send_do_not_follow():
    """Of 60 BME staff of the ICB, 52 are of employers that sent their training: 8 are not."""
    rows = frame(
        [
            figure(ICB, numerator=("workforce/all/ethnicity/BME", 60)),
            figure(ICB, numerator=("workforce:training/all/ethnicity/BME", 52)),
        ]
    )
    _, published = protected(rows)
    assert published["numerator"].notna().sum() == 1


def test_where_all_employers_sent_it_their_staff_are_the_workforce():
    """A workforce that is hidden is hidden under its other name too."""
    people = "{}/all/ethnicity/{}"
    rows = frame(
        [
            figure(numerator=("workforce/all//ALL", 120)),
            *(
                figure(numerator=(people.format(population, group), number))
                for population in ("workforce", "workforce:training")
                for group, number in (("WHITE", 90), ("BME", 23), ("UNKNOWN", 7))
            ),
        ]
    )
    _, published = protected(rows)
    shown = published["numerator"].notna().tolist()
    assert shown[0]
    assert shown[1:4] == shown[4:]
    assert (sum(shown[1:4]), shown[3]) == (1, False)


def test_answers_to_the_survey_are_hidden_with_their_base_alone():
    rows = frame(
        [
            figure(
                numerator=(f"survey/valued/disability/{group}", answers),
                denominator=(f"survey_base/valued/disability/{group}", base),
            )
            for group, answers, base in (("DISABLED", 3, 9), ("NON_DISABLED", 3, 40))
        ]
    )
    _, published = protected(rows)
    assert published["status"].tolist() == ["suppressed", "ok"]
    assert published["numerator"].isna().tolist() == [True, False]


@pytest.mark.parametrize(("before", "status"), [(9, "suppressed"), (10, "ok")])
def test_a_value_that_rests_on_an_earlier_count_is_hidden_with_it(before, status):
    """A target worked out from 9 people a year ago would give them back."""
    name = "workforce/tier_upper/ethnicity/BME"
    earlier = figure(numerator=(name, before)) | {"period_end": date(2021, 3, 31), "since": None}
    now = figure(numerator=(name, 40)) | {"since": date(2021, 3, 31)}
    decided, published = protect(frame([earlier, now]), {}, policy())
    assert published["status"].tolist()[1] == status
    assert decided["status"].tolist()[1] == "ok"
    assert pd.isna(published["value"].tolist()[1]) == (status == "suppressed")
