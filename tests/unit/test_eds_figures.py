"""Figures of the Equality Delivery System out of an inbox.

Sources: NHS England, Equality Delivery System (EDS2 and EDS 2022); the PSED report 2021 of NHS
South Sefton CCG (01T), which counts 15 outcomes Achieving and 3 Developing; the EDS 2022 page of
Avon and Wiltshire Mental Health Partnership: services that score 6, 5 and 4 give the domain 5.
"""

from pathlib import Path

import pytest
from counting import Figures, figures
from inbox import Row, eds_row, staff_rows, write_inbox

SEFTON, ICB = "01T", "QYG"
MARCH_2022, MARCH_2023 = "2022-03-31", "2023-03-31"
EDS2 = [
    f"{goal}.{number}"
    for goal, outcomes in ((1, 5), (2, 4), (3, 6), (4, 3))
    for number in range(1, outcomes + 1)
]
WORKFORCE_AND_LEADERSHIP = ("2A", "2B", "2C", "2D", "3A", "3B", "3C")


def found(inbox: Path, rows: list[Row], code: str = SEFTON, period: str = MARCH_2023) -> Figures:
    write_inbox(inbox, period, code, "eds", rows)
    return figures(inbox)


def values(told: Figures, indicator: str, code: str = SEFTON, **key: str) -> dict[str, float]:
    """Return the values by part of one indicator of an employer."""
    key = {"level": "employer", "measure": "score"} | key
    rows = told.select(standard="EDS", indicator=indicator, organisation_code=code, **key)
    return {row.key["part"]: row.told["value"] for row in rows}


def service(name: str, *scores: int) -> list[Row]:
    return [
        eds_row(outcome, score, service=name)
        for outcome, score in zip(("1A", "1B", "1C", "1D"), scores, strict=False)
    ]


def others(score: int) -> list[Row]:
    return [eds_row(outcome, score) for outcome in WORKFORCE_AND_LEADERSHIP]


@pytest.mark.parametrize(
    ("characteristics", "grade"),
    [
        *((2, 0), (9, 3)),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in ((0, 0), (1, 0), (3, 1), (5, 1), (6, 2), (8, 2))
        ),
    ],
)
def test_an_eds2_grade_follows_from_the_characteristics(tmp_path, characteristics, grade):
    told = found(tmp_path, [eds_row("1.1", characteristics)], period=MARCH_2022)
    grades = values(told, "eds2_outcome")
    assert grades["1.1"] == grade
    assert set(grades) == set(EDS2)
    assert [part for part, value in grades.items() if value is not None] == ["1.1"]


def test_south_sefton_has_15_outcomes_achieving_and_3_developing(tmp_path):
    rows = [eds_row(outcome, 4 if outcome[0] == "4" else 7) for outcome in EDS2]
    told = found(tmp_path, rows, period=MARCH_2022)
    counts = {
        row.key["group_code"]: row.told["value"]
        for row in told.select(indicator="eds2_grades", level="employer")
    }
    assert counts == {
        "ACHIEVING": 15, "ALL": 18, "DEVELOPING": 3, "EXCELLING": 0, "UNDEVELOPED": 0,
    }  # fmt: skip
    # EDS2 has no overall score, and the body sent nothing of EDS 2022.
    total = told.only(indicator="eds2022_total", measure="score", level="employer")
    assert (total["value"], total["status"]) == (None, "not_applicable")


def test_the_middle_service_stands_for_domain_1(tmp_path):
    rows = [
        *service("Talking therapies", 1, 1, 1, 1),
        *service("Perinatal", 2, 2, 1, 1),
        *service("Liaison", 2, 1, 1, 1),
        *others(2),
    ]
    told = found(tmp_path, rows)
    assert values(told, "eds2022_domain") == {"1": 5, "2": 8, "3": 6}
    assert values(told, "eds2022_total") == {"all": 19}
    assert values(told, "eds2022_band", group_code="DEVELOPING") == {"all": 1}
    outcomes = values(told, "eds2022_outcome")
    assert [outcomes[part] for part in ("1A", "1B", "1C", "1D")] == [2, 1, 1, 1]


def test_of_two_services_the_lower_counts_and_one_alone_is_flagged(tmp_path):
    two = found(
        tmp_path / "two", [*service("A", 3, 3, 3, 3), *service("B", 1, 2, 1, 2), *others(1)]
    )
    assert values(two, "eds2022_domain") == {"1": 6, "2": 4, "3": 3}
    one = found(tmp_path / "one", [*service("A", 3, 3, 3, 3), *others(3)])
    assert values(one, "eds2022_domain") == {"1": 12, "2": 12, "3": 9, "one_service": 12}
    assert values(one, "eds2022_total") == {"all": 33}
    assert values(one, "eds2022_band", group_code="EXCELLING") == {"all": 3}


@pytest.mark.parametrize(
    ("total", "band", "grade"),
    [
        *((21, "DEVELOPING", 1), (22, "ACHIEVING", 2)),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                *((7, "UNDEVELOPED", 0), (8, "DEVELOPING", 1)),
                *((32, "ACHIEVING", 2), (33, "EXCELLING", 3)),
            )
        ),
    ],
)
def test_the_band_turns_at_its_cuts(tmp_path, total, band, grade):
    """21 is Developing and 22 Achieving; the other cuts are unconfirmed."""
    codes = ["1A", "1B", "1C", "1D", *WORKFORCE_AND_LEADERSHIP]
    scores = [min(3, max(0, total - 3 * place)) for place in range(len(codes))]
    told = found(tmp_path, list(map(eds_row, codes, scores)))
    assert values(told, "eds2022_total") == {"all": total}
    assert values(told, "eds2022_band", group_code=band) == {"all": grade}


def test_a_missing_outcome_is_not_0(tmp_path):
    """A body that scored domain 2 only has no total, and its number of scored outcomes is shown."""
    told = found(tmp_path, [eds_row(outcome, 2) for outcome in ("2A", "2B", "2C", "2D")])
    assert values(told, "eds2022_domain") == {"1": None, "2": 8, "3": None}
    assert values(told, "eds2022_domain", measure="count") == {"1": 0, "2": 4, "3": 0}
    assert values(told, "eds2022_total") == {"all": None}
    assert values(told, "eds2022_total", measure="count") == {"all": 4}
    assert values(told, "eds2022_band", group_code="ALL") == {"all": None}


def test_the_middle_is_unknown_where_a_service_lacks_an_outcome(tmp_path):
    rows = [
        *service("A", 1, 1, 1, 1),
        *service("B", 2, 2, 2, 2),
        *service("C", 3, 3, 3),
        *others(1),
    ]
    told = found(tmp_path, rows)
    assert values(told, "eds2022_domain") == {"1": None, "2": 4, "3": 3}
    assert values(told, "eds2022_outcome")["1A"] is None


def test_grades_are_not_pooled_and_an_icb_has_its_own(tmp_path):
    write_inbox(tmp_path, MARCH_2022, SEFTON, "esr_staff", staff_rows(30))
    write_inbox(tmp_path, MARCH_2022, SEFTON, "eds", [eds_row("1.1", 9)])
    write_inbox(tmp_path, MARCH_2023, ICB, "esr_staff", staff_rows(30))
    write_inbox(tmp_path, MARCH_2023, ICB, "eds", [eds_row("2A", 3)])
    told = figures(tmp_path)
    rows = told.select(standard="EDS", level="icb", period_end=MARCH_2022)
    assert {row.told["reason"] for row in rows} == {"NOT_ADDITIVE"}
    own = told.only(indicator="eds2022_outcome", part="2A", level="icb", period_end=MARCH_2023)
    assert own["value"] == 3


def test_a_body_that_sent_no_scores_has_none(tmp_path):
    write_inbox(tmp_path, MARCH_2022, "01V", "eds", [eds_row("1.1", 9)])
    write_inbox(tmp_path, MARCH_2022, SEFTON, "esr_staff", staff_rows(30))
    rows = list(figures(tmp_path).select(standard="EDS", organisation_code=SEFTON))
    assert rows
    assert {row.told["status"] for row in rows} == {"missing_source"}
