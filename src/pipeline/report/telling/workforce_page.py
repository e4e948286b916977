"""The page of who works there: the profile, the population, senior posts, joining and leaving."""

from collections.abc import Sequence
from functools import lru_cache

from pipeline.report.document import Chart, Page, Section, Table, Words
from pipeline.report.telling import drawn, names
from pipeline.report.telling.claims import RDR
from pipeline.report.telling.figures import Figure, number
from pipeline.report.telling.headlines import Changes, headlines
from pipeline.report.telling.subject import Subject
from pipeline.report.telling.tables import (
    caption,
    figure_table,
    group_name,
    group_order,
    nothing_shown,
    title_of,
)
from pipeline.resources import reference

BOUNDARY, RESIDENTS = "boundary", "POPULATION_16_PLUS"
_INTERVAL = (
    ("Figure", "value"), ("Lower end of 95% interval", "ci_low"), ("Upper end", "ci_high"),
    ("Number", "numerator"), ("Of how many", "denominator"),
)  # fmt: skip


def workforce(subject: Subject, changes: Changes) -> Page:
    """Return the page: of the newest snapshot, but for the events of the annual return."""
    now = subject.at_latest()
    return Page(
        name="workforce",
        title="Workforce and population",
        lead=(
            "Who works there by protected characteristic, beside the residents of the area at the "
            "Census of 2021."
        ),
        sections=(
            _profile(now),
            _population(now),
            Section(
                "progression",
                names.STANDARDS["RDR"],
                headlines=headlines(now, RDR, changes),
            ),
            _others(now, "MODEL_EMPLOYER", "senior-posts", "BME staff in senior posts"),
            _others(subject, "FLOW", "flow", names.STANDARDS["FLOW"]),
        ),
    )


def _profile(subject: Subject) -> Section:
    everybody = subject.own.find((subject.day, "PSED", "sex", "all", "headcount", "ALL", ""))
    told: list[Words] = []
    if everybody is not None and everybody.is_shown:
        told.append((number(everybody), f" people were employed at {names.day(subject.day)}."))
    tables: list[Table] = []
    for characteristic, title in names.CHARACTERISTICS.items():
        figures = [
            one
            for one in sorted(
                subject.own.of(subject.day, "PSED", characteristic, "share"),
                key=lambda one: (one.part, one.group_code == "UNKNOWN", group_order(subject, one)),
            )
            if one.part in ("all", "detail")
        ]
        if not any(one.is_shown for one in figures):
            told += _hidden(subject, title, figures)
            continue
        tables += figure_table(
            caption(subject, title),
            ("Group", "Detail"),
            [
                ((group_name(subject, one), "" if one.part == "all" else "finer group"), one)
                for one in figures
            ],
            (("Share", "value"), ("Headcount", "numerator"), ("Of how many", "denominator")),
        )
    return Section("profile", "Who works there", tuple(told), tables=tuple(tables))


def _hidden(subject: Subject, title: str, figures: Sequence[Figure]) -> list[Words]:
    return [(f"{title}: ", *words) for words in nothing_shown(subject, figures)]


def _population(subject: Subject) -> Section:
    every = [
        one
        for one in subject.own.of(subject.day, "CENSUS", measure="difference_pp", part=BOUNDARY)
        if one.comparator_code == RESIDENTS
    ]
    charts: list[Chart] = []
    for title, is_age in (("Staff and residents", False), ("Staff and residents by age", True)):
        pairs = [
            (group_name(subject, one), one)
            for one in every
            if (one.indicator == "age_band") is is_age
        ]
        charts += drawn.against_population(subject, title, pairs)
    areas = [
        ((_area(one.part), names.CHARACTERISTICS[one.indicator], group_name(subject, one)), one)
        for one in subject.own.of(subject.day, "CENSUS", measure="difference_pp")
        if one.comparator_code == RESIDENTS
        and ":" not in one.part
        and one.indicator in ("ethnicity", "disability", "sex")
        and one.is_shown
    ]
    return Section(
        "population",
        "Staff and residents",
        paragraphs=(
            ("Residents are those aged 16 and over at the Census of 2021. Staff whose "
             "characteristic is not known are left out of the comparison.",),
            *nothing_shown(subject, every),
        ),
        charts=tuple(charts),
        tables=figure_table(
            caption(subject, "Share of staff less that of residents, by local authority"),
            ("Area", "Characteristic", "Group"), areas,
            (("Percentage points", "value"), ("Lower end of 95% interval", "ci_low"),
             ("Upper end", "ci_high")),
            with_direction=True,
        ),
    )  # fmt: skip


def _area(part: str) -> str:
    return "The whole area" if part == BOUNDARY else _areas().get(part, part)


@lru_cache(maxsize=1)
def _areas() -> dict[str, str]:
    """Return the names of local authorities by their codes."""
    return {row["area_code"]: row["area_name"] for row in reference("boundary")}


def _others(subject: Subject, standard: str, anchor: str, title: str) -> Section:
    """Return what is shown of a standard, as one table."""
    figures = list(subject.own.of(subject.day, standard))
    shown = [
        (
            (
                title_of(subject, one),
                names.CHARACTERISTICS.get(one.part, names.part(one.part)),
                _groups(subject, one),
            ),
            one,
        )
        for one in figures
        if one.is_shown
    ]  # fmt: skip
    return Section(
        anchor,
        title,
        paragraphs=nothing_shown(subject, figures),
        tables=figure_table(
            caption(subject, f"{title}, as far as published"),
            ("Indicator", "Part", "Group"), shown, _INTERVAL, with_direction=True,
        ),
    )  # fmt: skip


def _groups(subject: Subject, figure: Figure) -> str:
    one = group_name(subject, figure)
    if not figure.comparator_code:
        return one
    other = group_name(subject, figure._replace(group_code=figure.comparator_code))
    return f"{one} against {other}, ratio"
