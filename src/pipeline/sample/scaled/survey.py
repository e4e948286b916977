"""Results of the staff survey of an employer, counted over respondents drawn all at once."""

from collections.abc import Iterator

import numpy as np

from pipeline.resources import reference
from pipeline.sample import survey
from pipeline.sample.employers import Employer
from pipeline.sample.formats import Row
from pipeline.sample.people import is_bme, is_unknown_ethnicity
from pipeline.sample.scaled.draws import ColumnDraws, Marks
from pipeline.sample.scaled.staff import Staff

_ITEMS = {
    "public": "harassment_public",
    "managers": "harassment_managers",
    "colleagues": "harassment_colleagues",
    "staff": "harassment_staff",
    "reported": "harassment_reported",
    "career": "equal_opportunities",
    "discrimination": "discrimination_staff",
    "pressure": "pressure_unwell",
    "valued": "valued",
    "adjustments": "adjustments",
}
"""The items of the sample, as the reference calls them."""
COLUMNS = ("Survey Year", "Item", "Breakdown", "Group", "Base", "Count", "Score", "Weighted")


def results(
    draws: ColumnDraws, employer: Employer, staff: Staff, survey_year: int
) -> Iterator[Row]:
    """Yield a row for each item and group in which anybody answered; none of an unlisted year."""
    printed = {
        row["item"]: row["printed_item"]
        for row in reference("survey_item")
        if row["survey_year"] == str(survey_year) and row["printed_item"].startswith("Q")
    }
    counted = staff[staff.counted & ~staff.second]
    took = counted[draws.happens(survey.RESPONSE[employer.is_trust], len(counted))]
    if not printed or not len(took):
        return
    groups, bme, condition = _groups(draws, took)
    answers = _answers(draws, bme, condition)
    score = 45 + draws.below(50, len(took)) - 5 * condition
    for breakdown, group in survey.GROUPS:
        members = groups[breakdown, group]
        for item, (asked, said) in answers.items():
            if item == "adjustments" and (breakdown, group) != ("Long-Term Condition", "Yes"):
                continue
            if base := int((asked & members).sum()):
                yes, name = int((said & asked & members).sum()), printed[_ITEMS[item]]
                yield [survey_year, name, breakdown, group, base, yes, "", "No"]
        if base := int(members.sum()):
            mean = int((2000 * score[members].sum() + base) // (2 * base)) / 10_000
            row: Row = [survey_year, survey.ENGAGEMENT, breakdown, group, base, ""]
            yield [*row, round(mean, 2), "No"]


def _groups(draws: ColumnDraws, took: Staff) -> tuple[dict[tuple[str, str], Marks], Marks, Marks]:
    """Return who is in each group, who is BME and who has a long-term condition."""
    count, codes = len(took), took.ethnic.tolist()
    bme = np.array([is_bme(code) for code in codes])
    known = np.array([not is_unknown_ethnicity(code) for code in codes])
    chance = np.where(took.disability == "Yes", *survey.CONDITION.values())
    condition = draws.happens(chance, count)
    stated = ~draws.happens(survey.CONDITION_UNSTATED, count)
    groups = {
        ("Ethnicity", "White"): known & ~bme,
        ("Ethnicity", "BME"): bme,
        ("Long-Term Condition", "Yes"): stated & condition,
        ("Long-Term Condition", "No"): stated & ~condition,
        ("All", "All"): np.ones(count, dtype=np.bool_),
    }
    return groups, bme, condition


def _answers(draws: ColumnDraws, bme: Marks, condition: Marks) -> dict[str, tuple[Marks, Marks]]:
    """Return for each item who answered it and who said yes."""
    count = len(bme)
    found = {
        item: (
            draws.happens(survey.ANSWERS, count),
            draws.happens(rate + for_bme * bme + for_condition * condition, count),
        )
        for item, (rate, for_bme, for_condition) in survey.RATES.items()
    }

    def asked_of(item: str, marks: Marks) -> None:
        answered, said = found[item]
        found[item] = answered & marks, said

    asked_of("pressure", draws.happens(survey.UNWELL, count))
    asked_of("adjustments", condition & draws.happens(survey.NEED_ADJUSTMENTS, count))
    both = [found["managers"], found["colleagues"]]
    found["staff"] = both[0][0] & both[1][0], both[0][1] | both[1][1]
    harassed = np.logical_or.reduce([np.logical_and(*found[item]) for item in survey.HARASSED])
    asked_of("reported", harassed)
    return found
