"""Whom the counts of a published figure count, read off its key as the catalogue describes it.

Written apart from the product's own names: from standard, indicator, part, measure and groups.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.resources import reference

Figure = Mapping[str, Any]


class People(NamedTuple):
    """Whom a count counts; details are in the characteristic, as ``ethnicity:WHITE``."""

    population: str
    part: str
    characteristic: str
    group: str
    times: int = 1
    """How often each of them is counted: twice in a likelihood over two years."""


Four = tuple[People | None, People | None, People | None, People | None]
"""Of numerator, denominator and those compared; None: nobody, or the public."""

NOBODY: Four = (None, None, None, None)
EVERYBODY = People("workforce", "all", "", "ALL")
OF_STANDARD = {
    "WRES": "ethnicity", "WDES": "disability", "GPG": "sex", "EPG": "ethnicity",
    "DPG": "disability",
}  # fmt: skip
SURVEY = {
    "WRES": {"5", "6", "7", "8"},
    "WDES": {"4a_i", "4a_ii", "4a_iii", "4b", "5", "6", "7", "8", "9a"},
}
"""Indicators that count answers to the staff survey, under the rule of its owner."""
ESTIMATE = ":mantel_haenszel"
LAST_SNAPSHOT_OF_TWO_YEARS = date(2022, 3, 31)


PARENTS = {
    (row["characteristic"], row["category_code"]): row["group_code"]
    for row in reference("characteristic_value")
}
"""The group of each finer category, by characteristic and category."""
COARSE = {row["characteristic"]: row["coarse_characteristic"] for row in reference("coarse_group")}
"""What the coarse groups of a characteristic are groups of."""
QUESTIONS = {
    indicator: row["item"]
    for row in reference("survey_item")
    for indicator in row["indicators"].split("; ")
    if indicator
}
"""What the staff survey asks for an indicator, by standard and indicator, as ``WRES 5``."""


def is_survey(figure: Figure) -> bool:
    """Return whether a figure counts answers to the staff survey."""
    return figure["indicator"] in SURVEY.get(figure["standard"], ())


def knows(standard: str, indicator: str) -> bool:
    """Return whether it is known whom the figures of an indicator count."""
    is_survey_item = indicator in SURVEY.get(standard, ())
    return (
        is_survey_item or (standard, indicator) in _OF_RACE_AND_DISABILITY or standard in _OF_OTHERS
    )


def people(figure: Figure) -> Four:
    """Return whom each of the four counts of a figure, or of what stands behind it, counts.

    Raises:
        KeyError: nothing is known of the standard or the indicator.
    """
    standard, indicator = figure["standard"], figure["indicator"]
    if is_survey(figure):
        return _asked(figure)
    if standard in ("WRES", "WDES"):
        return _OF_RACE_AND_DISABILITY[standard, indicator](figure)
    return _OF_OTHERS[standard](figure)


def _asked(figure: Figure) -> Four:
    """Return who was asked; what they answered is told by the rule of the survey's owner."""
    standard, other = figure["standard"], figure["comparator_code"]
    everybody = People("survey_base", QUESTIONS[f"{standard} {figure['indicator']}"], "", "ALL")
    of_group = everybody._replace(characteristic=OF_STANDARD[standard])
    own = everybody
    if figure["group_code"] != "ALL":
        own = of_group._replace(group=figure["group_code"])
    return None, own, None, None if other is None else of_group._replace(group=other)


def _likelihood(figure: Figure, events: People, base: People | None) -> Four:
    """Return the counts of a rate, or of one likelihood against another."""
    own = events._replace(group=figure["group_code"])
    of = base and base._replace(group=figure["group_code"])
    other = figure["comparator_code"]
    if other is None:
        return own, of, None, None
    return own, of, own._replace(group=other), of and of._replace(group=other)


def _share(figure: Figure, population: str, characteristic: str) -> Four:
    """Return the counts of a group's share of a part, and of that against the workforce's."""
    own = People(population, figure["part"], characteristic, figure["group_code"])
    part = own._replace(characteristic="", group="ALL")
    if figure["measure"] == "share":
        return own, part, None, None
    return own, part, own._replace(population="workforce", part="all"), EVERYBODY


def _pay_row(figure: Figure) -> Four:
    return _share(figure, "workforce", OF_STANDARD[figure["standard"]])


def _board(figure: Figure) -> Four:
    return _share(figure, "board", OF_STANDARD[figure["standard"]])


def _appointed(figure: Figure, characteristic: str | None = None) -> Four:
    of = characteristic or OF_STANDARD[figure["standard"]]
    return _likelihood(
        figure, People("appointed", "all", of, ""), People("shortlisted", "all", of, "")
    )


def _cases(figure: Figure) -> Four:
    characteristic = OF_STANDARD[figure["standard"]]
    part = figure["part"].removesuffix(ESTIMATE)
    population = "disciplinary" if figure["standard"] == "WRES" else "capability_performance"
    if part == "ill_health":
        population = "capability_ill_health"
    window = part
    if part not in ("one_year", "two_year"):
        is_long = figure["period_end"] <= LAST_SNAPSHOT_OF_TWO_YEARS
        window = "two_year" if is_long else "one_year"
    staff = People("workforce:employee_relations", "all", characteristic, "")
    return _likelihood(
        figure,
        People(population, window, characteristic, ""),
        staff._replace(times=2) if window == "two_year" else staff,
    )


def _trained(figure: Figure) -> Four:
    staff = People("workforce:training", "all", "ethnicity", "")
    return _likelihood(figure, People("trained", "all", "ethnicity", ""), staff)


_OF_RACE_AND_DISABILITY: Mapping[tuple[str, str], Callable[[Figure], Four]] = {
    ("WRES", "1"): _pay_row, ("WRES", "2"): _appointed, ("WRES", "3"): _cases,
    ("WRES", "4"): _trained, ("WRES", "9"): _board,
    ("WDES", "1"): _pay_row, ("WDES", "2"): _appointed, ("WDES", "3"): _cases,
    ("WDES", "10"): _board, ("WDES", "9b"): lambda _: NOBODY,
}  # fmt: skip


def _flow(figure: Figure) -> Four:
    indicator, part, group = figure["indicator"], figure["part"], figure["group_code"]
    part = part.removesuffix(ESTIMATE)
    if indicator == "appointment":
        return _appointed(figure, part)
    if indicator == "leaving_reason":
        of = ("", "ALL") if part == "all" else ("ethnicity", part)
        return People("leavers", f"reason:{group}", *of), People("leavers", "all", *of), None, None
    population, base = {
        "starters": ("starters", None),
        "leavers": ("leavers", None),
        "promotions": ("promoted", "workforce"),
        "attrition": ("leavers", "workforce:movers"),
        "exit_interview": ("exit_interviewed", "leavers"),
    }[indicator]
    if figure["measure"] == "count":
        characteristic = "" if part == "all" else part
        return People(population, "all", characteristic, group), None, None, None
    of_base = People(base, "all", part, "") if base else None
    return _likelihood(figure, People(population, "all", part, ""), of_base)


def _pay(figure: Figure) -> Four:
    standard, indicator, group = (figure[name] for name in ("standard", "indicator", "group_code"))
    characteristic = OF_STANDARD[standard]
    part = figure["part"].removeprefix("illustrative").removeprefix(":") or "all"
    if indicator == "bonus_share":
        bonus = People("bonus", part, characteristic, group)
        return bonus, bonus._replace(population="pay"), None, None
    if indicator.startswith("quarter_"):
        own = People("full_pay", indicator.replace("_", ":"), characteristic, group)
        # Whose sex is not known is in no quarter by sex.
        of = own._replace(group="KNOWN")
        if standard != "GPG":
            of = own._replace(characteristic="", group="ALL")
        return own, of, None, None
    population = "bonus" if indicator.endswith("_bonus") else "full_pay"
    own, other = (
        People(population, part, characteristic, group),
        People(population, part, characteristic, figure["comparator_code"]),
    )
    if part == "detail":
        own, other = (
            of._replace(
                part="all", characteristic=f"{characteristic}:{PARENTS[characteristic, of.group]}"
            )
            for of in (own, other)
        )
    return own, None, other, None


def _disparity(figure: Figure) -> Four:
    lower, _, higher = figure["indicator"].partition("_to_")
    side = "" if figure["part"] == "all" else f"{figure['part']}:"
    white, bme = (People("workforce", "", "ethnicity", group) for group in ("WHITE", "BME"))
    low, high = f"{side}tier_{lower}", f"{side}tier_{higher}"
    return (
        white._replace(part=high),
        white._replace(part=low),
        bme._replace(part=high),
        bme._replace(part=low),
    )


def _model_employer(figure: Figure) -> Four:
    bme = People("workforce", figure["part"], "ethnicity", "BME")
    everybody = EVERYBODY._replace(part=figure["part"])
    workforce = bme._replace(part="all")
    return bme, everybody, workforce, workforce._replace(group="KNOWN")


def _profile(figure: Figure) -> Four:
    characteristic, part, group = (figure[name] for name in ("indicator", "part", "group_code"))
    if figure["measure"] == "headcount":
        return EVERYBODY, None, None, None
    if part == "all":
        return EVERYBODY._replace(characteristic=characteristic, group=group), EVERYBODY, None, None
    if part == "detail":
        if group != "UNKNOWN":
            characteristic = f"{characteristic}:{PARENTS[characteristic, group]}"
        return EVERYBODY._replace(characteristic=characteristic, group=group), EVERYBODY, None, None
    of = EVERYBODY._replace(part="all" if part == "coarse" else part)
    return of._replace(characteristic=COARSE[characteristic], group=group), of, None, None


def _declaration(figure: Figure) -> Four:
    characteristic, group = figure["indicator"], figure["group_code"]
    own = EVERYBODY._replace(characteristic=characteristic, group=group)
    if figure["part"] == "unknown_kind":
        base = own._replace(group="UNKNOWN")
        return own._replace(characteristic=f"{characteristic}:UNKNOWN"), base, None, None
    return own, EVERYBODY, None, None


def _census(figure: Figure) -> Four:
    own = EVERYBODY._replace(characteristic=figure["indicator"], group=figure["group_code"])
    base = EVERYBODY if figure["part"].endswith(":all_staff") else own._replace(group="KNOWN")
    return own, base, None, None


_OF_OTHERS: Mapping[str, Callable[[Figure], Four]] = {
    "GPG": _pay, "EPG": _pay, "DPG": _pay, "RDR": _disparity, "FLOW": _flow, "PSED": _profile,
    "DECLARATION": _declaration, "CENSUS": _census, "MODEL_EMPLOYER": _model_employer,
    "EDS": lambda _: NOBODY, "ACTIONS": lambda _: NOBODY, "DUTIES": lambda _: NOBODY,
}  # fmt: skip
