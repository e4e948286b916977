"""Who came, who left, who rose, and who was appointed, by ethnicity, disability and sex."""

from collections import Counter
from collections.abc import Callable, Iterator

from recount.extracts import Extracts
from recount.files import Row
from recount.people import BANDS, UNKNOWN, ethnicity, meaning
from recount.values import MISSING, Figure, Key, count, mantel_haenszel, ratio, share

STANDARDS = ("FLOW",)

GROUPS = {
    "ethnicity": ("WHITE", "BME", UNKNOWN),
    "disability": ("DISABLED", "NON_DISABLED", UNKNOWN),
    "sex": ("FEMALE", "MALE", UNKNOWN),
}
COLUMN = {"ethnicity": "Ethnic Origin", "disability": "Disability", "sex": "Gender"}
# Who is compared with whom: above 1 the first leave, or rise, more often.
LEAVING = {
    "ethnicity": ("BME", "WHITE"),
    "disability": ("DISABLED", "NON_DISABLED"),
    "sex": ("FEMALE", "MALE"),
}
RISING = {
    "ethnicity": ("WHITE", "BME"),
    "disability": ("NON_DISABLED", "DISABLED"),
    "sex": ("FEMALE", "MALE"),
}
REASONS = {
    "Resignation": "RESIGNATION", "Retirement": "RETIREMENT", "Redundancy": "REDUNDANCY",
    "Dismissal": "DISMISSAL", "End of": "END_OF_CONTRACT", "Employee Transfer": "TRANSFER",
    "Death": "DEATH_IN_SERVICE", "Other": "OTHER",
}  # fmt: skip
ALL_REASONS = (*REASONS.values(), UNKNOWN)

Groups = dict[str, Counter[str]]
"""How many of each group, by characteristic."""


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    owner = (extracts, period, members)
    starters, leavers = _movers(*owner, "Starter"), _movers(*owner, "Leaver")
    yield from _counts("starters", starters)
    yield from _counts("leavers", leavers)
    yield from _rates("attrition", _attrition, LEAVING, owner)
    yield from _counts("promotions", (_promotions(*owner) or (None,))[0])
    yield from _rates("promotions", _promotions, RISING, owner)
    yield from _rates("appointment", _appointments, RISING, owner)
    yield from _leaving(*owner)


def group_of(name: str, row: Row) -> str:
    text = row[COLUMN[name]]
    return ethnicity(text).group if name == "ethnicity" else meaning(name, text).group


def _by_group(rows: list[Row]) -> Groups:
    return {name: Counter(group_of(name, row) for row in rows) for name in GROUPS}


def _rows(extracts: Extracts, period: str, members: list[str], movement: str) -> list[Row] | None:
    """Each starter or leaver of an employer once, with the last movement; None: nothing sent."""
    files = extracts.of(period, members, "movers")
    if not files:
        return None
    found = []
    for rows in files:
        own = sorted((row for row in rows if row["Movement"] == movement), key=_day)
        found += {row["Employee Number"]: row for row in own}.values()
    return found


def _day(row: Row) -> tuple[str, ...]:
    text = row["Movement Date"]
    return tuple(reversed(text.split("/"))) if "/" in text else (*text[:10].split("-"),)


def _movers(extracts: Extracts, period: str, members: list[str], movement: str) -> Groups | None:
    rows = _rows(extracts, period, members, movement)
    return None if rows is None else _by_group(rows)


def _workforce(
    extracts: Extracts, period: str, members: list[str], seen: list[str] | None = None
) -> Groups:
    """Return the workforce of ``members``, or who of it works for those ``seen``.

    Their groups are those that all of ``members`` know of them.
    """
    people = extracts.people(period, members) or []
    if seen is not None:
        numbers = {person.number for person in extracts.people(period, seen) or []}
        people = [person for person in people if person.number in numbers]
    return {name: Counter(person.meanings[name].group for person in people) for name in GROUPS}


Rates = tuple[Groups, Groups] | None


def _attrition(extracts: Extracts, period: str, members: list[str]) -> Rates:
    """Leavers, over the workforce of those employers that sent their movers."""
    leavers = _movers(extracts, period, members, "Leaver")
    if leavers is None:
        return None
    sent = [code for code in members if (period, code, "movers") in extracts.files]
    return leavers, _workforce(extracts, period, members, sent)


def _appointments(extracts: Extracts, period: str, members: list[str]) -> Rates:
    files = extracts.of(period, members, "recruitment")
    rows = [row for rows in files for row in rows if row["Shortlisted"] == "Yes"]
    if not files:
        return None
    return _by_group([row for row in rows if row["Appointed"] == "Yes"]), _by_group(rows)


def _promotions(extracts: Extracts, period: str, members: list[str]) -> Rates:
    """Those on a higher band than a year before; medical grades are no bands."""
    before = f"{int(period[:4]) - 1}{period[4:]}"
    then = extracts.people(before, members) if before in extracts.periods else None
    if then is None:
        return None
    band_then = {person.number: person.part.partition(":")[2] for person in then}
    now = extracts.people(period, members) or []
    risen = []
    for person in now:
        bands = band_then.get(person.number), person.part.partition(":")[2]
        if all(band in BANDS for band in bands) and BANDS.index(bands[0]) < BANDS.index(bands[1]):
            risen.append(person)
    found = {name: Counter(person.meanings[name].group for person in risen) for name in GROUPS}
    return found, _workforce(extracts, period, members)


def _nothing(indicator: str) -> Figure:
    if indicator == "promotions":
        return Figure(status="not_applicable", reason="NO_BASELINE")
    return MISSING


def _counts(indicator: str, found: Groups | None) -> Iterator[tuple[Key, Figure]]:
    for name, groups in GROUPS.items():
        for group in groups:
            figure = count(found[name][group]) if found else _nothing(indicator)
            yield ("FLOW", indicator, name, "count", group, ""), figure
    everybody = count(found["sex"].total()) if found else _nothing(indicator)
    yield ("FLOW", indicator, "all", "count", "ALL", ""), everybody


def _rates(
    indicator: str,
    counted: Callable[[Extracts, str, list[str]], Rates],
    compared: dict[str, tuple[str, str]],
    owner: tuple[Extracts, str, list[str]],
) -> Iterator[tuple[Key, Figure]]:
    extracts, period, members = owner
    found = counted(extracts, period, members)
    for name, groups in GROUPS.items():
        for group in groups:
            rate = share(found[0][name][group], found[1][name][group]) if found else None
            yield ("FLOW", indicator, name, "rate", group, ""), rate or _nothing(indicator)
        pair = compared[name]
        key = ("FLOW", indicator, name, "relative_likelihood", *pair)
        if found is None:
            yield key, _nothing(indicator)
            continue
        pooled = ratio(*_four(found, name, pair))
        yield key, pooled
        of_employers = [counted(extracts, period, [code]) for code in members]
        strata = [_four(one, name, pair) for one in of_employers if one]
        if len(members) > 1 and len(strata) > 1:
            key = ("FLOW", indicator, f"{name}:mantel_haenszel", "ratio", *pair)
            yield key, mantel_haenszel(pooled, strata)


def _four(
    found: tuple[Groups, Groups], name: str, pair: tuple[str, str]
) -> tuple[int, int, int, int]:
    (one, other), (events, base) = pair, (found[0][name], found[1][name])
    return events[one], base[one], events[other], base[other]


def _leaving(extracts: Extracts, period: str, members: list[str]) -> Iterator[tuple[Key, Figure]]:
    rows = _rows(extracts, period, members, "Leaver")
    for part in (*GROUPS["ethnicity"], "all"):
        own = [row for row in rows or () if part in ("all", group_of("ethnicity", row))]
        reasons = Counter(_reason(row["Leaving Reason"]) for row in own)
        for reason in ALL_REASONS:
            figure = MISSING if rows is None else share(reasons[reason], len(own))
            yield ("FLOW", "leaving_reason", part, "share", reason, ""), figure
        if part != "all":
            had = sum(row["Exit Interview"] == "Yes" for row in own)
            figure = MISSING if rows is None else share(had, len(own))
            if own and not any(row["Exit Interview"] for row in rows or ()):
                figure = figure._replace(value=None, status="not_applicable", reason="NOT_RECORDED")
            yield ("FLOW", "exit_interview", "ethnicity", "rate", part, ""), figure


def _reason(text: str) -> str:
    return next((code for word, code in REASONS.items() if word in text), UNKNOWN)
