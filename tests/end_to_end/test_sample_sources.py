"""The sample's yearly sources, read back with csv and openpyxl alone: they fit the staff extract.

Planted rows are asserted once each; every law leaves them aside.
"""

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from sample_files import (
    ANNUAL,
    TRUST,
    Row,
    Sample,
    band,
    group,
)

from pipeline.sample import write_sample

STRANGER = "29000000"
HOURS_OF_A_YEAR = 52.143 * 37.5
OUTSIDE = {
    "Non-Exec Director/Chair", "Honorary", "Agency", "Secondment In", "Widow/Widower",
}  # fmt: skip
UNPAID = {"Career Break", "Suspend No Pay", "Out on External Secondment - Unpaid"}
ORGANISATIONS = Path(__file__).parents[2] / "warehouse" / "reference" / "organisation.csv"


@pytest.fixture(scope="module", params=[2022, 7])
def sample(request, module_folders) -> Sample:
    inbox = module_folders.mktemp(f"sample_{request.param}")
    return Sample(inbox, write_sample(inbox, request.param))


def year_before(snapshot: str, years: int = 1) -> str:
    """Return the day before the first of the years to a snapshot."""
    day = date.fromisoformat(snapshot)
    return day.replace(year=day.year - years).isoformat()


def paid_rows(sample: Sample, snapshot: str, code: str) -> dict[str, Row]:
    """Return the first row of each employee whom the employer pays."""
    found: dict[str, Row] = {}
    for row in sample.rows(snapshot, code):
        if row["Assignment Category"] not in OUTSIDE and row["Assignment Status"] not in UNPAID:
            found.setdefault(row["Employee Number"], row)
    return found


def pay_rows(sample: Sample, snapshot: str) -> list[tuple[str, Row, Row]]:
    """Return organisation, pay row and staff row of each employee, without the planted rows."""
    found = []
    for code, rows in sample.all_rows("pay", snapshot).items():
        staff = paid_rows(sample, snapshot, code)
        found += [
            (code, row, staff[row["Employee Number"]])
            for row in rows
            if row["Employee Number"] in staff
        ]
    return found


def hourly(row: Row) -> float | None:
    if "Hourly Rate" in row:
        return float(row["Hourly Rate"]) if row["Hourly Rate"] else None
    if not row["Weekly Hours"]:
        return None
    assert float(row["Pay Period Days"]) == 30.44
    return float(row["Ordinary Pay"]) * 7 / 30.44 / float(row["Weekly Hours"])


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_everyone_on_the_payroll_has_one_row_of_pay(sample, snapshot):
    extra = Counter()
    for code, rows in sample.all_rows("pay", snapshot).items():
        numbers = Counter(row["Employee Number"] for row in rows)
        assert set(numbers.values()) == {1}
        expected = paid_rows(sample, snapshot, code).keys()
        assert expected <= numbers.keys()
        for row in rows:
            if row["Employee Number"] not in expected:
                extra[code, row["Hourly Rate"], row["Bonus In Year"]] += 1
    planted = {("27D", "9999", ""): 1, (TRUST, "55.5", "1000"): 1}
    assert extra == (planted if snapshot == "2022-03-31" else {})


def test_the_planted_rate_is_of_somebody_in_the_staff_extract_and_the_bonus_is_not(sample):
    (rate,) = (r for r in sample.rows("2022-03-31", "27D", "pay") if r["Hourly Rate"] == "9999")
    in_27d = {row["Employee Number"] for row in sample.rows("2022-03-31", "27D")}
    assert rate["Employee Number"] in in_27d
    in_trust = {row["Employee Number"] for row in sample.rows("2022-03-31", TRUST)}
    assert STRANGER not in in_trust


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_hourly_pay_is_that_of_the_grade_point(sample, snapshot):
    """Annual pay over 52.143 x 37.5, and up to 17% more for nights or a consultant's seniority."""
    supplements = defaultdict(set)
    for code, row, staff in pay_rows(sample, snapshot):
        pay = hourly(row)
        if pay is None or row["Full Pay"] == "No":
            continue
        of_grade = float(staff["Annual Salary"]) / HOURS_OF_A_YEAR
        share = round(pay / of_grade - 1, 2)
        assert 0 <= share <= 0.17
        if code == TRUST:
            supplements[staff["Staff Group"]].add(share)
        elif band(staff) != "Consultant":
            assert share == 0
    assert supplements["Administrative and Clerical"] == {0}
    assert supplements["Nursing and Midwifery Registered"] == {0, 0.06, 0.11, 0.17}
    assert max(supplements["Medical and Dental"]) >= 0.1


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_maternity_leave_alone_is_paid_at_a_reduced_rate(sample, snapshot):
    reduced = Counter()
    for _, row, staff in pay_rows(sample, snapshot):
        on_leave = staff["Assignment Status"] == "Maternity & Adoption"
        assert row["Full Pay"] == ("No" if on_leave else "Yes")
        reduced[on_leave] += 1
        if on_leave and hourly(row) is not None:
            assert hourly(row) < 0.6 * float(staff["Annual Salary"]) / HOURS_OF_A_YEAR
    assert reduced[True] >= 10


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_a_few_rows_have_no_hours_and_are_told_of(sample, snapshot):
    without = Counter(code for code, row, _ in pay_rows(sample, snapshot) if hourly(row) is None)
    assert without["99A"] >= 2
    assert 5 <= without.total() <= 25
    assert "Ordinary Pay" in sample.rows(snapshot, "99A", "pay")[0]


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_men_are_paid_more_on_average_and_more_of_the_trusts_bonuses(sample, snapshot):
    pay, bonuses, consultants = defaultdict(list), Counter(), Counter()
    for code, row, staff in pay_rows(sample, snapshot):
        sex = staff["Gender"]
        if row["Full Pay"] == "Yes" and hourly(row) is not None:
            pay[code == TRUST, sex].append(hourly(row))
        if row["Bonus In Year"]:
            assert float(row["Bonus In Year"]) > 0
            assert band(staff) == ("Consultant" if code == TRUST else "Very Senior Manager")
            assert code in {TRUST, "27D"}
        if code == TRUST and band(staff) == "Consultant":
            consultants[sex] += 1
            bonuses[sex] += bool(row["Bonus In Year"])
    for is_trust in (True, False):
        mean = {
            sex: sum(pay[is_trust, sex]) / len(pay[is_trust, sex]) for sex in ("Male", "Female")
        }
        assert 5 <= 100 * (mean["Male"] - mean["Female"]) / mean["Male"] <= 40
    assert 0 < bonuses["Female"] < bonuses["Male"] < consultants["Male"]


def of_workforce(sample: Sample, snapshot: str, code: str) -> dict[str, Row]:
    return {row["Employee Number"]: row for row in sample.counted(snapshot, code)}


def test_starters_and_leavers_add_up_with_the_stocks(sample):
    first, last = ANNUAL
    assert len(sample.all_rows("movers", last)) == 8
    for code, rows in sample.all_rows("movers", last).items():
        moved = {
            kind: Counter(row["Employee Number"] for row in rows if row["Movement"] == kind)
            for kind in ("Starter", "Leaver")
        }
        before = Counter(of_workforce(sample, first, code).keys())
        after = Counter(of_workforce(sample, last, code).keys())
        assert before + moved["Starter"] - moved["Leaver"] == after
        assert moved["Starter"].total() + moved["Leaver"].total() == len(rows)


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_movers_are_those_of_twelve_months(sample, snapshot):
    reasons, interviews = Counter(), Counter()
    for code, rows in sample.all_rows("movers", snapshot).items():
        staff = of_workforce(sample, snapshot, code)
        started = {
            number
            for number, row in staff.items()
            if year_before(snapshot) < row["Latest Start Date"] <= snapshot
        }
        starters = {r["Employee Number"] for r in rows if r["Movement"] == "Starter"}
        leavers = {r["Employee Number"] for r in rows if r["Movement"] == "Leaver"}
        assert starters - leavers == started
        assert not leavers & staff.keys()
        for row in rows:
            assert year_before(snapshot) < row["Movement Date"] <= snapshot
            if row["Movement"] == "Starter":
                assert not row["Leaving Reason"]
                assert not row["Exit Interview"]
            else:
                reasons[row["Leaving Reason"].split(" ")[0]] += 1
                interviews[row["Exit Interview"]] += 1
        assert 0.04 <= len(leavers) / len(staff) <= 0.16
    assert reasons.keys() >= {"Voluntary", "Retirement", "End", ""}
    assert interviews.keys() == {"Yes", "No", ""}


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_cases_are_of_employees_or_say_who_the_leaver_was(sample, snapshot):
    kinds, left, unknown = Counter(), 0, 0
    for code, rows in sample.all_rows("employee_relations", snapshot).items():
        staff = {row["Employee Number"] for row in sample.rows(snapshot, code)}
        assert len({row["Case Id"] for row in rows}) == len(rows)
        assert len(rows) <= 0.08 * len(staff)
        assert bool(rows) == (code != "01V")
        for row in rows:
            assert year_before(snapshot, 2) < row["Formal Start Date"] <= snapshot
            kinds[row["Case Type"]] += 1
            told = {bool(row["Ethnic Origin"]), bool(row["Disability"])}
            if row["Employee Number"] in staff:
                assert told == {False}
            elif told == {True}:
                left += 1
            else:
                assert (code, row["Employee Number"], row["Case Id"]) == (TRUST, STRANGER, "ER9001")
                unknown += 1
    assert kinds.keys() == {
        "Disciplinary", "Capability - Performance", "Capability - Ill Health", "Grievance",
        "Bullying And Harassment",
    }  # fmt: skip
    assert left >= 3
    assert unknown == (snapshot == "2022-03-31")


def test_nobodys_cases_are_a_file_of_headings(sample):
    for snapshot in ANNUAL:
        content = sample.path(snapshot, "01V", "employee_relations").read_text("utf-8-sig")
        assert content.splitlines() == [
            "Case Id,Employee Number,Case Type,Formal Start Date,Ethnic Origin,Disability"
        ]


def test_a_case_of_both_windows_is_the_same_in_both_files(sample):
    shared = 0
    for code in sample.all_rows("employee_relations", "2021-03-31"):
        first, last = (
            {
                row["Case Id"]: (row["Employee Number"], row["Case Type"], row["Formal Start Date"])
                for row in sample.rows(snapshot, code, "employee_relations")
            }
            for snapshot in ANNUAL
        )
        overlap = {case for case in first if first[case][2] > "2020-03-31"}
        assert {case: first[case] for case in overlap} == {case: last[case] for case in overlap}
        shared += len(overlap)
    assert shared >= 10


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_training(sample, snapshot):
    people, accessed, by_group = 0, 0, Counter()
    for code, rows in sample.all_rows("training", snapshot).items():
        staff = of_workforce(sample, snapshot, code)
        attended = {
            kind: Counter(row["Employee Number"] for row in rows if row["Course Type"] == kind)
            for kind in ("Mandatory", "Non-Mandatory", "CPD")
        }
        assert sum(counter.total() for counter in attended.values()) == len(rows)
        assert attended["Mandatory"] == Counter(staff.keys())
        chosen = attended["Non-Mandatory"].keys() | attended["CPD"].keys()
        assert chosen <= staff.keys()
        assert all(count == 1 for counter in attended.values() for count in counter.values())
        for row in rows:
            assert year_before(snapshot) < row["Completion Date"] <= snapshot
            assert row["Completion Date"] >= staff[row["Employee Number"]]["Latest Start Date"]
        people, accessed = people + len(staff), accessed + len(chosen)
        by_group.update((group(staff[number]), number in chosen) for number in staff)
    assert 0.35 <= accessed / people <= 0.45
    share = {
        name: by_group[name, True] / (by_group[name, True] + by_group[name, False])
        for name in ("WHITE", "BME")
    }
    assert share["WHITE"] > share["BME"]


ITEMS = {
    "2020": ["Q13a", "Q13b", "Q13c", "Q13b/c", "Q13d", "Q14", "Q15b", "Q11e", "Q5f", "Q26b"],
    "2021": ["Q14a", "Q14b", "Q14c", "Q14b/c", "Q14d", "Q15", "Q16b", "Q11e", "Q4b", "Q28b"],
}
"""As printed in the questionnaires of 2020 and 2021."""
PLANTED_SURVEY = {
    ("12F", "Q28b", "", "", "71.4"),
    ("27D", "Q28b", "20", "21", ""),
    ("99A", "Q13a", "60", "7", ""),
}
GROUPS = {
    ("Ethnicity", "White"),
    ("Ethnicity", "BME"),
    ("Long-Term Condition", "Yes"),
    ("Long-Term Condition", "No"),
    ("All", "All"),
}


def survey_rows(sample: Sample, snapshot: str, code: str) -> list[Row]:
    """Return the survey results of an organisation without the planted ones."""
    return [
        row
        for row in sample.rows(snapshot, code, "survey")
        if (row["Item"], row["Breakdown"], row["Group"]) != ("Q28b", "Ethnicity", "White")
        and (row["Survey Year"], row["Item"]) != ("2021", "Q13a")
    ]


def events(row: Row) -> int:
    if "Count" in row:
        return int(row["Count"])
    count = round(float(row["Percent"]) * int(row["Base"]) / 100)
    assert abs(100 * count / int(row["Base"]) - float(row["Percent"])) <= 0.05 + 1e-9
    return count


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_survey_results_fit_together(sample, snapshot):
    small = 0
    for code in sample.all_rows("survey", snapshot):
        results: dict[tuple[str, str, str], tuple[int, int]] = {}
        for row in survey_rows(sample, snapshot, code):
            assert row["Survey Year"] == str(int(snapshot[:4]) - 1)
            assert row["Weighted"] == "No"
            key = (row["Item"], row["Breakdown"], row["Group"])
            assert key[1:] in GROUPS
            assert key not in results
            if row["Item"] == "Engagement":
                assert 3 < float(row["Score"]) < 10
                assert "" == row.get("Count", "") == row.get("Percent", "")
                continue
            assert not row["Score"]
            results[key] = (int(row["Base"]), events(row))
        items = ITEMS[row["Survey Year"]]
        assert {item for item, _, _ in results} == set(items)
        assert {key[1:] for key in results if key[0] == items[-1]} == {
            ("Long-Term Condition", "Yes")
        }
        for (item, breakdown, _), (base, count) in results.items():
            assert 0 <= count <= base
            small += base < 10
            if item != items[-1]:
                base_of_all, count_of_all = results[item, "All", "All"]
                of_item = [results[key] for key in results if key[:2] == (item, breakdown)]
                assert sum(one for one, _ in of_item) <= base_of_all
                assert sum(one for _, one in of_item) <= count_of_all
        for _, *where in [key for key in results if key[0] == items[0]]:
            managers, colleagues, staff = (results[item, *where][1] for item in items[1:4])
            assert staff <= managers + colleagues
    assert small >= 20


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_seven_in_ten_take_part_and_two_ccgs_together(sample, snapshot):
    for code in sample.all_rows("survey", snapshot):
        rows = survey_rows(sample, snapshot, code)
        (base,) = (
            int(row["Base"]) for row in rows if (row["Item"], row["Group"]) == ("Engagement", "All")
        )
        of = {"01T": ("01T", "01V"), "01V": ("01T", "01V")}.get(code, (code,))
        people = {
            row["NHS Unique Id"] or n
            for one in of
            for n, row in enumerate(sample.counted(snapshot, one))
        }
        assert 0.5 <= base / len(people) <= 0.8
        assert {row.get("Organisation Codes") for row in rows} == (
            {"01T/01V"} if code in {"01T", "01V"} else {None}
        )
    assert sample.rows(snapshot, "01T", "survey") == sample.rows(snapshot, "01V", "survey")


def test_planted_survey_results(sample):
    fields = ("Item", "Base", "Count", "Percent")
    planted = set()
    for snapshot in ANNUAL:
        for code, rows in sample.all_rows("survey", snapshot).items():
            kept = survey_rows(sample, snapshot, code)
            for row in rows:
                if row not in kept:
                    assert snapshot == "2022-03-31"
                    planted.add((code, *(row.get(field, "") for field in fields)))
    assert planted == PLANTED_SURVEY
    assert "Percent" in sample.rows("2022-03-31", "12F", "survey")[0]


def test_eds(sample):
    for code, rows in sample.all_rows("eds", "2021-03-31").items():
        assert {row["Framework"] for row in rows} == {"EDS2"}, code
        outcomes = Counter(row["Outcome"][0] for row in rows)
        assert outcomes == {"1": 5, "2": 4, "3": 6, "4": 3}
        assert len({row["Outcome"] for row in rows}) == 18
        assert all(0 <= int(row["Characteristics Evidenced"]) <= 9 for row in rows)
        assert "Score" not in rows[0]
    planted = []
    for code, rows in sample.all_rows("eds", "2022-03-31").items():
        planted += [(code, row["Outcome"]) for row in rows if row["Score"] == "4"]
        kept = [row for row in rows if row["Score"] != "4"]
        assert {row["Framework"] for row in kept} == {"EDS2022"}
        assert all(row["Score"] in {"0", "1", "2", "3"} for row in kept)
        services = Counter(row["Outcome"] for row in kept if row["Service"])
        assert services == {"1A": 3, "1B": 3, "1C": 3, "1D": 3}
        rest = sorted(row["Outcome"] for row in kept if not row["Service"])
        assert rest == ["2A", "2B", "2C", "2D", "3A", "3B", "3C"]
    assert planted == [("27D", "1A")]


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_duties(sample, snapshot):
    with ORGANISATIONS.open(encoding="utf-8", newline="") as file:
        trusts = {
            row["organisation_code"]
            for row in csv.DictReader(file)
            if row["kind"] == "TRUST"
            and row["valid_from"] <= snapshot
            and (not row["valid_to"] or row["valid_to"] >= snapshot)
        }
    done = Counter()
    for code, rows in sample.all_rows("duties", snapshot).items():
        assert len({row["Reference"] for row in rows}) == len(rows)
        kinds = Counter(row["Kind"] for row in rows)
        large = len(sample.counted(snapshot, code)) >= 250
        assert kinds["Pay Gap Report"] == large
        assert kinds["Equality Objectives"] == (snapshot == "2022-03-31")
        assert kinds["WRES Report"] == kinds["PSED Information"] == 1
        for row in rows:
            is_audit = row["Kind"] == "Provider Audit"
            assert (
                row["Organisation Code"] in trusts if is_audit else row["Organisation Code"] == code
            )
            assert row["Completed Date"] <= snapshot
            assert year_before(snapshot) < row["Due Date"] <= snapshot
            is_assessment = row["Kind"] == "Impact Assessment"
            assert bool(row["Decision Date"]) == is_assessment
            late = row["Completed Date"] > row["Due Date"]
            done[
                is_assessment, "late" if late else "done" if row["Completed Date"] else "open"
            ] += 1
        assert bool(kinds["Provider Audit"]) == (code != TRUST)
    assert done.keys() == {
        (kind, how) for kind in (True, False) for how in ("late", "done", "open")
    }


def test_actions(sample):
    statuses, indicators = Counter(), Counter()
    for code in sample.all_rows("actions", "2022-03-31"):
        first, last = (sample.rows(snapshot, code, "actions") for snapshot in ANNUAL)
        same = ("Reference", "Title", "Standard", "Indicator", "Owner Role", "Due Date")
        assert [[row[key] for key in same] for row in first] == [
            [row[key] for key in same] for row in last
        ]
        assert 4 <= len(last) <= 6
        for row in last:
            statuses[row["Status"]] += 1
            indicators[row["Standard"], row["Indicator"]] += 1
            assert date.fromisoformat(row["Updated"]) > date(2022, 3, 31) - timedelta(days=92)
            assert (row["Percent Complete"] == "100") == (row["Status"] == "Complete")
    assert statuses.keys() == {"Open", "In Progress", "Complete", "Cancelled"}
    assert indicators["WRES", "2"] >= 1
