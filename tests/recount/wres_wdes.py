"""The Workforce Race Equality Standard and the Workforce Disability Equality Standard.

Source: NHS England, technical guidance of both standards.
"""

from collections import Counter
from fractions import Fraction

from recount import survey
from recount.cases import cases, observed, trained
from recount.extracts import Extracts
from recount.representation import (
    DISABILITY,
    ETHNICITY,
    Figures,
    Groups,
    boards,
    group_of,
    rows_of_pay,
)
from recount.values import MISSING, Figure, difference, ratio, rounded, share

STANDARDS = ("WRES", "WDES")

Four = tuple[int, int, int, int]
LAST_OF_TWO_YEARS = "2022-03-31"
CASES = (
    (ETHNICITY, "all", "disciplinary"),
    (DISABILITY, "all", "capability - performance"),
    (DISABILITY, "ill_health", "capability - ill health"),
)
ASKED = (
    (ETHNICITY, {"5": "public", "6": "staff", "7": "opportunities", "8": "discrimination"}),
    (
        DISABILITY,
        {
            "4a_i": "public", "4a_ii": "managers", "4a_iii": "colleagues", "4b": "reported",
            "5": "opportunities", "6": "pressure", "7": "valued", "8": "adjustments",
        },
    ),
)  # fmt: skip


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Figures:
    """Return every figure of the standards, for one organisation and snapshot."""
    people = extracts.people(period, members)
    for groups in (ETHNICITY, DISABILITY):
        yield from rows_of_pay(groups, people)
        yield from boards(groups, extracts, (period, level, organisation), people)
    yield from _survey(extracts, period, level, members)
    yield from _voices(extracts, period, members)
    pooled = _likelihoods(extracts, period, members)
    employers = members if level != "employer" else ()
    each = [_likelihoods(extracts, period, [code]) for code in employers]
    for (standard, indicator, part), (groups, counts) in pooled.items():
        for group in groups.all:
            rate = share(*counts[group]) if counts else MISSING
            yield (standard, indicator, part, "rate", group, ""), rate
        # The standards put the other group first where it is better to have more of it.
        turned = (standard, indicator) in (("WRES", "2"), ("WRES", "4"), ("WDES", "2"))
        pair = (groups.other, groups.own) if turned else (groups.own, groups.other)
        four = (*counts[pair[0]], *counts[pair[1]]) if counts else None
        yield (
            (standard, indicator, part, "relative_likelihood", *pair),
            (ratio(*four) if four else MISSING),
        )
        own = [found[standard, indicator, part][1] for found in each]
        strata = [(*one[pair[0]], *one[pair[1]]) for one in own if one]
        if four and len(strata) > 1:
            key = (standard, indicator, f"{part}:mantel_haenszel", "ratio", *pair)
            yield key, _within_employers(four, strata)


def _within_employers(pooled: Four, strata: list[Four]) -> Figure:
    usable = [(a, n, b, m) for a, n, b, m in strata if n and m]
    above = sum(Fraction(a * m, n + m) for a, n, b, m in usable)
    below = sum(Fraction(b * n, n + m) for a, n, b, m in usable)
    figure = ratio(*pooled)
    if below:
        return figure._replace(value=rounded(Fraction(above) / below, 2), status="ok", reason=None)
    # No employer has both groups and an event to compare with.
    reason = ratio(*map(sum, zip(*strata, strict=True))).reason or "COMPARATOR_RATE_ZERO"
    return figure._replace(value=None, status="not_applicable", reason=reason)


# --- indicators 2 to 4, metrics 2 and 3 -----------------------------------------------------


def _likelihoods(
    extracts: Extracts, period: str, members: list[str]
) -> dict[tuple[str, str, str], tuple[Groups, dict[str, tuple[int, int]] | None]]:
    """Return events and base of each group; None where the source was not sent."""
    found = {}
    for groups in (ETHNICITY, DISABILITY):
        counts = _appointments(groups, extracts, period, members)
        found[groups.standard, "2", "all"] = (groups, counts)
    staff = observed(extracts, period, members, "training")
    access = trained(period, staff) if staff else Counter()
    courses = {
        group: (access["ethnicity", group], staff.headcounts["ethnicity", group])
        for group in (ETHNICITY.all if staff else ())
    }
    found["WRES", "4", "all"] = (ETHNICITY, courses or None)
    return found | _of_cases(extracts, period, members)


def _appointments(
    groups: Groups, extracts: Extracts, period: str, members: list[str]
) -> dict[str, tuple[int, int]] | None:
    files = extracts.of(period, members, "recruitment")
    shortlisted, appointed = Counter[str](), Counter[str]()
    for row in (row for rows in files for row in rows if row["Shortlisted"] == "Yes"):
        group = group_of(groups, row)
        shortlisted[group] += 1
        appointed[group] += row["Appointed"] == "Yes"
    counts = {group: (appointed[group], shortlisted[group]) for group in groups.all}
    return counts if files else None


def _of_cases(extracts: Extracts, period: str, members: list[str]) -> dict:
    """Twice the headcount stands under two years; from April 2022 one year is asked for."""
    staff = observed(extracts, period, members, "employee_relations")
    began = list(cases(period, staff)) if staff else []
    asked = 2 if period <= LAST_OF_TWO_YEARS else 1
    found = {}
    for groups, main, kind in CASES:
        windows = {main: asked} | ({"one_year": 1, "two_year": 2} if main == "all" else {})
        for part, years in windows.items():
            events = Counter(
                who[groups.characteristic]
                for what, is_last, who in began
                if what == kind and (is_last or years > 1)
            )
            counts = {
                group: (events[group], years * staff.headcounts[groups.characteristic, group])
                for group in (groups.all if staff else ())
            }
            found[groups.standard, "3", part] = (groups, counts or None)
    return found


# --- the survey, metric 9b ------------------------------------------------------------------


def _survey(extracts: Extracts, period: str, level: str, members: list[str]) -> Figures:
    found = survey.results(extracts, period, level, members)
    for groups, indicators in ASKED:
        for indicator, item in indicators.items():
            own = _answers(found.get((item, groups.own)))
            yield (groups.standard, indicator, "all", "share", groups.own, ""), own
            if item == "adjustments":
                continue
            other = _answers(found.get((item, groups.other)))
            yield (groups.standard, indicator, "all", "share", groups.other, ""), other
            key = (groups.standard, indicator, "all", "difference_pp", groups.own, groups.other)
            yield key, _apart(own, other)
    for group in (DISABILITY.own, DISABILITY.other, "ALL"):
        yield ("WDES", "9a", "all", "score", group, ""), _score(found.get(("engagement", group)))


def _answers(found: list[survey.Result] | None) -> Figure:
    if not found:
        return MISSING
    counted = [result for result in found if result.events is not None]
    if not counted:
        return Figure(status="not_applicable", reason="WEIGHTED")
    return share(sum(one.events or 0 for one in counted), sum(one.base for one in counted))


def _apart(own: Figure, other: Figure) -> Figure:
    four = (own.numerator, own.denominator, other.numerator, other.denominator)
    for figure in (own, other):
        if figure.numerator is None:
            return Figure(*four, status=figure.status, reason=figure.reason)
    if other.denominator == 0 and own.denominator:
        return Figure(*four, status="not_applicable", reason="NO_COMPARATOR_BASE")
    return difference(*four)  # type: ignore[arg-type]


def _score(found: list[survey.Result] | None) -> Figure:
    if not found:
        return MISSING
    counted = [(one.score, one.base) for one in found if one.score is not None]
    if not counted:
        return Figure(status="not_applicable", reason="WEIGHTED")
    base = sum(respondents for _, respondents in counted)
    total = sum(Fraction(score) * respondents for score, respondents in counted)
    if not base:
        return Figure(None, 0, status="not_applicable", reason="NO_NUMERATOR_BASE")
    return Figure(None, base, value=rounded(total / base, 1))


def _voices(extracts: Extracts, period: str, members: list[str]) -> Figures:
    files = extracts.of(period, members, "actions")
    begun = sum(
        row["Standard"] == "WDES"
        and row["Indicator"].casefold() == "9b"
        and row["Status"].casefold() in ("in progress", "complete")
        for rows in files
        for row in rows
    )
    yield (
        ("WDES", "9b", "all", "count", "ALL", ""),
        Figure(value=float(begun)) if files else MISSING,
    )
