"""What bodies tell of themselves, at random: movers, survey, EDS, duties and action plans."""

from datetime import date, timedelta
from random import Random

from inbox import Row, action_row, duty_row, eds_row, mover_rows, survey_row

REASONS = (
    "Voluntary Resignation - Promotion", "Retirement Age", "Dismissal - Conduct",
    "Employee Transfer", "Redundancy - Compulsory", "End of Fixed Term Contract",
    "Death in Service", "Other", "Unknown", "",
)  # fmt: skip
ITEMS = {
    2020: ("Q13a", "Q13b", "Q13c", "Q13b/c", "Q13d", "Q14", "Q15b", "Q11e", "Q5f", "Q26b"),
    2021: ("Q14a", "Q14b", "Q14c", "Q14b/c", "Q14d", "Q15", "Q16b", "Q11e", "Q4b", "Q28b"),
}
"""Numbers of the items by the year of the survey."""
GROUPS = ("White", "BME", "Yes", "No", "All")
OUTCOMES_OF_EDS2 = [
    f"{goal}.{n}" for goal, last in ((1, 5), (2, 4), (3, 6), (4, 3)) for n in range(1, last + 1)
]
SERVICES = ("Maternity", "Diabetes", "Cardiac Rehabilitation", "Community")
KINDS = (
    "EDS Report", "Pay Gap Report", "WDES Report", "WRES Report", "PSED Information",
    "Equality Objectives", "Accessible Information", "Modern Slavery", "Provider Audit",
)  # fmt: skip
PROVIDERS = ("RBN", "REM", "RWW")
# Of each standard indicators with a gap, one without (WRES 1, WDES 8) and one that there is not.
NAMED = {
    "WRES": ("1", "2", "3", "4", "5", "7", "9", "99"),
    "WDES": ("2", "3", "4a_i", "6", "8", "9b", "10"),
    "GPG": ("mean_hourly", "median_hourly", "mean_bonus", "median_bonus", "quarter_1"),
    "EPG": ("mean_hourly", "median_bonus"),
    "DPG": ("median_hourly",),
    "RDR": ("lower_to_middle", "lower_to_upper", "middle_to_upper"),
    "PSED": ("sex",),
    "EDS": ("eds2_outcome",),
}
STATUSES = ("Open", "In Progress", "Complete", "Cancelled")


def before(random: Random, period: str, days: int) -> str:
    """Return one of the days up to a snapshot, the snapshot itself among them."""
    return (date.fromisoformat(period) - timedelta(days=random.randrange(days))).isoformat()


def movers(
    random: Random, numbers: list[int], period: str, said: dict[str, tuple[str, ...]]
) -> list[Row]:
    """Return movements of some people; who came or went may have done so twice.

    Args:
        random: what decides.
        numbers: the people of the employer; some more have left it.
        period: the snapshot.
        said: what a record may say, by ethnic_origin, disability and gender.
    """
    chosen = [number for number in (*numbers, *range(900, 905)) if random.random() < 0.4]
    found: dict[tuple[str, ...], Row] = {}
    for number in chosen + chosen[:2]:
        movement = random.choice(("Starter", "Leaver", "Leaver"))
        is_leaver = movement == "Leaver"
        (row,) = mover_rows(
            {(movement, random.choice(said["ethnic_origin"])): 1},
            number,
            date=before(random, period, 365),
            disability=random.choice(said["disability"]),
            gender=random.choice(said["gender"]),
            leaving_reason=random.choice(REASONS) if is_leaver else "",
            exit_interview=random.choice(("Yes", "No", "")) if is_leaver else "",
        )
        found[row["Employee Number"], movement, row["Movement Date"]] = row
    return list(found.values())


def survey(random: Random, year: int, codes: str) -> list[Row]:
    """Return results of the survey of a year, of one body or of several.

    Args:
        random: what decides.
        year: the year of the survey.
        codes: blank, or the bodies that took part together.
    """
    found = []
    for item in (*ITEMS[year], "Engagement"):
        for group in GROUPS:
            # Adjustments are asked of people with a condition alone.
            if random.random() < 0.2 or (item == ITEMS[year][-1] and group != "Yes"):
                continue
            base = random.choice((0, 1, 7, 12, 40, 181))
            told = {"score": f"{random.randrange(0, 1001) / 100}"}
            if item != "Engagement":
                is_percent = base > 0 and random.random() < 0.3
                count = random.randint(0, base)
                told = {"percent": f"{100 * count / base:.1f}"} if is_percent else {}
                told |= {} if is_percent else {"count": str(count)}
            more = {"survey_year": str(year), "organisation_codes": codes}
            more |= {"weighted": random.choice(("No", "No", "No", "No", "", "Yes"))}
            found.append(survey_row(item, group, base, **told, **more))
    return found


def eds(random: Random) -> list[Row]:
    """Return grades of EDS2, scores of EDS 2022, or both; some outcomes are left out."""
    found = []
    frameworks = random.choice((("EDS2",), ("EDS2022",), ("EDS2", "EDS2022")))
    left_out = random.choice((0, 0, 0.2))
    if "EDS2" in frameworks:
        found += [eds_row(outcome, random.randrange(10)) for outcome in OUTCOMES_OF_EDS2]
    if "EDS2022" in frameworks:
        for service in random.sample(SERVICES, random.randrange(4)):
            found += [
                eds_row(f"1{letter}", random.randrange(4), service=service) for letter in "ABCD"
            ]
        outcomes = ("2A", "2B", "2C", "2D", "3A", "3B", "3C")
        found += [eds_row(outcome, random.randrange(4)) for outcome in outcomes]
    return [row for row in found if random.random() >= left_out]


def duties(random: Random, code: str, period: str) -> list[Row]:
    """Return documents of a body and of its providers, and impact assessments."""
    found = []
    for number in range(random.randrange(9)):
        kind = random.choice(KINDS)
        is_own = kind != "Provider Audit" and random.random() < 0.8
        done = random.choice((before(random, period, 500), before(random, period, 40), ""))
        due = (date.fromisoformat(period) + timedelta(days=random.randint(-500, 200))).isoformat()
        found.append(
            duty_row(
                f"D{number}",
                kind,
                code if is_own else random.choice(PROVIDERS),
                due_date=random.choice((due, "")),
                completed_date=done,
                published_address=random.choice(("https://example.org/report", "")),
            )
        )
    for number in range(random.randrange(4)):
        found.append(
            duty_row(
                f"I{number}",
                "Impact Assessment",
                code,
                completed_date=random.choice((before(random, period, 150), "")),
                decision_date=random.choice((before(random, period, 150), "")),
                characteristics_considered=random.choice(("", "0", "7", "9")),
            )
        )
    return found


def actions(random: Random, period: str) -> list[Row]:
    """Return the actions of a plan; the same references stand in it a year later."""
    found = []
    for number in range(random.randrange(8)):
        standard = random.choice(tuple(NAMED))
        found.append(
            action_row(
                f"A/{number}",
                standard,
                indicator=random.choice(("", *NAMED[standard])),
                status=random.choice(STATUSES),
                due_date=(
                    date.fromisoformat(period) + timedelta(days=random.randint(-200, 200))
                ).isoformat(),
                updated=random.choice((before(random, period, 500), "", "")),
            )
        )
    return found
