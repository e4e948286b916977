"""Random systems of employers: people first, then whom and how many the figures count.

Employers of one ICB, and maybe a trust beside it, with people of whom some hold posts in two of
them under records that contradict each other. The counts are named and the figures keyed as the
product's, but are made here from the people, with the laws that follow from how they were made.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.assess.rounding import round_half_away
from pipeline.protect.cells import Owner

ICB, TRUST = "QYG", "RBQ"
CCGS = ("01F", "01J", "01T", "01V", "01X", "02E", "12F", "27D", "99A", "00X", "01A", "01E")
QUARTERS = tuple(
    date(year, month, day)
    for year in (2020, 2021, 2022)
    for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
)
MARCH = 3
NOT_KNOWN = ("DECLINED", "NEVER_ASKED")

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "ethnicity": {"WHITE": tuple("ABC"), "BME": tuple("DEFGHJKLMNPRS"), "UNKNOWN": NOT_KNOWN},
    "sex": {"FEMALE": (), "MALE": (), "UNKNOWN": NOT_KNOWN},
    "disability": {"NON_DISABLED": (), "DISABLED": (), "UNKNOWN": NOT_KNOWN},
    "age_band": dict.fromkeys(
        ("41-45", "36-40", "46-50", "51-55", "31-35", "56-60", "26-30", "61-65", "21-25", "66-70",
         "<=20", ">=71", "UNKNOWN"),
        (),
    ),
    "religion": {
        **dict.fromkeys(
            ("CHRISTIANITY", "ATHEISM", "OTHER", "ISLAM", "HINDUISM", "SIKHISM", "JUDAISM",
             "BUDDHISM", "JAINISM"),
            (),
        ),
        "UNKNOWN": NOT_KNOWN,
    },
    "sexual_orientation": {
        "HETERO": ("HETERO",),
        "LGB_PLUS": ("GAY_LESBIAN", "BISEXUAL", "OTHER_ORIENTATION", "UNDECIDED"),
        "UNKNOWN": NOT_KNOWN,
    },
    "marital_status": {
        "MARRIED_CP": ("MARRIED", "CIVIL_PARTNERSHIP", "MARRIED_OR_CP"),
        "OTHER": ("SINGLE", "DIVORCED", "WIDOWED", "SEPARATED", "OTHER"),
        "UNKNOWN": NOT_KNOWN,
    },
}  # fmt: skip
"""The groups of each characteristic, the common ones first, with their finer categories."""
DETAILED = ("ethnicity", "sexual_orientation", "marital_status")
COARSE = {
    "religion": ("religion_group", {"CHRISTIANITY": "CHRISTIANITY", "UNKNOWN": "UNKNOWN"}),
    "age_band": (
        "age_group",
        dict.fromkeys(("<=20", "21-25", "26-30", "31-35"), "UNDER_36")
        | dict.fromkeys(("36-40", "41-45", "46-50"), "36-50"),
    ),
}
_REST = {"religion": "OTHER_RELIGION", "age_band": "OVER_50"}
CLUSTERS = "pay_cluster"
"""The eighth: in which cluster of pay bands a person is, a part of the workforce."""
CHARACTERISTICS = (*GROUPS, CLUSTERS)
DIRECTORATES = ("Finance", "Commissioning", "Primary Care")
_APPLICANTS = ("ethnicity", "disability")

Said = dict[str, tuple[str, str]]
"""What a record says, as group and finer category by characteristic."""
Cell = tuple[Owner, str]


class Post(NamedTuple):
    """A post, with what the employer's record says of its holder."""

    employer: str
    said: Said
    cluster: str
    directorate: str


Person = tuple[Post, ...]
"""The posts of a person; the first is the one that decides where records contradict each other."""


class Application(NamedTuple):
    employer: str
    said: Said
    is_appointed: bool


class Law(NamedTuple):
    """What everybody knows of some counts: that a sum of them is ``least`` to ``most``."""

    terms: Mapping[Cell, int]
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Shape:
    """How large a system is.

    Attributes:
        employers: CCGs, 2-12.
        quarters: the snapshots, in order.
        characteristics: of ``CHARACTERISTICS``.
        staff: the least and the most people of an employer.
        has_trust: whether a trust makes a system of the ICB.
        joint: what part of the people holds posts in two employers.
        directorates: how many each employer has; 0 is none.
    """

    employers: int
    quarters: tuple[date, ...]
    characteristics: tuple[str, ...]
    staff: tuple[int, int] = (30, 160)
    has_trust: bool = False
    joint: float = 0.03
    directorates: int = 0


@dataclass
class System:
    """A system as the product has it when it protects, and what its making tells of it.

    Attributes:
        shape: how large it is.
        figures: the unprotected figures.
        members: for each pooled organisation every way in which it is put together.
        laws: every law that the making of the counts gives, and no more.
        counts: the true counts of each organisation and snapshot by name.
    """

    shape: Shape
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    members: dict[Owner, list[list[Owner]]] = field(default_factory=dict)
    laws: list[Law] = field(default_factory=list)
    counts: dict[Owner, dict[str, int]] = field(default_factory=dict)


def random_shape(random: Random) -> Shape:
    """Return the shape of a system of 2-12 employers, 3-8 characteristics and 2-5 quarters."""
    number = random.randint(2, 5)
    first = random.randrange(len(QUARTERS) - number + 1)
    most = random.choice((40, 90, 200, 400))
    return Shape(
        employers=random.randint(2, len(CCGS)),
        quarters=QUARTERS[first : first + number],
        characteristics=tuple(random.sample(CHARACTERISTICS, random.randint(3, 8))),
        staff=(random.choice((5, 30, 40)), most),
        has_trust=random.random() < 0.5,
        joint=random.choice((0.0, 0.01, 0.04, 0.15)),
        directorates=random.choice((0, 2, 3)),
    )


def small_shape(random: Random) -> Shape:
    """Return a shape so small that every whole-number world can be searched."""
    return Shape(
        employers=random.randint(2, 3),
        quarters=QUARTERS[3:6] if random.random() < 0.3 else QUARTERS[4:5],
        characteristics=tuple(
            random.sample(("ethnicity", "sex", "disability", "religion", CLUSTERS), 3)
        ),
        staff=(8, random.choice((25, 60))),
        has_trust=random.random() < 0.3,
        joint=random.choice((0.0, 0.05, 0.15)),
        directorates=random.choice((0, 2)),
    )


def random_system(seed: int, shape: Shape | None = None) -> System:
    """Return the system of a seed, always the same; of a random shape where none is given."""
    random = Random(seed)
    system = System(shape or random_shape(random))
    shape = system.shape
    employers = [*CCGS[: shape.employers], *([TRUST] if shape.has_trust else [])]
    size = {code: random.randint(*shape.staff) for code in employers}
    people = [
        _person(random, shape, code, employers) for code in employers for _ in range(size[code])
    ]
    rows: list[dict[str, Any]] = []
    for period in shape.quarters:
        people = list(_a_quarter_later(random, shape, people, employers))
        applications = [
            application
            for code in employers
            for application in _applications(random, shape, code, size[code])
        ]
        for owner, codes in _owners(period, shape, employers):
            counts = _counted(shape, owner, _merged(people, codes))
            counts |= _applied([one for one in applications if one.employer in codes])
            system.counts[owner] = counts
            rows += _figures(shape, owner, counts)
            system.laws += _own_laws(shape, owner, counts)
            if owner.level != "employer":
                system.members[owner] = _ways(owner, codes, shape)
                system.laws += _pooled_laws(system, owner)
    system.figures = _frame(rows)
    return system


def published_tables(system: System, published: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the published tables of a system, by name, with its protected figures in them."""
    shape = system.shape
    codes = [*CCGS[: shape.employers], *([TRUST] if shape.has_trust else [])]
    organisations = [
        (code, f"NHS {code}", "TRUST" if code == TRUST else "CCG", ICB, None) for code in codes
    ]
    organisation = pd.DataFrame(
        [*organisations, (ICB, "NHS Cheshire and Merseyside", "ICB", None, None)],
        columns=["organisation_code", "organisation_name", "kind", "icb_code", "gss_code"],
    ).assign(valid_from=date(2013, 4, 1), valid_to=None)
    coverage = [
        (
            *owner,
            f"NHS {owner.organisation_code}",
            source,
            len(bodies),
            len(bodies),
            " ".join(bodies),
        )
        for period in shape.quarters
        for owner, bodies in _owners(period, shape, codes)
        for source in ("esr_staff", "recruitment")
    ]
    columns = ["period_end", "level", "organisation_code", "organisation_name", "source",
               "employers", "employers_sent", "bodies"]  # fmt: skip
    return {
        "figure": published.assign(release_id="random").drop(
            columns=[*PEOPLE, "since", "shows_counts"]
        ),
        "organisation": organisation,
        "coverage": pd.DataFrame(coverage, columns=columns),
    }


# --- the people ------------------------------------------------------------------------------


def _person(random: Random, shape: Shape, code: str, employers: list[str]) -> Person:
    said = {name: _says(random, name) for name in GROUPS if name in shape.characteristics}
    first = _post(random, shape, code, said)
    if random.random() >= shape.joint:
        return (first,)
    other = random.choice([one for one in employers if one != code])
    second = {
        name: told if name == "age_band" or random.random() < 0.7 else _says(random, name)
        for name, told in said.items()
    }
    posts = [first, _post(random, shape, other, second)]
    random.shuffle(posts)
    return tuple(posts)


def _post(random: Random, shape: Shape, code: str, said: Said) -> Post:
    cluster = f"cluster_{min(random.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7)), 7)}"
    directorate = random.choice(DIRECTORATES[: max(shape.directorates, 1)])
    return Post(code, said, cluster, directorate)


def _says(random: Random, characteristic: str) -> tuple[str, str]:
    """Return a group and a category; the first ones are common, and the last ones rare."""
    groups = GROUPS[characteristic]
    known = [name for name in groups if name != "UNKNOWN"]
    if groups["UNKNOWN"] and random.random() < 0.06:
        return "UNKNOWN", random.choice(groups["UNKNOWN"])
    group = _often_the_first(random, known)
    return group, _often_the_first(random, groups[group]) if groups[group] else group


def _often_the_first(random: Random, names: Iterable[str]) -> str:
    names = list(names)
    return random.choices(names, [1 / (place + 1) ** 1.5 for place in range(len(names))])[0]


def _a_quarter_later(
    random: Random, shape: Shape, people: Iterable[Person], employers: list[str]
) -> Iterator[Person]:
    """Yield the people of the next quarter: some left, some came, some say more than before."""
    for person in people:
        chance = random.random()
        if chance < 0.03:
            continue
        if chance < 0.06:
            yield _person(random, shape, person[0].employer, employers)
        if chance > 0.95:
            for post in person:
                for name, (group, _) in post.said.items():
                    if group == "UNKNOWN":
                        post.said[name] = _says(random, name)
        yield person


def _merged(people: Iterable[Person], codes: Iterable[str]) -> Iterator[Post]:
    """Yield each of the people of these employers once, under one record.

    That of the post that decides, but that something known beats what is not known.
    """
    codes = set(codes)
    for person in people:
        posts = [post for post in person if post.employer in codes]
        if posts:
            said = dict(posts[0].said)
            for post in posts[1:]:
                for name, told in post.said.items():
                    if said[name][0] == "UNKNOWN" and told[0] != "UNKNOWN":
                        said[name] = told
            yield posts[0]._replace(said=said)


def _applications(random: Random, shape: Shape, code: str, size: int) -> Iterator[Application]:
    asked = [name for name in _APPLICANTS if name in shape.characteristics]
    if asked:
        for _ in range(random.randint(0, size)):
            said = {name: _says(random, name) for name in asked}
            yield Application(code, said, random.random() < 0.3)


# --- their counts ----------------------------------------------------------------------------


def _owners(period: date, shape: Shape, codes: list[str]) -> Iterator[tuple[Owner, list[str]]]:
    for code in codes:
        yield Owner(period, "employer", code), [code]
    yield Owner(period, "icb", ICB), [code for code in codes if code != TRUST]
    if shape.has_trust:
        yield Owner(period, "system", ICB), codes


def _ways(owner: Owner, codes: list[str], shape: Shape) -> list[list[Owner]]:
    employers = [Owner(owner.period_end, "employer", code) for code in codes]
    if owner.level == "icb":
        return [employers]
    trust = Owner(owner.period_end, "employer", TRUST)
    return [employers, sorted([trust, Owner(owner.period_end, "icb", ICB)])]


def parts_of(shape: Shape, owner: Owner) -> dict[str, list[str]]:
    """Return the parts that an organisation's profile is split by, by what splits it."""
    if owner.period_end.month != MARCH:
        return {}
    found = {}
    if shape.directorates and owner.level == "employer":
        found["directorate"] = [f"directorate:{one}" for one in DIRECTORATES[: shape.directorates]]
    if CLUSTERS in shape.characteristics:
        found["cluster"] = [f"cluster_{number}" for number in range(1, 8)]
    return found


def coarse(characteristic: str, group: str) -> tuple[str, str]:
    """Return the coarse group of a group, with the name of what it is a group of."""
    name, groups = COARSE.get(characteristic, (characteristic, {}))
    return name, groups.get(group, _REST.get(characteristic, group))


def coarse_groups(characteristic: str) -> list[tuple[str, str]]:
    """Return the coarse groups of a characteristic; of ages that of nobody is none."""
    groups = [name for name in GROUPS[characteristic] if (characteristic, name) != _NO_AGE]
    return sorted({coarse(characteristic, group) for group in groups})


_NO_AGE = ("age_band", "UNKNOWN")


def _counted(shape: Shape, owner: Owner, people: Iterable[Post]) -> dict[str, int]:
    asked = [name for name in GROUPS if name in shape.characteristics]
    parts = parts_of(shape, owner)
    counts: Counter[str] = Counter(dict.fromkeys(_names(shape, owner), 0))
    for post in people:
        own = [part for part in (f"directorate:{post.directorate}",) if "directorate" in parts]
        own += [post.cluster] if "cluster" in parts else []
        for part in ("all", *own):
            counts[f"workforce/{part}//ALL"] += 1
        for name in asked:
            group, category = post.said[name]
            counts[f"workforce/all/{name}/{group}"] += 1
            counts[f"workforce/all/{name}/KNOWN"] += group != "UNKNOWN"
            counts[f"workforce/all/{name}:{group}/{category}"] += 1
            of, coarser = coarse(name, group)
            for part in ("all", *own) if of != name else own:
                counts[f"workforce/{part}/{of}/{coarser}"] += 1
    names = _names(shape, owner)
    return {name: counts[name] for name in names}


def _names(shape: Shape, owner: Owner) -> list[str]:
    """Return the names of the counts of a workforce that the figures of its owner tell."""
    parts = [part for own in parts_of(shape, owner).values() for part in own]
    is_march = owner.period_end.month == MARCH
    found = [f"workforce/{part}//ALL" for part in ("all", *parts)]
    for name in (name for name in GROUPS if name in shape.characteristics):
        groups = GROUPS[name]
        found += [f"workforce/all/{name}/{group}" for group in (*groups, "KNOWN")]
        found += [f"workforce/all/{name}:UNKNOWN/{kind}" for kind in groups["UNKNOWN"]]
        if is_march and name in DETAILED:
            found += [
                f"workforce/all/{name}:{group}/{category}"
                for group, categories in groups.items()
                for category in (categories if group != "UNKNOWN" else ())
            ]
        coarser = coarse_groups(name)
        of_parts = ("all", *parts) if name in COARSE and is_march else parts
        found += [f"workforce/{part}/{of}/{group}" for part in of_parts for of, group in coarser]
    return found


def _applied(applications: list[Application]) -> dict[str, int]:
    asked = list(applications[0].said) if applications else []
    found = {
        f"{population}/all/{name}/{group}": 0
        for name in asked
        for group in GROUPS[name]
        for population in ("shortlisted", "appointed")
    }
    for application in applications:
        for name, (group, _) in application.said.items():
            found[f"shortlisted/all/{name}/{group}"] += 1
            found[f"appointed/all/{name}/{group}"] += application.is_appointed
    return found


# --- what everybody knows of them ------------------------------------------------------------


def _own_laws(shape: Shape, owner: Owner, counts: Mapping[str, int]) -> Iterator[Law]:
    """Yield how the counts of one organisation hang together."""

    def adds_up(total: str, addends: Iterable[str]) -> Law:
        terms = dict.fromkeys(((owner, name) for name in addends), 1)
        return Law({**terms, (owner, total): -1}, 0, 0)

    everybody = "workforce/all//ALL"
    asked = [name for name in GROUPS if name in shape.characteristics]
    parts = parts_of(shape, owner)
    for own in parts.values():
        yield adds_up(everybody, [f"workforce/{part}//ALL" for part in own])
    for name in asked:
        base = f"workforce/all/{name}"
        groups = GROUPS[name]
        yield adds_up(everybody, [f"{base}/{group}" for group in groups])
        yield adds_up(everybody, [f"{base}/KNOWN", f"{base}/UNKNOWN"])
        for group, categories in groups.items():
            own_names = [f"{base}:{group}/{category}" for category in categories]
            if own_names and all(one in counts for one in own_names):
                yield adds_up(f"{base}/{group}", own_names)
        finer: dict[str, list[str]] = defaultdict(list)
        for group in groups:
            if (name, group) != _NO_AGE:
                of, coarser = coarse(name, group)
                finer[f"{of}/{coarser}"].append(f"{base}/{group}")
        if name in COARSE and owner.period_end.month == MARCH:
            for coarser, of_group in finer.items():
                yield adds_up(f"workforce/all/{coarser}", of_group)
        for own in parts.values():
            for coarser in finer:
                yield adds_up(
                    f"workforce/all/{coarser}", [f"workforce/{part}/{coarser}" for part in own]
                )
            if (name, "UNKNOWN") != _NO_AGE:
                for part in own:
                    yield adds_up(
                        f"workforce/{part}//ALL", [f"workforce/{part}/{one}" for one in finer]
                    )
    yield from _laws_of_applications(owner, counts)


def _laws_of_applications(owner: Owner, counts: Mapping[str, int]) -> Iterator[Law]:
    for name in counts:
        if name.startswith("appointed/"):
            shortlisted = name.replace("appointed/", "shortlisted/")
            yield Law({(owner, name): 1, (owner, shortlisted): -1}, None, 0)
    for population in ("shortlisted", "appointed"):
        tables = [
            [(owner, f"{population}/all/{name}/{group}") for group in GROUPS[name]]
            for name in _APPLICANTS
            if f"{population}/all/{name}/UNKNOWN" in counts
        ]
        if len(tables) > 1:
            yield Law(dict.fromkeys(tables[0], 1) | dict.fromkeys(tables[1], -1), 0, 0)


def _pooled_laws(system: System, owner: Owner) -> Iterator[Law]:
    """Yield how pooled counts hang together with those of the members.

    An application is one of one employer. Of people some stand in two members: each of them adds
    one to the headcounts that is not in the pooled one, and to a count of a part or group at most
    one that is not in the pooled one. In a part a group may gain as well, since what is known from
    the second record is counted in the part of the first.
    """
    everybody = "workforce/all//ALL"
    for way in system.members[owner]:
        twice = {(member, everybody): 1 for member in way} | {(owner, everybody): -1}
        yield Law(twice, 0, None)
        for name in system.counts[owner]:
            apart = {(member, name): 1 for member in way if name in system.counts[member]} | {
                (owner, name): -1
            }
            if not name.startswith("workforce/"):
                yield Law(apart, 0, 0)
            elif name != everybody and len(apart) == len(way) + 1:
                yield Law(_plus(apart, twice, -1), None, 0)
                is_of_all = name.startswith("workforce/all/")
                yield Law(apart, 0, None) if is_of_all else Law(_plus(apart, twice, 1), 0, None)


def _plus(terms: Mapping[Cell, int], others: Mapping[Cell, int], times: int) -> dict[Cell, int]:
    found = Counter(dict(terms))
    for cell, number in others.items():
        found[cell] += times * number
    return dict(found)


# --- the figures -----------------------------------------------------------------------------

Key = tuple[str, str, str, str, str, str | None]
"""Standard, indicator, part, measure, group and the group compared with."""


def _figures(shape: Shape, owner: Owner, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield the figures of one organisation at one snapshot."""
    everybody = "workforce/all//ALL"
    parts = [part for own in parts_of(shape, owner).values() for part in own]
    for name in (name for name in GROUPS if name in shape.characteristics):
        base = f"workforce/all/{name}"
        yield _row(owner, ("PSED", name, "all", "headcount", "ALL", None), counts, everybody)
        for group in GROUPS[name]:
            key = ("PSED", name, "all", "share", group, None)
            yield _row(owner, key, counts, f"{base}/{group}", everybody)
        for part, of, group in _of_parts(name, parts, owner):
            key = ("PSED", name, "coarse" if part == "all" else part, "share", group, None)
            of_part = f"workforce/{part}//ALL"
            yield _row(owner, key, counts, f"workforce/{part}/{of}/{group}", of_part)
        for counted in counts:
            if counted.startswith(f"{base}:") and f"{base}:UNKNOWN" not in counted:
                key = ("PSED", name, "detail", "share", counted.rpartition("/")[2], None)
                yield _row(owner, key, counts, counted, everybody)
        for group in ("KNOWN", "UNKNOWN"):
            key = ("DECLARATION", name, "all", "share", group, None)
            yield _row(owner, key, counts, f"{base}/{group}", everybody)
        for kind in GROUPS[name]["UNKNOWN"]:
            key = ("DECLARATION", name, "unknown_kind", "share", kind, None)
            yield _row(owner, key, counts, f"{base}:UNKNOWN/{kind}", f"{base}/UNKNOWN")
    for standard, name, own, other in (
        ("WRES", "ethnicity", "WHITE", "BME"),
        ("WDES", "disability", "NON_DISABLED", "DISABLED"),
    ):
        if f"shortlisted/all/{name}/{own}" in counts:
            rates = {
                group: (f"appointed/all/{name}/{group}", f"shortlisted/all/{name}/{group}")
                for group in GROUPS[name]
            }
            for group, pair in rates.items():
                yield _row(owner, (standard, "2", "all", "rate", group, None), counts, *pair)
            key = (standard, "2", "all", "relative_likelihood", own, other)
            yield _row(owner, key, counts, *rates[own], *rates[other])


def _of_parts(name: str, parts: list[str], owner: Owner) -> Iterator[tuple[str, str, str]]:
    is_march = owner.period_end.month == MARCH
    for part in ("all", *parts) if name in COARSE and is_march else parts:
        for of, group in coarse_groups(name):
            yield part, of, group


def _row(owner: Owner, key: Key, counts: Mapping[str, int], *names: str) -> dict[str, Any]:
    standard, indicator, part, measure, group, comparator = key
    numbers = [counts[name] for name in names]
    value = _value(measure, numbers)
    return {
        **owner._asdict(), "standard": standard, "indicator": indicator, "part": part,
        "measure": measure, "group_code": group, "comparator_code": comparator,
        **dict.fromkeys(COUNTS), **dict(zip(COUNTS, numbers, strict=False)),
        **dict.fromkeys(PEOPLE), **dict(zip(PEOPLE, names, strict=False)),
        "reason": None if value is not None else "NO_NUMERATOR_BASE", "since": None,
        "organisation_name": f"NHS {owner.organisation_code}", "value": value, "ci_low": None,
        "ci_high": None, "p_value": None, "status": "not_applicable" if value is None else "ok",
        "direction": None if value is None else "neutral", "shows_counts": True,
    }  # fmt: skip


def _value(measure: str, numbers: list[int]) -> float | None:
    if measure == "headcount":
        return float(numbers[0])
    rates = [
        Fraction(one, base) if base else None
        for one, base in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    if None in rates or (len(rates) > 1 and not rates[1]):
        return None
    if measure == "relative_likelihood":
        return round_half_away(rates[0] / rates[1], 2)  # type: ignore[operator]
    return round_half_away(100 * rates[0], 1)  # type: ignore[operator]


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return figures as ``assess`` types them, without repeating one that another made."""
    frame = pd.DataFrame(rows)
    texts = ("level", "organisation_code", "standard", "indicator", "part", "measure",
             "group_code", "comparator_code", "reason", "organisation_name", "status",
             "direction", *PEOPLE)  # fmt: skip
    numbers = ("value", "ci_low", "ci_high", "p_value")
    return frame.astype(
        dict.fromkeys(COUNTS, "Int64")
        | dict.fromkeys(texts, "str")
        | dict.fromkeys(numbers, "float64")
        | {"shows_counts": "bool"}
    )
