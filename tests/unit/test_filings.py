"""The filings of an inbox: workbooks, rows and lists, as files that are whole or not there.

Sources: the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes (indicators 2, 3, 4 and 9
recomputed from its counts); SI 2017/353 for thresholds and deadlines.
"""

import csv
import io
import re
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from filed import RELEASE, cells, lines, private
from inbox import (
    BME,
    WHITE,
    action_row,
    case_rows,
    duty_row,
    pay_row,
    staff_row,
    staff_rows,
    survey_row,
    write_inbox,
)
from public_reports import BLMK, write_reports
from python_calamine import CalamineWorkbook

from pipeline.audit.run import audit
from pipeline.errors import ProductError, UsageError
from pipeline.files import write_whole
from pipeline.filings import whole, write_filings
from pipeline.filings.figures import read_figures
from pipeline.filings.pay_gap import pay_gap_rows
from pipeline.filings.returns import returns
from pipeline.settings import Home

MARCH_2021, MARCH_2022, MARCH_2023 = "2021-03-31", "2022-03-31", "2023-03-31"
CASES, LARGE, SMALL, FEW, ICB = "27D", "01X", "12F", "02E", "QYG"
NASTY = ("=1+1", '+HYPERLINK("http://a.example","b")', "@SUM(A1)", "-2+3", "{=A1}")
"""Titles of actions that a spreadsheet would take for formulas."""
# Women and men by hourly pay, the quarters by hand: mean gap (23.20 - 16.71) / 23.20 = 28.0, median
# gap (20 - 14) / 20 = 30.0.
PAID = (
    *(("Female", "10.00"), ("Female", "12.00"), ("Male", "12.00")),
    *(("Female", "14.00"), ("Female", "14.00"), ("Female", "14.00"), ("Male", "14.00")),
    *(("Male", "20.00"), ("Female", "22.00"), ("Male", "30.00"), ("Female", "31.00")),
    ("Male", "40.00"),
)


def send_cases(inbox: Path, code: str, year: int) -> None:
    """Send 400 White and 100 BME staff, with 3 and 2 cases of the year before, 5 and 1 of the last.

    Over two years (1.5/100)/(4/400) = 1.50; of the last year alone (1/100)/(5/400) = 0.80.
    """
    period = f"{year}-03-31"
    write_inbox(inbox, period, code, "esr_staff", staff_rows({WHITE: 400, BME: 100}))
    sent = [
        row
        for count, first, of_year in ((3, 1, -1), (5, 11, 0), (2, 401, -1), (1, 411, 0))
        for row in case_rows({"Disciplinary": count}, first, year=str(year + of_year))
    ]
    write_inbox(inbox, period, code, "employee_relations", sent)


def send_pay(inbox: Path) -> None:
    for code, people in ((LARGE, 250), (SMALL, 249)):
        write_inbox(inbox, MARCH_2022, code, "esr_staff", staff_rows(people))
        # The second person is a man.
        bonus = {2: {"bonus_in_year": "100.00"}} if code == LARGE else {}
        rows = [pay_row(number, **bonus.get(number, {})) for number in range(1, people + 1)]
        write_inbox(inbox, MARCH_2022, code, "pay", rows)
    staff = [staff_row(number, gender=sex) for number, (sex, _) in enumerate(PAID, 1)]
    rows = [pay_row(number, hourly_rate=rate) for number, (_, rate) in enumerate(PAID, 1)]
    write_inbox(inbox, MARCH_2022, FEW, "esr_staff", staff)
    write_inbox(inbox, MARCH_2022, FEW, "pay", rows)


def send_rest(inbox: Path) -> None:
    write_inbox(inbox, MARCH_2021, CASES, "esr_staff", staff_rows({WHITE: 50, BME: 10}))
    send_cases(inbox, CASES, 2022)
    plan = [
        action_row(f"A{number}", "WDES", indicator="9b", status="In Progress", title=title)
        for number, title in enumerate(NASTY)
    ]
    write_inbox(inbox, MARCH_2022, CASES, "actions", plan)
    score = {"score": "6.8", "percent": ""}
    write_inbox(inbox, MARCH_2022, CASES, "survey", [survey_row("engagement", "Yes", 30, **score)])
    told = (
        ("PSED Information", {"due_date": "2022-03-30", "completed_date": "2022-02-01"}),
        ("WRES Report", {"completed_date": "2021-09-01", "published_address": "https://a.example"}),
        ("Modern Slavery", {"due_date": "2021-09-30"}),
    )
    documents = [
        duty_row(f"D{number}", kind, CASES, **facts) for number, (kind, facts) in enumerate(told)
    ]
    write_inbox(inbox, MARCH_2022, CASES, "duties", documents)


@pytest.fixture(scope="module")
def made(module_folders):
    """The filings of an inbox with two public reports and some bodies made of counts."""
    root = module_folders.mktemp("filings")
    write_reports(root / "inbox")
    send_pay(root / "inbox")
    send_rest(root / "inbox")
    with private(root / "inbox") as connection:
        paths = write_filings(connection, Home(root / "home"), RELEASE)
        told = read_figures(connection, RELEASE)
        yield SimpleNamespace(
            connection=connection, folder=root / "home/filings" / RELEASE, paths=paths, filed=told
        )


def of_return(made, name):
    return cells(made.folder / name)


def row(found, title, label):
    """Return the values of a row, by heading."""
    return {
        heading: cell.value
        for (of, name, heading), cell in found.items()
        if (of, name) == (title, label)
    }


def by_group(numbers):
    return dict(zip(("White", "BME", "Unknown or null"), numbers, strict=True))


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_the_return_of_a_public_report(made):
    found = of_return(made, f"{BLMK}/wres-2022.xlsx")
    result = "Relative likelihood (auto)"
    appointed, board = "2 Appointed from shortlisting", "9 Board and overall workforce"
    assert row(found, appointed, "Applicants shortlisted") == by_group((185, 169, 19))
    assert row(found, appointed, "Applicants appointed") == by_group((43, 17, 2))
    assert row(found, appointed, "Likelihood, % (auto)") == by_group((23.2, 10.1, 10.5))
    ratio = "Relative likelihood, White / BME (auto)"
    assert row(found, appointed, ratio) == {result: 2.31}
    assert row(found, "4 Non-mandatory training and CPD", ratio) == {result: 0.81}
    formal = "3 Formal disciplinary process"
    assert row(found, formal, "Relative likelihood, BME / White (auto)") == {result: "N/A"}
    members = row(found, board, "Board members, total")
    assert members == by_group((12, 6, 1)) | {"Headcount (auto)": 19}
    less = row(found, board, "Total board less overall workforce, percentage points (auto)")
    assert less["BME"] == 7.5
    assert row(found, "1 All staff", "Overall workforce (auto)") == {
        "31 March 2021: White": None,
        "31 March 2021: BME": None,
        "31 March 2021: Unknown or null": None,
        "31 March 2022: White": 288,
        "31 March 2022: BME": 96,
        "31 March 2022: Unknown or null": 14,
        "31 March 2022: headcount (auto)": 398,
        "31 March 2022: % BME (auto)": 24.1,
    }
    survey = "5 Harassed, bullied or abused by patients, relatives or the public"
    assert row(found, "5 to 8 Staff survey", f"{survey}: %") == {"White": 10, "BME": 10.6}


def test_the_formal_process_over_two_years_and_the_year_before_beside_it(made):
    found = of_return(made, f"{CASES}/wres-2022.xlsx")
    formal = "3 Formal disciplinary process"
    expected = {
        "Workforce": (400, 100, 0),
        "Entrants, year 1 (the year before)": (3, 2, 0),
        "Entrants, year 2 (the year to the snapshot)": (5, 1, 0),
        "Entrants, total of two years (auto)": (8, 3, 0),
        "Entrants, average of two years (auto)": (4, 1.5, 0),
        "Likelihood, % (auto)": (1.0, 1.5, "N/A"),
        "Relative likelihood, BME / White (auto)": (1.5,),
    }
    for label, numbers in expected.items():
        assert tuple(row(found, formal, label).values()) == numbers
    band_5 = row(found, "1a Non-clinical staff", "Band 5")
    assert tuple(band_5.values()) == (50, 10, 0, 400, 100, 0, 500, 20.0)


def test_from_2023_on_the_formal_process_is_of_one_year(tmp_path):
    send_cases(tmp_path / "inbox", ICB, 2023)
    with private(tmp_path / "inbox") as connection:
        write_filings(connection, Home(tmp_path), RELEASE)
    folder = tmp_path / "filings" / RELEASE
    # The ICB is an employer, so that nothing is pooled beside its own return.
    assert sorted(path.name for path in (folder / ICB).iterdir()) == [
        "wdes-2023.xlsx",
        "wres-2023.xlsx",
    ]
    found = cells(folder / ICB / "wres-2023.xlsx")
    formal = "3 Formal disciplinary process"
    assert tuple(row(found, formal, "Entrants in the year").values()) == (5, 1, 0)
    ratio = row(found, formal, "Relative likelihood, BME / White (auto)")
    assert tuple(ratio.values()) == (0.8,)
    due = dict(line[:2] for line in lines(folder / ICB / "wres-2023.xlsx", "About"))
    assert due["Report due by"] == "2023-05-31"


def test_blank_cells_say_why(made):
    missing = lines(made.folder / BLMK / "wres-2022.xlsx", "Missing")
    assert missing[0] == ("Sheet", "Cell", "What", "Why", "What to do")
    # The merger of April 2021 made this body, so that it has no figures of March 2021.
    no_year_before = "The database holds no figures of this body at 2021-03-31."
    memo = ("B43:I43", "of which senior medical manager (memo, in no total)")
    assert {line[3] for line in missing[1:]} == {
        no_year_before,
        "No extract tells it.",
        "It is worked out from cells that are blank.",
    }
    assert [line[1:3] for line in missing if line[3] == "No extract tells it."] == [memo]
    assert missing[1][:4] == ("Indicator 1", "B6:D6", "Under Band 1", no_year_before)
    of_cases = lines(made.folder / CASES / "wres-2022.xlsx", "Missing")
    assert ("Indicators 2 to 4", "B6:D6", "Applicants shortlisted",
            "No accepted file of 2022-03-31 tells it: recruitment.",
            "Send the file and run again, or type the cells.") in of_cases  # fmt: skip


def test_every_blank_cell_is_listed_and_no_other(made):
    for name in (f"{BLMK}/wres-2022.xlsx", f"{CASES}/wdes-2022.xlsx", f"{FEW}/wdes-2022.xlsx"):
        path = made.folder / name
        blank = {(cell.sheet, cell.address) for cell in cells(path).values() if cell.value is None}
        listed = set()
        for sheet, place, *_ in lines(path, "Missing")[1:]:
            for piece in place.split(", "):
                first, _, last = piece.partition(":")
                number = re.sub(r"\D", "", first)
                columns = [re.sub(r"\d", "", one) for one in (first, last or first)]
                for column in range(ord(columns[0]), ord(columns[1]) + 1):
                    listed.add((sheet, f"{chr(column)}{number}"))
        assert listed == blank


def test_text_never_becomes_a_formula(made):
    path = made.folder / CASES / "wdes-2022.xlsx"
    found = of_return(made, f"{CASES}/wdes-2022.xlsx")
    voices = "9b Voices of Disabled staff"
    taken = "Action taken to facilitate the voices of Disabled staff"
    assert row(found, voices, taken) == {"Answer": "Yes"}
    (examples,) = row(found, voices, "Examples").values()
    assert sorted(examples.split("; ")) == sorted(NASTY)
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            for formula in re.findall(r"<f>(.*?)</f>", book.read(name).decode("utf-8", "replace")):
                assert formula.startswith("IF(COUNT(")
                assert "HYPERLINK" not in formula


def test_auto_cells_recalculate_to_the_figures(made, tmp_path):
    """LibreOffice works out what we say, from formulas whose values were taken away."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    names = [f"{BLMK}/wres-2022.xlsx", f"{CASES}/wres-2022.xlsx", f"{CASES}/wdes-2022.xlsx"]
    for number, name in enumerate(names):
        without_values(made.folder / name, tmp_path / f"{number}.xlsx")
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--convert-to", "xlsx", "--outdir", tmp_path / "out",
         *sorted(tmp_path.glob("*.xlsx"))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    compared = 0
    for number, name in enumerate(names):
        book = CalamineWorkbook.from_path(tmp_path / "out" / f"{number}.xlsx")
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                  for sheet in book.sheet_names}  # fmt: skip
        for cell in of_return(made, name).values():
            if cell.is_formula:
                line = sheets[cell.sheet][int(re.sub(r"\D", "", cell.address)) - 1]
                worked_out = line[ord(cell.address[0]) - ord("A")]
                assert worked_out == ("" if cell.value is None else cell.value), cell
                compared += 1
    assert compared > 250


def without_values(path, copy):
    """Copy a workbook without the values that stand beside its formulas."""
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(copy, "w") as written:
        for name in book.namelist():
            content = book.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>.*?</v>", rb"\1<v></v>", content)
            written.writestr(name, content)


def test_a_return_that_contradicts_its_figures_is_not_written(made):
    place = next(place for place in made.filed.figures if place[1:] == ("employer", BLMK))
    key = ("WRES", "2", "all", "relative_likelihood", "WHITE")
    figures = made.filed.figures[place]
    changed = {**figures, key: figures[key]._replace(value=2.3)}
    other = type(made.filed)(
        made.filed.bodies,
        {**made.filed.figures, place: changed},
        made.filed.employees,
        made.filed.examples,
    )
    with pytest.raises(ProductError, match="'Relative likelihood, White / BME") as raised:
        list(returns(other))
    assert "2.3" not in str(raised.value)


def test_the_rows_for_the_gender_pay_gap_service(made):
    path = made.folder / "gender-pay-gap-2022-23.csv"
    rows = table(path)
    assert [one["EmployerName"] for one in rows] == [
        "NHS St Helens CCG",
        "NHS Cheshire CCG",
        "NHS Bedfordshire, Luton and Milton Keynes CCG",
    ]
    told = {column: text for column, text in rows[0].items() if text}
    assert told.pop("EmployerName") == told.pop("CurrentName")
    # All are paid alike: no gap, and each quarter as even as its seats let it be. One man of 125
    # had a bonus and no woman.
    assert told == {
        "DiffMeanHourlyPercent": "0.0",
        "DiffMedianHourlyPercent": "0.0",
        "DiffMeanBonusPercent": "100.0",
        "DiffMedianBonusPercent": "100.0",
        "MaleBonusPercent": "0.8",
        "FemaleBonusPercent": "0.0",
        "MaleLowerQuartile": "50.8",
        "FemaleLowerQuartile": "49.2",
        "MaleLowerMiddleQuartile": "50.0",
        "FemaleLowerMiddleQuartile": "50.0",
        "MaleUpperMiddleQuartile": "49.2",
        "FemaleUpperMiddleQuartile": "50.8",
        "MaleTopQuartile": "50.0",
        "FemaleTopQuartile": "50.0",
        "EmployerSize": "250 to 499",
        "DueDate": "2023/03/30 00:00:00",
    }
    # Two bodies sent no pay; nothing else is found.
    assert {(one.organisation, one.code) for one in audit(path)} == {
        (one["EmployerName"], "QUARTER_BLANK") for one in rows[1:]
    }
    notes = table(made.folder / "gender-pay-gap-2022-23-notes.csv")
    of_blmk = [one for one in notes if one["organisation_code"] == BLMK]
    assert len(of_blmk) == 14
    assert {one["note"] for one in of_blmk} == {
        "No accepted file of 2022-03-31 tells it: pay and esr_staff."
    }
    typed = [one["column"] for one in notes if one["employer"] == "every employer"]
    assert typed == [column for column in rows[0] if column not in told and "Name" not in column]


def test_the_worked_example_of_a_small_employer(made):
    rows = pay_gap_rows(made.filed, made.filed.bodies[-1].snapshot, voluntary=True)
    (few,) = [one for one in rows if one.body.code == FEW]
    assert not few.is_compulsory
    told = {
        column: text
        for column, text in few.cells.items()
        if column.endswith(("HourlyPercent", "Quartile"))
    }
    assert tuple(told.values()) == (
        *("28.0", "30.0"),
        *("33.3", "66.7", "33.3", "66.7", "33.3", "66.7", "66.7", "33.3"),
    )


def test_a_setting_adds_the_employers_that_need_not_file(made, tmp_path):
    (tmp_path / "settings.toml").write_text("voluntary_pay_gaps = true\n", encoding="utf-8")
    write_filings(made.connection, Home(tmp_path), RELEASE)
    rows = table(tmp_path / "filings" / RELEASE / "gender-pay-gap-2022-23.csv")
    sizes = {one["EmployerName"]: one["EmployerSize"] for one in rows}
    assert sizes["NHS Wirral CCG"] == sizes["NHS Warrington CCG"] == "Less than 250"


def test_what_is_still_to_be_published(made):
    rows = [one for one in table(made.folder / "psed.csv") if one["organisation_code"] == CASES]
    told = {
        (one["publication"], one["deadline"]): (one["due_date"], one["published_on"], one["state"])
        for one in rows
    }
    assert told == {
        ("Accessible Information", ""): ("", "", "No deadline named"),
        ("EDS Report", "last"): ("2022-02-28", "", "Missing"),
        ("EDS Report", "next"): ("2023-02-28", "", "To come"),
        # The body began in April 2020, and a year is told of.
        ("Equality Objectives", "next"): ("2025-03-30", "", "To come"),
        ("Modern Slavery", "last"): ("2021-09-30", "", "Missing"),
        # 60 employees in March 2021, 500 in March 2022.
        ("Pay Gap Report", "last"): ("2022-03-30", "", "Not due"),
        ("Pay Gap Report", "next"): ("2023-03-30", "", "To come"),
        ("PSED Information", "last"): ("2022-03-30", "2022-02-01", "Published in time"),
        ("PSED Information", "next"): ("2023-01-31", "", "To come"),
        ("WRES Report", "last"): ("2021-08-31", "2021-09-01", "Published late"),
        ("WRES Report", "next"): ("2022-08-31", "", "To come"),
    }
    lacking = {(one["publication"], one["deadline"]): one["what_is_missing"] for one in rows}
    assert lacking["PSED Information", "last"] == (
        "The address where it is published. Not among the figures: gender reassignment (not held "
        "in ESR), pregnancy and maternity (not in the staff extract; counts are nearly always "
        "below 10)."
    )
    assert lacking["WRES Report", "last"] == ""
    # A body that told of no documents is not said to have published none.
    silent = [one for one in table(made.folder / "psed.csv") if one["organisation_code"] == LARGE]
    states = {one["state"] for one in silent}
    assert states == {"Not known", "No deadline named"}


def test_only_their_owner_reads_the_filings(made):
    files = [path for path in made.folder.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(made.paths)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [
        made.folder.parent,
        made.folder,
        *(one for one in made.folder.iterdir() if one.is_dir()),
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    contents = table(made.folder / "contents.csv")
    names = {path.relative_to(made.folder).as_posix() for path in files}
    assert {one["file"] for one in contents} == names - {"contents.csv"}


def test_a_body_that_sent_nothing_for_a_snapshot_has_no_return_of_it(made):
    assert not (made.folder / LARGE / "wres-2021.xlsx").exists()
    assert (made.folder / LARGE / "wres-2022.xlsx").exists()
    assert (made.folder / ICB / "wdes-2022-pooled.xlsx").exists()


def test_filings_are_whole_or_not_there_and_equal_when_written_again(made, tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.filings.mkdir(mode=0o755)

    def fail():
        written = []

        def full(path, content, mode=0o600):
            written.append(path)
            if len(written) == 5:
                raise OSError(28, "No space left on device")
            write_whole(path, content, mode)

        with monkeypatch.context() as patch:
            patch.setattr(whole, "write_whole", full)
            with pytest.raises(OSError, match="No space"):
                write_filings(made.connection, home, RELEASE)

    fail()
    assert list(home.filings.iterdir()) == []
    paths = write_filings(made.connection, home, RELEASE)
    fail()
    assert [path.name for path in home.filings.iterdir()] == [RELEASE]
    assert stat.S_IMODE(home.filings.stat().st_mode) == 0o700
    for path in paths:
        name = path.relative_to(home.filings / RELEASE)
        assert path.read_bytes() == (made.folder / name).read_bytes()


def test_an_older_release_has_no_filings(made, tmp_path):
    with pytest.raises(UsageError, match="release 2021-03-31-0 is"):
        write_filings(made.connection, Home(tmp_path), "2021-03-31-0")
    assert list(tmp_path.iterdir()) == []
