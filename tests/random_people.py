"""Random people: who works for whom, and what the records of each employer say of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

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
REST = {"religion": "OTHER_RELIGION", "age_band": "OVER_50"}
CLUSTERS = "pay_cluster"
"""The eighth: in which cluster of pay bands a person is, a part of the workforce."""
CHARACTERISTICS = (*GROUPS, CLUSTERS)
DIRECTORATES = ("Finance", "Commissioning", "Primary Care")
APPLICANTS = ("ethnicity", "disability")

Said = dict[str, tuple[str, str]]
"""What a record says, as group and finer category by characteristic."""


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


def new_person(random: Random, shape: Shape, code: str, employers: list[str]) -> Person:
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


def a_quarter_later(
    random: Random, shape: Shape, people: Iterable[Person], employers: list[str]
) -> Iterator[Person]:
    """Yield the people of the next quarter: some left, some came, some say more than before."""
    for person in people:
        chance = random.random()
        if chance < 0.03:
            continue
        if chance < 0.06:
            yield new_person(random, shape, person[0].employer, employers)
        if chance > 0.95:
            for post in person:
                for name, (group, _) in post.said.items():
                    if group == "UNKNOWN":
                        post.said[name] = _says(random, name)
        yield person


def merged(people: Iterable[Person], codes: Iterable[str]) -> Iterator[Post]:
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


def applications_of(random: Random, shape: Shape, code: str, size: int) -> Iterator[Application]:
    asked = [name for name in APPLICANTS if name in shape.characteristics]
    if asked:
        for _ in range(random.randint(0, size)):
            said = {name: _says(random, name) for name in asked}
            yield Application(code, said, random.random() < 0.3)
