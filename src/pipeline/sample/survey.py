"""The staff survey of the autumn before a snapshot: results by item and group.

Item numbers are those that the questionnaires of 2020 and 2021 printed. Every answer is drawn for
one respondent, so that the groups of an item fit together; the rates are invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SHARING, Employer, Style
from pipeline.sample.formats import Cell, Row
from pipeline.sample.payroll import Stock
from pipeline.sample.people import Person, is_bme, is_unknown_ethnicity
from pipeline.sample.years import Year

_HEAD = ("Survey Year", "Item", "Breakdown", "Group", "Base")
_TAIL = ("Score", "Weighted")
JOINT_COLUMN = "Organisation Codes"
_AS_PERCENT = (Style.WORKBOOK, Style.UNICODE_TEXT)

RESPONSE = {False: 720, True: 560}
"""Of a CCG's and of a trust's workforce, in thousandths."""
ANSWERS = 965
"""Respondents who answer an item, in thousandths."""
CONDITION = {"Yes": 900, "No": 170}
"""Who reports a long-term condition, by what the staff record says of a disability."""
CONDITION_UNSTATED = 40

_PRINTED: dict[str, dict[int, str]] = {
    "public": {2020: "Q13a", 2021: "Q14a"},
    "managers": {2020: "Q13b", 2021: "Q14b"},
    "colleagues": {2020: "Q13c", 2021: "Q14c"},
    "staff": {2020: "Q13b/c", 2021: "Q14b/c"},
    "reported": {2020: "Q13d", 2021: "Q14d"},
    "career": {2020: "Q14", 2021: "Q15"},
    "discrimination": {2020: "Q15b", 2021: "Q16b"},
    "pressure": {2020: "Q11e", 2021: "Q11e"},
    "valued": {2020: "Q5f", 2021: "Q4b"},
    "adjustments": {2020: "Q26b", 2021: "Q28b"},
}
ENGAGEMENT = "Engagement"

# Who says yes, in thousandths: White staff, and what is added for BME staff and for a condition.
RATES = {
    "public": (110, 30, 60),
    "managers": (85, 40, 60),
    "colleagues": (130, 60, 60),
    "reported": (480, -20, 10),
    "career": (620, -170, -80),
    "discrimination": (55, 90, 50),
    "pressure": (180, 40, 90),
    "valued": (520, -30, -90),
    "adjustments": (740, -30, 0),
}
UNWELL = 450
"""Respondents who came to work unwell, of whom alone the pressure is asked, in thousandths."""
NEED_ADJUSTMENTS = 600
HARASSED = ("public", "managers", "colleagues")


@dataclass(frozen=True, slots=True)
class _Respondent:
    """One who took part: the groups, the items answered yes or no, and the score in tenths."""

    groups: frozenset[tuple[str, str]]
    answers: dict[str, bool]
    score: int


GROUPS = (
    ("Ethnicity", "White"),
    ("Ethnicity", "BME"),
    ("Long-Term Condition", "Yes"),
    ("Long-Term Condition", "No"),
    ("All", "All"),
)


def columns(employer: Employer) -> tuple[str, ...]:
    """Return the headings that the employer sends."""
    result = "Percent" if employer.style in _AS_PERCENT else "Count"
    joint = (JOINT_COLUMN,) if employer.code in SHARING else ()
    return (*_HEAD, result, *_TAIL, *joint)


def surveyed(year: Year, of_other: Stock) -> tuple[str, list[Person]]:
    """Return who is surveyed: a name for the draws, and the people, each once.

    ``of_other`` are the employees of the CCG with which the employer takes part together.
    """
    together = year.employer.code in SHARING
    name = "/".join(SHARING) if together else year.employer.code
    stocks = [year.stock, of_other] if together else [year.stock]
    if together and year.employer.code != SHARING[0]:
        stocks.reverse()
    found = {
        one.person.nhs_unique_id: one.person for stock in stocks for one in stock if one.counted
    }
    return name, list(found.values())


def rows(year: Year, of_other: Stock) -> Iterator[Row]:
    """Yield a row for each item and group in which anybody answered."""
    survey_year = year.snapshot.year - 1
    name, people = surveyed(year, of_other)
    draws = Draws(year.seed, name, "survey", str(survey_year))
    took_part = draws.shuffled(draws.chosen([RESPONSE[year.employer.is_trust]] * len(people)))
    found = [
        _respondent(draws, person) for person, took in zip(people, took_part, strict=True) if took
    ]
    joint: list[Cell] = [name] if year.employer.code in SHARING else []
    for breakdown, group in GROUPS:
        members = [one for one in found if (breakdown, group) in one.groups]
        for item, printed in _PRINTED.items():
            # Adjustments are asked of people with a condition alone.
            if item == "adjustments" and (breakdown, group) != ("Long-Term Condition", "Yes"):
                continue
            answered = [one.answers[item] for one in members if item in one.answers]
            if answered:
                result = _result(year.employer, answered)
                place: Row = [survey_year, printed[survey_year], breakdown, group, len(answered)]
                yield [*place, result, "", "No", *joint]
        if members:
            score = round(sum(one.score for one in members) * 10 / len(members)) / 100
            place = [survey_year, ENGAGEMENT, breakdown, group, len(members)]
            yield [*place, "", score, "No", *joint]


def _result(employer: Employer, answered: Sequence[bool]) -> Cell:
    count, base = sum(answered), len(answered)
    if employer.style in _AS_PERCENT:
        return (2000 * count + base) // (2 * base) / 10
    return count


def _respondent(draws: Draws, person: Person) -> _Respondent:
    bme = is_bme(person.ethnic_origin)
    condition = draws.happens(CONDITION.get(person.disability, CONDITION["No"]))
    groups = {("All", "All")}
    if not is_unknown_ethnicity(person.ethnic_origin):
        groups.add(("Ethnicity", "BME" if bme else "White"))
    if not draws.happens(CONDITION_UNSTATED):
        groups.add(("Long-Term Condition", "Yes" if condition else "No"))
    asked = set(RATES)
    if not draws.happens(UNWELL):
        asked.remove("pressure")
    if not condition or not draws.happens(NEED_ADJUSTMENTS):
        asked.remove("adjustments")
    answers = {
        item: draws.happens(rate + for_bme * bme + for_condition * condition)
        for item, (rate, for_bme, for_condition) in RATES.items()
        if item in asked and draws.happens(ANSWERS)
    }
    if "managers" in answers and "colleagues" in answers:
        answers["staff"] = answers["managers"] or answers["colleagues"]
    if not any(answers.get(item) for item in HARASSED):
        answers.pop("reported", None)
    score = 45 + draws.below(50) - 5 * condition
    return _Respondent(frozenset(groups), answers, score)
