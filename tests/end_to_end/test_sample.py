"""The sample inbox, read back with csv and openpyxl alone: its counts, its values, its faults."""

import codecs
import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from sample_files import (
    ANNUAL,
    BME,
    CCGS,
    COUNTED,
    HALF_YEARLY,
    SECOND_CHARACTERS,
    SENT,
    SNAPSHOTS,
    TRUST,
    WHITE,
    Row,
    Sample,
    band,
    group,
    person,
)

from pipeline.sample import planted_rejections, write_sample

PLANTED_MEMBER = "GB99"


@pytest.fixture(scope="module", params=[2022, 7])
def sample(request, module_folders) -> Sample:
    inbox = module_folders.mktemp(f"sample_{request.param}")
    return Sample(inbox, write_sample(inbox, request.param))


def digests(inbox: Path) -> dict[str, str]:
    return {
        path.relative_to(inbox).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in inbox.rglob("*")
        if path.is_file()
    }


def test_same_seed_gives_same_bytes_and_another_seed_other_people(tmp_path):
    for name, seed in (("one", 2022), ("two", 2022), ("three", 2023)):
        write_sample(tmp_path / name, seed)
    first, second, third = (digests(tmp_path / name) for name in ("one", "two", "three"))
    assert first == second
    assert first.keys() == third.keys()
    # Nobody's cases are the same headings for every seed.
    header_alone = {first[f"{day}/01V/employee_relations.csv"] for day in ANNUAL}
    assert set(first.values()) & set(third.values()) == header_alone


def test_every_file_is_in_its_place_and_no_other(sample):
    found = {(*path.parent.parts[-2:], path.stem) for path in sample.plan.files}
    assert found == SENT
    assert len(sample.plan.files) == len(SENT) == len(digests(sample.inbox))


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_about_1200_people(sample, snapshot):
    found = {person(ccg, row) for ccg in CCGS for row in sample.counted(snapshot, ccg)}
    assert 1150 <= len(found) <= 1250


def test_south_sefton_had_163_staff(sample):
    assert len(sample.counted("2021-03-31", "01T")) == 163
    assert len(sample.rows("2021-03-31", "01T")) > 163


def test_sizes_of_the_ccgs(sample):
    sizes = {ccg: len(sample.counted("2022-03-31", ccg)) for ccg in CCGS}
    assert all(220 <= sizes.pop(ccg) <= 300 for ccg in ("27D", "99A"))
    assert sizes.pop("01T") in range(150, 175)
    assert all(60 <= size <= 135 for size in sizes.values())


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_shared_managers(sample, snapshot):
    one, two = (
        {row["NHS Unique Id"]: row for row in sample.counted(snapshot, ccg)}
        for ccg in ("01T", "01V")
    )
    shared = one.keys() & two.keys()
    assert 10 <= len(shared) <= 14
    for key in shared:
        assert one[key]["Employee Number"] != two[key]["Employee Number"]
        assert "Band 8 - Range" in band(one[key]) or band(one[key])[-1] in "9r"  # or VSM
        assert float(one[key]["FTE"]) + float(two[key]["FTE"]) == pytest.approx(1)
    pairs = Counter((group(one[key]), group(two[key])) for key in shared)
    assert pairs["WHITE", "UNKNOWN"] >= 2
    assert pairs["UNKNOWN", "BME"] == 1
    assert pairs["WHITE", "BME"] == 1


def test_no_other_person_stands_in_two_ccgs(sample):
    seen = defaultdict(set)
    for snapshot in SNAPSHOTS:
        for ccg in (*CCGS, TRUST):
            for row in sample.rows(snapshot, ccg):
                if row["NHS Unique Id"]:
                    seen[row["NHS Unique Id"]].add(ccg)
    assert {frozenset(ccgs) for ccgs in seen.values() if len(ccgs) > 1} == {
        frozenset({"01T", "01V"}),
        frozenset({"99A", TRUST}),
    }


def test_the_trust_shares_two_people_with_a_ccg_at_every_snapshot(sample):
    shared = [
        {row["NHS Unique Id"]: row for row in sample.counted(snapshot, TRUST)}.keys()
        & {row["NHS Unique Id"] for row in sample.counted(snapshot, "99A")}
        for snapshot in SNAPSHOTS
    ]
    assert [len(people) for people in shared] == [2] * 5
    assert len(frozenset.union(*map(frozenset, shared))) == 2


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_the_trust_has_about_900_people_and_most_are_clinical(sample, snapshot):
    staff = sample.counted(snapshot, TRUST)
    assert 880 <= len(staff) <= 920
    groups = Counter(row["Staff Group"] for row in staff)
    non_clinical = groups["Administrative and Clerical"] + groups["Estates and Ancillary"]
    assert non_clinical <= 0.25 * len(staff)
    assert groups["Nursing and Midwifery Registered"] >= 0.3 * len(staff)
    words = {band(row) for row in staff}
    assert words >= {"Consultant", "Specialty Doctor", "Specialty Registrar", "Apprentice"}
    bands = {word.split("Band ")[1] for word in words if "Band " in word}
    assert bands == {*"12345679", *(f"8 - Range {letter}" for letter in "ABCD")}
    bank = [row for row in sample.rows(snapshot, TRUST) if row["Assignment Category"] == "Bank"]
    employed = {row["Employee Number"] for row in staff}
    assert sum(row["Employee Number"] not in employed for row in bank) >= 50


def test_employee_numbers_are_unique_within_an_employer_only(sample):
    holders = defaultdict(set)
    for ccg in CCGS:
        for row in sample.counted("2021-03-31", ccg):
            holders[row["Employee Number"]].add(person(ccg, row))
    assert any(len(people) > 1 for people in holders.values())


def test_people_persist(sample):
    for ccg in CCGS:
        for earlier, later in pairwise(SNAPSHOTS):
            before = {row["Employee Number"]: row for row in sample.counted(earlier, ccg)}
            after = {row["Employee Number"]: row for row in sample.counted(later, ccg)}
            stayed = before.keys() & after.keys()
            assert len(stayed) >= 0.93 * len(before)
            for number in stayed:
                for column in ("Date Of Birth", "Gender", "Latest Start Date", "NHS Unique Id"):
                    assert before[number][column] == after[number][column]
            for number in after.keys() - before.keys():
                assert earlier < after[number]["Latest Start Date"] <= later


def test_a_year_brings_starters_leavers_promotions_and_declarations(sample):
    first, last = (
        {(ccg, row["Employee Number"]): row for ccg in CCGS for row in sample.counted(day, ccg)}
        for day in ANNUAL
    )
    stayed = first.keys() & last.keys()
    assert len(first.keys() - last.keys()) > 50
    assert len(last.keys() - first.keys()) > 50
    assert sum(first[one]["Pay Scale"] != last[one]["Pay Scale"] for one in stayed) > 10
    declared = [one for one in stayed if group(first[one]) == "UNKNOWN" != group(last[one])]
    assert declared


def values_of(sample: Sample, column: str, source: str = "esr_staff") -> set[str]:
    return {
        row.get(column, "")
        for snapshot in SNAPSHOTS
        for ccg in CCGS
        for row in sample.rows(snapshot, ccg, source)
    }


def test_every_ethnic_code_occurs(sample):
    people = {"esr_staff", "recruitment", "board", "movers"}
    places = {place for place in SENT - sample.plan.rejected if place[2] in people}
    received = {row["Ethnic Origin"] for place in places for row in sample.rows(*place)}
    codes = {text.split(" ")[0] for text in received}
    assert codes >= WHITE | BME | {"Z", "99", "", "(blank)"}
    assert codes >= {first + second for first, rest in SECOND_CHARACTERS.items() for second in rest}
    assert codes >= set("0123456789")
    assert {"A White - British", "A", "Z Not Stated", "Z"} <= received
    assert codes <= WHITE | BME | {"Z", "99", "", "(blank)"} | set("0123456789") | {
        first + second for first, rest in SECOND_CHARACTERS.items() for second in rest
    }


def test_staff_alone_hold_every_national_code(sample):
    codes = {text.split(" ")[0] for text in values_of(sample, "Ethnic Origin")}
    assert codes >= WHITE | BME | {"Z", "99", "", "(blank)"}


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (
            "Disability",
            {"Yes", "No", "Not Declared", "Prefer Not To Answer", "Unspecified", ""},
        ),
        (
            "Religious Belief",
            {
                "Atheism",
                "Buddhism",
                "Christianity",
                "Hinduism",
                "Islam",
                "Jainism",
                "Judaism",
                "Sikhism",
                "Other",
                "I do not wish to disclose my religion/belief",
                "Unspecified",
                "",
            },
        ),
        (
            "Sexual Orientation",
            {
                "Heterosexual or Straight",
                "Gay or Lesbian",
                "Bisexual",
                "Other sexual orientation not listed",
                "Undecided",
                "Not stated (person asked but declined to provide a response)",
                "Unspecified",
                "",
            },
        ),
        ("Gender", {"Female", "Male"}),
        (
            "Marital Status",
            {
                "Single",
                "Married",
                "Civil Partnership",
                "Divorced",
                "Legally Separated",
                "Widowed",
                "Unknown",
                "",
            },
        ),
        (
            "Staff Group",
            {
                "Administrative and Clerical",
                "Estates and Ancillary",
                "Add Prof Scientific and Technic",
                "Additional Clinical Services",
                "Allied Health Professionals",
                "Healthcare Scientists",
                "Nursing and Midwifery Registered",
                "Students",
                "Medical and Dental",
            },
        ),
        (
            "Assignment Category",
            COUNTED
            | {
                "Bank",
                "Honorary",
                "Non-Exec Director/Chair",
                "Widow/Widower",
                "Agency",
                "Secondment In",
            },
        ),
        (
            "Assignment Status",
            {
                "Active Assignment",
                "Acting Up",
                "Internal Secondment",
                "Out on External Secondment - Paid",
                "Out on External Secondment - Unpaid",
                "Maternity & Adoption",
                "Career Break",
                "Suspend Assignment",
                "Suspend No Pay",
                "Inactive Not Worked",
            },
        ),
    ],
)
def test_every_value_occurs_and_no_other(sample, column, expected):
    assert values_of(sample, column) == expected


def test_every_pay_scale_occurs(sample):
    scales = values_of(sample, "Pay Scale")
    found = {tuple(scale.split("|")[1:]) for scale in scales if scale.startswith("NHS|X")}
    bands = ["1", "2", "3", "4", "5", "6", "7"]
    bands += [f"8 - Range {letter}" for letter in "ABCD"] + ["9"]
    for number, name in enumerate(bands, start=1):
        assert (f"XN{number:02d}", f"Non Review Body Band {name}") in found
        assert (f"XR{number:02d}", f"Review Body Band {name}") in found
    words = {scale.split("|")[-1] for scale in scales if not scale.startswith("NHS|X")}
    assert words >= {
        "Apprentice",
        "Very Senior Manager",
        "Consultant",
        "Specialty Doctor",
        "Specialty Registrar",
        "GP Clinical Lead",
        "Non Executive Director",
    }


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_about_two_in_a_hundred_are_on_maternity_leave(sample, snapshot):
    staff = [row for ccg in CCGS for row in sample.counted(snapshot, ccg)]
    on_leave = [row for row in staff if row["Assignment Status"] == "Maternity & Adoption"]
    assert 0.008 <= len(on_leave) / len(staff) <= 0.035
    assert {row["Gender"] for row in on_leave} == {"Female"}


def test_some_occupation_codes_contradict_the_staff_group(sample):
    rows = [row for ccg in CCGS for row in sample.counted("2022-03-31", ccg)]
    contradicting = {row["Staff Group"] for row in rows if row["Occupation Code"] == "N7B"} - {
        "Nursing and Midwifery Registered"
    }
    assert "Administrative and Clerical" in contradicting


def test_second_posts_and_bank_posts(sample):
    kinds = Counter()
    for ccg in CCGS:
        posts = defaultdict(list)
        for row in sample.rows("2021-03-31", ccg):
            posts[row["Employee Number"]].append(row)
        for rows in posts.values():
            assert sum(row["Primary Assignment"] == "Yes" for row in rows) == 1
            if len(rows) > 1:
                primary = max(rows, key=lambda row: row["Primary Assignment"])
                kinds["more hours"] += max(float(r["FTE"]) for r in rows) > float(primary["FTE"])
                kinds["bank"] += any(row["Assignment Category"] == "Bank" for row in rows)
                kinds["bank is primary"] += primary["Assignment Category"] == "Bank"
                kinds["second"] += all(row["Assignment Category"] != "Bank" for row in rows)
    assert kinds["second"] >= 18
    assert kinds["bank"] >= 9
    assert kinds["bank is primary"] == 2
    assert kinds["more hours"] >= 9


def test_age_bands_have_people_at_their_edges(sample):
    births = {row["Date Of Birth"] for row in sample.counted("2021-03-31", "27D")}
    for age in range(21, 72, 5):
        birthday = date(2021 - age, 3, 31)
        assert {birthday.isoformat(), (birthday + timedelta(days=1)).isoformat()} <= births
    assert "1972-02-29" in births


def test_annual_pay_is_that_of_agenda_for_change(sample):
    pay = defaultdict(set)
    for ccg in CCGS:
        for row in sample.rows("2022-03-31", ccg):
            pay[band(row)].add(row["Annual Salary"])
    assert pay["Non Review Body Band 5"] == {"25655", "27780", "31534"}
    assert pay["Non Review Body Band 8 - Range A"] == {"47126", "53219"}
    assert pay["Non Review Body Band 8 - Range D"] <= {"78192", "90387"}
    assert pay["Non Executive Director"] == {""}


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_declaration_rates(sample, snapshot):
    known, disability = {}, Counter()
    for ccg in CCGS:
        staff = sample.counted(snapshot, ccg)
        known[ccg] = sum(group(row) != "UNKNOWN" for row in staff) / len(staff)
        disability.update(row["Disability"] in {"Yes", "No"} for row in staff)
    assert all(rate >= 0.89 for rate in known.values())
    assert snapshot != SNAPSHOTS[0] or max(known.values()) <= 0.985
    assert sum(rate < 0.95 for rate in known.values()) >= 2
    assert 0.80 <= disability[True] / disability.total() <= 0.90


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_ethnicity_differs_by_area_and_falls_with_the_band(sample, snapshot):
    def bme_share(rows: list[Row]) -> float:
        return sum(group(row) == "BME" for row in rows) / len(rows)

    by_ccg = {ccg: sample.counted(snapshot, ccg) for ccg in CCGS}
    assert bme_share(by_ccg["99A"]) > 2 * bme_share(by_ccg["12F"])
    everyone = [row for rows in by_ccg.values() for row in rows]
    tiers = [
        [row for row in everyone if band(row)[-1] in "12345" and "Band" in band(row)],
        [row for row in everyone if band(row)[-1] in "67"],
        [row for row in everyone if band(row)[-1] in "ABCD9"],
    ]
    shares = [bme_share(tier) for tier in tiers]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 1.5 * shares[2]


@pytest.mark.parametrize("snapshot", ANNUAL)
def test_white_applicants_are_likelier_to_be_appointed(sample, snapshot):
    shortlisted, appointed = Counter(), Counter()
    for ccg in CCGS:
        for row in sample.rows(snapshot, ccg, "recruitment"):
            shortlisted[group(row)] += row["Shortlisted"] == "Yes"
            appointed[group(row)] += row["Appointed"] == "Yes"
    likelihood = {name: appointed[name] / shortlisted[name] for name in ("WHITE", "BME")}
    assert 1.5 <= likelihood["WHITE"] / likelihood["BME"] <= 2.3
    south_sefton = sample.rows(snapshot, "01T", "recruitment")
    assert sum(row["Appointed"] == "Yes" for row in south_sefton) in range(5, 21)


def test_applications_are_those_of_twelve_months(sample):
    for snapshot in HALF_YEARLY:
        last = date.fromisoformat(snapshot)
        first = last.replace(year=last.year - 1).isoformat()
        for ccg in CCGS:
            rows = sample.rows(snapshot, ccg, "recruitment")
            assert len({row["Application Id"] for row in rows}) == len(rows)
            for row in rows:
                assert not (row["Appointed"] == "Yes" and row["Shortlisted"] == "No")
                if row["Shortlisted"] == "Yes":
                    assert first < row["Shortlisted Date"] <= snapshot
                else:
                    assert not row["Shortlisted Date"]


def test_boards(sample):
    for snapshot in HALF_YEARLY:
        for ccg in CCGS:
            rows = [
                row
                for row in sample.rows(snapshot, ccg, "board")
                if row["Member Id"] != PLANTED_MEMBER
            ]
            assert 12 <= len(rows) <= 17
            assert len({row["Member Id"] for row in rows}) == len(rows)
            flags = Counter((row["Voting"], row["Executive"]) for row in rows)
            assert flags["Yes", "Yes"] >= 3
            assert flags["Yes", "No"] >= 5
            assert flags.total() - flags["Yes", "Yes"] - flags["Yes", "No"] >= 2


def test_formats(sample):
    def content(ccg: str, source: str = "esr_staff") -> bytes:
        return sample.path("2021-06-30", ccg, source).read_bytes()

    assert content("01V").startswith(codecs.BOM_UTF8)
    assert content("12F").startswith(codecs.BOM_UTF16_LE)
    assert content("01X").startswith(b"PK")
    assert content("99A").startswith(b"Workforce report\n")
    assert content("01F").startswith(b"Employee No,Unique Nhs Identifier,")
    assert b"31/02/1980" in content("02E")
    with pytest.raises(UnicodeDecodeError):
        content("01J").decode("utf-8")
    assert "\u2019" in content("01J").decode("cp1252")


def test_one_staff_extract_comes_from_the_esr_outbound_interface(sample):
    by_interface = [path for path in sample.plan.files if path.suffix == ".dat"]
    assert by_interface == [sample.inbox / "2021-12-31" / "01V" / "esr_staff.dat"]
    rows = sample.rows("2021-12-31", "01V")
    before, after = (sample.rows(day, "01V") for day in ("2021-09-30", "2022-03-31"))
    numbers = {row["Assignment Number"] for row in rows}
    assert len(numbers) == len(rows) >= 70
    # Whoever is there before and after is there in between, with the same person's data.
    lasting = {row["Assignment Number"] for row in before} & {
        row["Assignment Number"] for row in after
    }
    assert lasting <= numbers
    told = {row["Assignment Number"]: row for row in rows}
    for row in before:
        if row["Assignment Number"] in lasting:
            between = told[row["Assignment Number"]]
            for column in ("NHS Unique Id", "Gender", "Date Of Birth", "Staff Group"):
                assert between[column] == row[column]
    assert {"Religious Belief", "Directorate"}.isdisjoint(rows[0])


def test_workbook_has_date_cells_and_a_fixed_date_of_creation(sample):
    book = openpyxl.load_workbook(sample.path("2021-03-31", "01X", "esr_staff"))
    assert book.properties.created.date() == date(2021, 3, 31)
    header, first = list(book.worksheets[0].iter_rows(max_row=2))
    cells = dict(zip([cell.value for cell in header], first, strict=True))
    assert cells["Date Of Birth"].is_date
    assert isinstance(cells["FTE"].value, int | float)
    assert isinstance(cells["Employee Number"].value, str)


def test_planted_rejections(sample):
    assert sample.plan.rejected == planted_rejections()
    assert not {snapshot for snapshot, _, _ in planted_rejections()} & set(ANNUAL)
    broken, drifted = sorted(sample.plan.rejected, key=lambda place: place[2])
    text = sample.path(*broken).read_text(encoding="utf-8")
    *_, whole, last = text.splitlines()
    assert not text.endswith("\n")
    assert last.count(",") < whole.count(",") == 5
    header = sample.path(*drifted).read_text(encoding="cp1252").splitlines()[0]
    assert (
        header == "Application Id,Shortlisted,Appointed,EO Code,Disability,Gender,Shortlisted Date"
    )


def test_every_other_file_is_whole_and_has_its_headings(sample):
    for place in SENT - sample.plan.rejected:
        rows = sample.rows(*place)
        assert all(len(row) == len(rows[0]) for row in rows)
        if place[2] in {"esr_staff", "recruitment", "board", "movers"}:
            assert {"Ethnic Origin", "Disability", "Gender"} <= rows[0].keys()


def test_planted_quarantine(sample):
    faulty = Counter()
    for snapshot in SNAPSHOTS:
        for ccg in CCGS:
            rows = sample.rows(snapshot, ccg)
            unmapped = sum("Transitional" in row["Pay Scale"] for row in rows)
            assert unmapped <= 0.005 * len(rows)
            impossible = sum(row["Date Of Birth"] == "1980-02-31" for row in rows)
            whole = Counter(tuple(row.values()) for row in rows)
            repeated = sum(count - 1 for count in whole.values())
            numbers = Counter(row["Assignment Number"] for row in rows)
            contradicting = sum(count for count in numbers.values() if count > 1) - 2 * repeated
            found = unmapped + impossible + repeated + contradicting
            if found:
                assert snapshot not in ANNUAL
                assert ccg != "01T"
            faulty.update(
                unmapped=unmapped,
                impossible=impossible,
                repeated=repeated,
                contradicting=contradicting,
            )
    assert faulty == {"unmapped": 1, "impossible": 1, "repeated": 1, "contradicting": 2}
    twice = Counter(
        row["Member Id"]
        for snapshot in HALF_YEARLY
        for ccg in CCGS
        for row in sample.rows(snapshot, ccg, "board")
        if row["Member Id"] == PLANTED_MEMBER
    )
    assert twice == {PLANTED_MEMBER: 2}
    of_annual_sources = 7  # each asserted where its source is
    assert sample.plan.quarantined_rows == faulty.total() + twice.total() + of_annual_sources
