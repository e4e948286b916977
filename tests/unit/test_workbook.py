"""The workbook of a small release, opened again by other programs."""

import re
import zipfile
from datetime import date
from pathlib import Path

import odfdo
import openpyxl
import pytest

from pipeline.report.spreadsheets import write_workbook
from tests.reopened import converted, needs_libreoffice, sheets, table
from tests.small_release import JUNE, MARCH, figure, release

HOSTILE = (
    "=1+1", "=HYPERLINK(\"http://example.org\")", "+1", "-2+3", "@SUM(A1)", "\t=1", "{=1+1}",
    "***", "$$1$$", "[here](http://example.org)", "http://example.org", "007", "1e5", "  two  ",
    "<b>&amp;</b>", "=cmd|' /C calc'!A0", "_x0041_", "1/2/2021", "two\nlines", "true", "'quoted",
)  # fmt: skip
LIKELIHOOD = figure(
    "WRES", "2", measure="relative_likelihood", group_code="WHITE", comparator_code="BME",
    numerator=60, denominator=200, comparator_numerator=13, comparator_denominator=100,
    value=2.31, ci_low=1.37, ci_high=3.89, p_value=0.001, direction="adverse",
)  # fmt: skip
WHITE = figure(
    "WRES", "2", measure="rate", group_code="WHITE", numerator=60, denominator=200, value=30.0
)
WRES_2 = {
    "standard": "WRES", "indicator": "2", "title": "Relative likelihood of appointment",
    "measure": "relative_likelihood", "decimals": 2, "groups": "WHITE: White; BME: BME",
}  # fmt: skip


def written(tmp_path: Path, figures, **tables) -> dict[str, Path]:
    paths = write_workbook(release(tmp_path, figures, **tables), tmp_path)
    return {path.suffix.removeprefix("."): path for path in paths}


def hidden(row: dict, status: str, disclosure: str = "NONE") -> dict:
    numbers = ("numerator", "denominator", "comparator_numerator", "comparator_denominator",
               "value", "ci_low", "ci_high", "p_value", "direction")  # fmt: skip
    return row | dict.fromkeys(numbers) | {"status": status, "disclosure": disclosure}


def test_figures_of_an_indicator_stand_side_by_side_as_numbers(tmp_path):
    paths = written(tmp_path, [WHITE, LIKELIHOOD], indicator=[WRES_2])
    [row] = table(sheets(paths["xlsx"])["WRES"])
    assert row["Snapshot"] == MARCH
    assert row["Organisation"] == "NHS Halton CCG"
    assert row["What it shows"] == "Relative likelihood of appointment"
    assert row["White, number"] == 60
    assert row["White, base (number)"] == 200
    assert row["White (percent)"] == 30.0
    assert row["Relative likelihood (ratio)"] == 2.31
    assert row["Relative likelihood, lower end of the 95% interval (ratio)"] == 1.37
    assert row["Relative likelihood, upper end of the 95% interval (ratio)"] == 3.89
    assert row["P-value (two-sided)"] == 0.001
    assert row["What may be claimed"] == "Adverse"
    assert row["Difference (percentage points)"] == "[z]"


def test_numbers_are_shown_with_the_decimals_of_their_standard(tmp_path):
    paths = written(tmp_path, [WHITE, LIKELIHOOD])
    page = openpyxl.load_workbook(paths["xlsx"])["WRES"]
    top = next(row for row in page.iter_rows() if row[1].value is not None)
    formats = {cell.value: page.cell(cell.row + 1, cell.column).number_format for cell in top}
    assert formats["White (percent)"] == "#,##0.0"
    assert formats["Relative likelihood (ratio)"] == "#,##0.00"
    assert formats["White, number"] == "#,##0"
    assert formats["Snapshot"] == "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("status", "disclosure", "mark"),
    [
        ("suppressed", "SUPPRESSED", "[c]"),
        ("missing_source", "NONE", "[x]"),
        ("not_applicable", "NONE", "[z]"),
    ],
)
def test_a_figure_without_a_value_has_its_shorthand(tmp_path, status, disclosure, mark):
    paths = written(tmp_path, [hidden(LIKELIHOOD, status, disclosure), WHITE])
    [row] = table(sheets(paths["ods"])["WRES"])
    assert row["Relative likelihood (ratio)"] == mark
    assert row["P-value (two-sided)"] == mark
    assert row["White (percent)"] == 30.0


def test_counts_left_out_beside_their_value_are_confidential(tmp_path):
    row = figure("WRES", "5", group_code="BME", value=24.1, disclosure="PERCENT_ONLY")
    [told] = table(sheets(written(tmp_path, [row])["xlsx"])["WRES"])
    assert (told["BME (percent)"], told["BME, number"]) == (24.1, "[c]")
    assert told["How counts are given"] == "Not given: values alone"


def test_rounded_counts_say_so(tmp_path):
    row = figure("WRES", "5", group_code="BME", numerator=25, value=24.1, disclosure="ROUNDED")
    [told] = table(sheets(written(tmp_path, [row])["xlsx"])["WRES"])
    assert told["How counts are given"] == "Rounded to the nearest 5"


def test_both_files_hold_the_same_cells_and_none_is_blank(tmp_path):
    paths = written(
        tmp_path,
        [WHITE, LIKELIHOOD, figure("PSED", "sex", group_code="FEMALE", numerator=12345)],
        indicator=[WRES_2],
        organisation=[{"organisation_code": "01F", "organisation_name": "NHS Halton CCG",
                       "kind": "CCG", "valid_from": date(2013, 4, 1)}],
    )  # fmt: skip
    told = sheets(paths["xlsx"])
    assert told == sheets(paths["ods"])
    for name, rows in told.items():
        widths = {len(row) for row in rows} - {1}
        assert len(widths) == (name != "Cover"), name
        assert all("" not in row and None not in row and row for row in rows), name


def test_every_text_stays_a_text(tmp_path):
    rows = [
        figure("ACTIONS", "status", part=one, group_code="OPEN", measure="count", value=1,
               organisation_name=one)
        for one in HOSTILE
    ]  # fmt: skip
    paths = written(tmp_path, rows)
    for suffix in ("xlsx", "ods"):
        told = table(sheets(paths[suffix])["Actions"])
        assert sorted(row["Part code"] for row in told) == sorted(HOSTILE), suffix
        assert sorted(row["Organisation"] for row in told) == sorted(HOSTILE), suffix
    page = openpyxl.load_workbook(paths["xlsx"])["Actions"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value in HOSTILE]
    assert len(cells) == 3 * len(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for row in page.iter_rows() for cell in row if cell.hyperlink]
    actions = odfdo.Document(paths["ods"]).body.get_table(name="Actions")
    kinds = {cell.type for row in actions.rows for cell in row.cells if cell.value in HOSTILE}
    assert kinds == {"string"}


def test_no_file_holds_a_formula_or_a_link_outside(tmp_path):
    row = figure("WRES", "2", organisation_name="[a](http://example.org)", part="=1+1")
    paths = written(tmp_path, [row, LIKELIHOOD])
    for path in paths.values():
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()
                     if name.endswith((".xml", ".rels"))}  # fmt: skip
        for name, part in parts.items():
            assert not re.search(r"<f[ >]|table:formula|TargetMode=\"External\"", part), name
            assert not re.search(r"xlink:href=\"(?!#|\"|Thumbnails)", part), name


@needs_libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_libreoffice_recalculates_and_saves_the_same_cells(tmp_path, suffix):
    rows = [
        figure("ACTIONS", "status", part=one, group_code="OPEN", measure="count", value=1)
        for one in HOSTILE
    ]
    path = written(tmp_path, [*rows, WHITE, LIKELIHOOD])[suffix]
    told = sheets(path)
    again = converted(path, "xlsx", tmp_path / "again")
    saved = sheets(again)
    assert saved["WRES"] == told["WRES"]
    assert {row["Part code"] for row in table(saved["Actions"])} == set(HOSTILE)
    with zipfile.ZipFile(again) as archive:
        every = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    assert not [part for part in every if re.search(r"<f[ >]|table:formula", part)]


def test_rows_left_out_are_counted_by_sheet_and_body(tmp_path):
    kept = figure("WRES", "1", part="clinical:8a", group_code="BME", numerator=20, value=24.1)
    no_number = hidden(kept | {"part": "clinical:9"}, "suppressed", "SUPPRESSED")
    total = hidden(kept | {"part": "clinical:all"}, "suppressed", "SUPPRESSED")
    earlier = kept | {"period_end": JUNE}
    board = {"level": "icb", "organisation_code": "QYG", "organisation_name": "An ICB"}
    pooled = kept | board | {"period_end": JUNE, "part": "medical:all"}
    detail = kept | board | {"period_end": JUNE}
    told = sheets(written(tmp_path, [kept, no_number, total, earlier, pooled, detail])["xlsx"])
    assert [(row["Snapshot"], row["Organisation code"], row["Part code"])
            for row in table(told["WRES"])] == [
        (JUNE, "QYG", "medical:all"), (MARCH, "01F", "clinical:8a"), (MARCH, "01F", "clinical:all"),
    ]  # fmt: skip
    counts = {row["Organisation code"]: list(row.values())[4:] for row in table(told["Rows held"])}
    assert counts == {"01F": [4, 2, 1, 1], "QYG": [2, 1, 1, 0]}
    assert "2 other rows of other snapshots are left out, and 1 rows" in told["WRES"][1][0]


def test_contents_lead_to_every_sheet(tmp_path):
    paths = written(tmp_path, [LIKELIHOOD])
    book = openpyxl.load_workbook(paths["xlsx"])
    names = book.sheetnames
    assert names[:4] == ["Cover", "Contents", "Notes", "Shorthand"]
    links = [row[0] for row in book["Contents"].iter_rows() if row[0].hyperlink]
    assert [cell.value for cell in links] == names[2:]
    assert [cell.hyperlink.location for cell in links] == [f"'{name}'!A1" for name in names[2:]]
    body = odfdo.Document(paths["ods"]).body
    assert [link.url for link in body.get_table(name="Contents").get_elements("//text:a")] == [
        f"#'{name}'.A1" for name in names[2:]
    ]


def test_every_sheet_has_one_marked_table_without_merged_cells(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, [LIKELIHOOD])["xlsx"])
    for page in book.worksheets[1:]:
        [marked] = page.tables.values()
        first, last = marked.ref.split(":")
        assert page[first].row == len([row for row in page.iter_rows() if row[1].value is None]) + 1
        assert (page[last].row, page[last].column) == (page.max_row, page.max_column)
        assert not page.merged_cells.ranges


def test_titles_refer_to_notes_that_there_are(tmp_path):
    told = sheets(written(tmp_path, [LIKELIHOOD, WHITE])["xlsx"])
    notes = {row["Note"] for row in table(told["Notes"])}
    named = {one for rows in told.values() for one in re.findall(r"note \d+", str(rows[0][0]))}
    assert named and named <= notes


def test_a_sample_says_so_on_its_cover(tmp_path):
    real = sheets(written(tmp_path, [LIKELIHOOD])["xlsx"])["Cover"]
    sample = sheets(written(tmp_path, [LIKELIHOOD], is_sample=True)["ods"])["Cover"]
    assert "SAMPLE" not in str(real)
    assert str(sample[2][0]).startswith("SAMPLE. The people behind these figures are invented.")


def test_tables_without_a_row_are_named_on_the_cover(tmp_path):
    told = sheets(written(tmp_path, [LIKELIHOOD])["xlsx"])
    assert "Revisions" not in told
    assert any("therefore no sheet: Alerts, Coverage" in str(row) for row in told["Cover"])


def test_revisions_are_counted_by_what_changed(tmp_path):
    row = {name: LIKELIHOOD[name] for name in ("period_end", "organisation_code", "level",
           "organisation_name", "standard", "indicator")}  # fmt: skip
    why = "01F sent its staff extract of 31 March 2022 again."
    row |= {"previous_release_id": "2021-12-31-0", "change": "withdrawn", "measure": "rate",
            "explanation": why}  # fmt: skip
    silent = row | {"change": "not_listed", "indicator": None, "measure": None}
    told = sheets(written(tmp_path, [LIKELIHOOD], revision=[row, row, silent])["xlsx"])
    listed, not_listed = table(told["Revisions"])
    assert listed["Change"] == "Withdrawn: in the release before and not in this one"
    assert (listed["Figures (number)"], listed["Why"]) == (2, why)
    assert not_listed["Change"] == "Not listed one by one: any number of figures, or none"
    assert (not_listed["Figures (number)"], not_listed["Why"]) == ("[z]", why)


def test_equal_releases_have_equal_bytes(tmp_path):
    (tmp_path / "b").mkdir()
    first = write_workbook(release(tmp_path, [WHITE, LIKELIHOOD]), tmp_path)
    second = write_workbook(release(tmp_path, [LIKELIHOOD, WHITE]), tmp_path / "b")
    assert [path.name for path in first] == ["equality.xlsx", "equality.ods"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        with zipfile.ZipFile(one) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so(tmp_path):
    paths = written(tmp_path, [LIKELIHOOD], alert=[{"message": "=" + "x" * 40_000, "value": 1.0}])
    [row] = table(sheets(paths["xlsx"])["Alerts"])
    assert str(row["What is wrong"]).startswith("=xxx")
    assert str(row["What is wrong"]).endswith("(cut; the database holds the whole text)")
    assert sheets(paths["ods"])["Alerts"] == sheets(paths["xlsx"])["Alerts"]


def test_two_figures_of_one_cell_are_a_fault(tmp_path):
    with pytest.raises(ValueError, match="Two figures belong into one cell"):
        written(tmp_path, [LIKELIHOOD, LIKELIHOOD])


def test_a_release_without_figures_has_no_workbook(tmp_path):
    with pytest.raises(ValueError, match="has no figure to make a workbook of"):
        written(tmp_path, [])
