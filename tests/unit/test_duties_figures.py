"""Duties to publish, out of an inbox: due, done, late and missing.

Sources: SI 2017/353 (regulations 3 to 5, Schedule 1) for thresholds and deadlines; the GOV.UK
gender pay gap service for the suspension of snapshot 2019 and the deadline of snapshot 2020; the
equality reports of NHS South Sefton (163 staff at 31 March 2021) and NHS Stockport (129) for the
thresholds in use.
"""

from pathlib import Path

import pytest
from counting import Figures, figures
from inbox import Row, duty_row, staff_rows, write_inbox

BODY, OTHER, ICB = "01T", "01V", "QYG"
CODES = ("01F", "01J", "01T", "01V", "01X", "02E", "12F")
"""CCGs of one ICB, one for each case of a test."""
PROVIDER = "RBS"
MARCH_2021, MARCH_2022, MARCH_2023 = "2021-03-31", "2022-03-31", "2023-03-31"
STATES = ("DUE", "DONE", "LATE", "MISSING")


def send(inbox: Path, rows: list[Row], code: str = BODY, period: str = MARCH_2022) -> None:
    write_inbox(inbox, period, code, "duties", rows)


def employ(inbox: Path, people: int, code: str = BODY, period: str = MARCH_2022) -> None:
    write_inbox(inbox, period, code, "esr_staff", staff_rows(people))


def states(told: Figures, duty: str, **key: str) -> dict[str, float]:
    """Return the states of one duty that are not 0, of the last deadline unless told otherwise."""
    key = {"level": "employer", "part": "all", "measure": "count"} | key
    rows = told.select(standard="DUTIES", indicator=duty, **key)
    found = {row.key["group_code"]: row.told["value"] for row in rows}
    assert found
    return {state: found[state] for state in STATES if found.get(state)}


def document(kind: str, completed: str = "", due: str = "", code: str = BODY, **more: str) -> Row:
    dates = {"completed_date": completed, "due_date": due}
    return duty_row(f"{kind} {completed}{due}{code}", kind, code, **dates | more)


def test_the_pay_gap_is_due_of_250_or_more_on_the_snapshot_of_the_year_before(tmp_path):
    for code, people in zip(CODES, (249, 250, 163), strict=False):
        employ(tmp_path, people, code, MARCH_2021)
        employ(tmp_path, 260, code)
        send(tmp_path, [document("Impact Assessment", code=code)], code)
    told = figures(tmp_path)
    of_body = {
        code: states(told, "pay_gap_report", period_end=MARCH_2022, organisation_code=code)
        for code in CODES[:3]
    }
    assert list(of_body.values()) == [{}, {"DUE": 1, "MISSING": 1}, {}]
    # The staff of this March make the report of next March due.
    ahead = {"period_end": MARCH_2022, "part": "next", "organisation_code": CODES[0]}
    assert states(told, "pay_gap_report", **ahead) == {"DUE": 1}


def test_the_pay_gap_of_march_2021_was_due_on_30_march_2022(tmp_path):
    """The bodies name the 31st, as reports do; the deadline is the 30th."""
    cases = {"2022-03-30": "DONE", "2022-03-31": "LATE", "2021-04-15": "DONE", "": "MISSING"}
    for code, completed in zip(CODES, cases, strict=False):
        employ(tmp_path, 250, code, MARCH_2021)
        send(tmp_path, [document("Pay Gap Report", completed, MARCH_2022, code)], code)
    told = figures(tmp_path)
    for code, state in zip(CODES, cases.values(), strict=False):
        key = {"period_end": MARCH_2022, "organisation_code": code}
        assert states(told, "pay_gap_report", **key) == {"DUE": 1, state: 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("snapshot", "period", "completed", "expected"),
    [
        ("2019-03-31", "2020-06-30", "", {}),
        ("2020-03-31", "2021-06-30", "", {}),
        ("2020-03-31", "2021-12-31", "2021-10-05", {"DUE": 1, "DONE": 1}),
        ("2020-03-31", "2021-12-31", "2021-10-06", {"DUE": 1, "LATE": 1}),
    ],
)
def test_pay_gap_deadlines_of_the_pandemic(tmp_path, snapshot, period, completed, expected):
    employ(tmp_path, 300, period=snapshot)
    rows = [document("Pay Gap Report", completed), document("Impact Assessment")]
    send(tmp_path, rows if completed else rows[1:], period=period)
    assert states(figures(tmp_path), "pay_gap_report", period_end=period) == expected


@pytest.mark.slow
def test_an_icb_has_its_first_pay_gap_snapshot_in_march_2023(tmp_path):
    """Each CCG was below 250; the ICB of July 2022 is not asked for March 2022."""
    for period, people in ((MARCH_2022, 140), (MARCH_2023, 400), ("2024-03-31", 400)):
        for code in (BODY, OTHER) if period == MARCH_2022 else (ICB,):
            rows = staff_rows(people, first=1 if code != OTHER else 1001)
            write_inbox(tmp_path, period, code, "esr_staff", rows)
            send(tmp_path, [document("Impact Assessment", code=code)], code, period)
    told = figures(tmp_path)
    assert states(told, "pay_gap_report", period_end=MARCH_2022, organisation_code=BODY) == {}
    at_march = {"organisation_code": ICB, "period_end": MARCH_2023}
    assert states(told, "pay_gap_report", **at_march) == {}
    assert states(told, "pay_gap_report", **at_march, part="next") == {"DUE": 1}
    later = at_march | {"period_end": "2024-03-31"}
    assert states(told, "pay_gap_report", **later) == {"DUE": 1, "MISSING": 1}


@pytest.mark.slow
def test_without_the_headcount_a_report_is_due_where_the_body_lists_one(tmp_path):
    send(tmp_path, [document("Pay Gap Report", "2022-03-01")])
    send(tmp_path, [document("WRES Report")], OTHER)
    told = figures(tmp_path)
    assert states(told, "pay_gap_report", organisation_code=BODY) == {"DUE": 1, "DONE": 1}
    unknown = {"organisation_code": OTHER, "level": "employer", "part": "all", "group_code": "DUE"}
    row = told.only(indicator="pay_gap_report", **unknown)
    assert (row["status"], row["reason"]) == ("not_applicable", "NO_NUMERATOR_BASE")


def test_equality_information_is_due_of_150_or_more(tmp_path):
    """NHS Stockport had 129 staff, NHS South Sefton 163."""
    headcounts = (149, 150, 129, 163)
    for code, people in zip(CODES, headcounts, strict=False):
        employ(tmp_path, people, code)
        send(tmp_path, [document("WRES Report", code=code)], code)
    told = figures(tmp_path)
    for code, people in zip(CODES, headcounts, strict=False):
        expected = {"DUE": 1, "MISSING": 1} if people >= 150 else {}
        assert states(told, "psed_information", organisation_code=code) == expected
        # Objectives are asked of bodies of any size.
        objectives = states(told, "equality_objectives", organisation_code=code)
        assert objectives == {"DUE": 1, "MISSING": 1}


@pytest.mark.slow
def test_the_next_information_is_due_a_year_less_a_day_after_the_last(tmp_path):
    """A year less a day after 31 March 2021 is 30 March 2022, which has passed."""
    cases = {
        ("2020-06-30", "2021-06-29"): "DONE",
        ("2020-06-30", "2021-06-30"): "LATE",
        ("2021-03-31",): "MISSING",
        ("2021-04-02",): "DONE",
    }
    for code, published in zip(CODES, cases, strict=False):
        employ(tmp_path, 163, code)
        send(tmp_path, [document("PSED Information", on, code=code) for on in published], code)
    told = figures(tmp_path)
    for code, state in zip(CODES, cases.values(), strict=False):
        key = {"organisation_code": code}
        assert states(told, "psed_information", **key) == {"DUE": 1, state: 1}
        ahead = {} if state == "MISSING" else {"DUE": 1}
        assert states(told, "psed_information", part="next", **key) == ahead


@pytest.mark.slow
def test_the_last_information_may_stand_in_the_file_of_the_year_before(tmp_path):
    """Published on 12 March 2021, so due on 11 March 2022 whatever day the body names."""
    send(tmp_path, [document("PSED Information", "2021-03-12", "2021-03-30")], period=MARCH_2021)
    send(tmp_path, [document("PSED Information", "2022-03-20", "2022-03-30")])
    told = figures(tmp_path)
    assert states(told, "psed_information", period_end=MARCH_2021) == {"DUE": 1, "DONE": 1}
    assert states(told, "psed_information", period_end=MARCH_2022) == {"DUE": 1, "LATE": 1}


def test_objectives_that_no_file_names_fall_due_every_four_years(tmp_path):
    """30 March 2018 and four years less a day after it: in no year between is one missing."""
    for period in (MARCH_2021, "2021-12-31", MARCH_2022):
        send(tmp_path, [document("EDS Report")], period=period)
    told = figures(tmp_path)
    for period in (MARCH_2021, "2021-12-31"):
        assert states(told, "equality_objectives", period_end=period) == {}
        assert states(told, "equality_objectives", period_end=period, part="next") == {"DUE": 1}
    assert states(told, "equality_objectives", period_end=MARCH_2022) == {"DUE": 1, "MISSING": 1}


@pytest.mark.slow
def test_objectives_run_for_four_years(tmp_path):
    send(tmp_path, [document("Equality Objectives", "2018-03-30")])
    assert states(figures(tmp_path), "equality_objectives") == {"DUE": 1, "MISSING": 1}
    send(tmp_path, [document("Equality Objectives", "2018-04-02")])
    assert states(figures(tmp_path), "equality_objectives") == {"DUE": 1, "DONE": 1}


@pytest.mark.slow
def test_a_new_body_has_a_year_for_its_first_publications(tmp_path):
    for period in ("2022-12-31", MARCH_2023, "2023-06-30"):
        write_inbox(tmp_path, period, ICB, "esr_staff", staff_rows(150))
        send(tmp_path, [document("WRES Report", code=ICB)], ICB, period)
    told = figures(tmp_path)
    own = {"organisation_code": ICB}
    for duty in ("psed_information", "equality_objectives"):
        assert states(told, duty, period_end=MARCH_2023, **own) == {}
        assert states(told, duty, period_end=MARCH_2023, part="next", **own) == {"DUE": 1}
        assert states(told, duty, period_end="2023-06-30", **own) == {"DUE": 1, "MISSING": 1}


def test_the_contract_sets_deadlines_for_everybody(tmp_path):
    """The WDES is voluntary for CCGs. A report of the year before does not stand for this one's."""
    cases = {
        ("WRES Report", "2021-08-31"): {"DUE": 1, "DONE": 1},
        ("WRES Report", "2021-09-01"): {"DUE": 1, "LATE": 1},
        ("WRES Report", ""): {"DUE": 1, "MISSING": 1},
        ("WDES Report", "2021-08-31"): {},
        ("EDS Report", "2022-02-28"): {"DUE": 1, "DONE": 1},
        ("EDS Report", "2022-03-01"): {"DUE": 1, "LATE": 1},
        ("EDS Report", "2021-02-28"): {"DUE": 1, "MISSING": 1},
    }
    for code, (kind, completed) in zip(CODES, cases, strict=False):
        send(tmp_path, [document(kind, completed, code=code)], code)
    told = figures(tmp_path)
    for code, ((kind, _), expected) in zip(CODES, cases.items(), strict=False):
        duty = kind.lower().replace(" ", "_")
        assert states(told, duty, organisation_code=code) == expected


def test_a_trust_owes_the_wdes(tmp_path):
    send(tmp_path, [document("WDES Report", "2021-08-01", code=PROVIDER)], PROVIDER, "2021-09-30")
    told = figures(tmp_path)
    assert states(told, "wdes_report", organisation_code=PROVIDER) == {"DUE": 1, "DONE": 1}


@pytest.mark.slow
def test_what_has_no_deadline_for_everybody_is_due_as_the_body_says(tmp_path):
    rows = [
        document("Modern Slavery", "2021-09-30", "2021-09-30"),
        document("Modern Slavery", "", "2020-09-30"),
        document("Accessible Information", "", "2022-01-31"),
        document("Accessible Information", "", "2022-07-31"),
    ]
    send(tmp_path, rows)
    told = figures(tmp_path)
    assert states(told, "modern_slavery") == {"DUE": 1, "DONE": 1}
    assert states(told, "accessible_information") == {"DUE": 1, "MISSING": 1}
    assert states(told, "accessible_information", part="next") == {"DUE": 1}


def test_documents_of_providers_are_counted_apart_and_once(tmp_path):
    """Of RBS's WRES report two commissioners know; only one of them found it."""
    send(
        tmp_path,
        [
            document("WRES Report", "2021-08-20", "2021-08-31", PROVIDER),
            document("WDES Report", "2021-10-01", "", PROVIDER),
            document("Provider Audit", "", "2022-01-31", PROVIDER),
        ],
    )
    send(tmp_path, [document("WRES Report", "", "2021-08-31", PROVIDER)], OTHER)
    told = figures(tmp_path)
    duty = "provider_publications"
    # The deadline of the WDES report of March 2021 was 31 August.
    first = {"DUE": 3, "DONE": 1, "LATE": 1, "MISSING": 1}
    assert states(told, duty, organisation_code=BODY) == first
    assert states(told, duty, organisation_code=OTHER) == {"DUE": 1, "MISSING": 1}
    assert states(told, duty, organisation_code=ICB, level="icb") == first
    # Neither commissioner's own WRES report is done by that.
    assert states(told, "wres_report", organisation_code=ICB, level="icb") == {
        "DUE": 2, "MISSING": 2,
    }  # fmt: skip


def test_a_publication_without_an_address_is_told(tmp_path):
    rows = [
        document("EDS Report", "2022-02-01"),
        document("WRES Report", "2021-08-01", published_address="https://example.nhs.uk/wres"),
    ]
    send(tmp_path, rows)
    told = figures(tmp_path)
    key = {"level": "employer", "part": "all", "group_code": "NO_ADDRESS"}
    assert told.only(indicator="eds_report", **key)["value"] == 1
    assert told.only(indicator="wres_report", **key)["value"] == 0


def test_a_body_that_sent_no_file_is_missing_and_is_none_of_the_sum(tmp_path):
    employ(tmp_path, 30)
    send(tmp_path, [document("EDS Report", "2022-02-01", code=OTHER)], OTHER)
    told = figures(tmp_path)
    rows = list(told.select(standard="DUTIES", organisation_code=BODY))
    assert rows
    assert {row.told["status"] for row in rows} == {"missing_source"}
    assert states(told, "eds_report", level="icb") == {"DUE": 1, "DONE": 1}


def test_an_assessment_after_its_decision_is_named_as_such(tmp_path):
    def assessment(number: int, completed: str, decided: str, considered: str = "") -> Row:
        return duty_row(
            f"EIA {number}",
            "Impact Assessment",
            BODY,
            completed_date=completed,
            decision_date=decided,
            characteristics_considered=considered,
        )

    send(
        tmp_path,
        [
            assessment(1, "2022-01-15", "2022-02-01", "9"),
            assessment(2, "2022-02-15", "2022-02-14", "4"),
            assessment(3, "2022-03-31", "2022-03-31"),
            assessment(4, "2022-01-01", ""),
            assessment(5, "2021-12-31", "2022-01-15", "1"),
            assessment(6, "", "2022-01-31"),
            assessment(7, "", ""),
        ],
    )
    told = figures(tmp_path)
    rows = told.select(indicator="impact_assessment", level="employer")
    assert {row.key["group_code"]: row.told["value"] for row in rows} == {
        "COMPLETED": 4,
        "DECIDED": 3,
        "AFTER_DECISION": 1,
        "DECIDED_WITHOUT": 1,
        "CHARACTERISTICS": 6.5,
    }
