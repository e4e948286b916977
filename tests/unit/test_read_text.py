import pytest
from extracts import as_text, headings, read_rows, rows, staff_text

from pipeline.errors import ProductError
from pipeline.faults import Fault
from pipeline.read import read

GOOD = staff_text({}, {"FTE": ""})
HEADER = headings()
FIRST, SECOND = rows("esr_staff", {}, {"FTE": ""})


def faults(content: bytes | str, name: str = "esr_staff.csv") -> list[Fault]:
    data = content.encode() if isinstance(content, str) else content
    return read(data, name, "esr_staff").faults


def without(column: str, *others: str) -> str:
    kept = [index for index, name in enumerate(HEADER) if name not in (column, *others)]
    return as_text(*([line[index] for index in kept] for line in (HEADER, FIRST)))


def with_column(heading: str, cell: str) -> str:
    return as_text([*HEADER, heading], [*FIRST, cell])


def replaced(column: str, cell: str) -> str:
    return staff_text({}, {column: cell})


def test_cells_are_text_as_received():
    reading = read(GOOD.encode(), "esr_staff.csv", "esr_staff")
    assert reading.faults == []
    assert not reading.rejected
    assert reading.rows_received == 2
    assert reading.frame["row_number"].tolist() == [2, 3]
    assert list(reading.frame.columns[1:]) == [name.lower().replace(" ", "_") for name in HEADER]
    assert reading.frame.iloc[0, 1:].tolist() == FIRST
    assert reading.frame["nhs_unique_id"].tolist() == ["00000042", "00000042"]
    assert reading.frame["fte"].isna().tolist() == [False, True]
    assert reading.headings == dict(zip(reading.frame.columns[1:], HEADER, strict=True))


def test_a_column_blank_throughout_is_still_text():
    assert read_rows({"Job Role": ""}).frame["job_role"].dtype == "str"


@pytest.mark.parametrize("blank", ["", "  ", "(blank)", "(Blank)", "\xa0", " \xa0 ", "\u200b"])
def test_blank_cells(blank):
    assert read_rows({"Gender": blank}).frame["gender"].isna().all()


def test_non_breaking_spaces_are_trimmed():
    frame = read_rows({"Gender": "\xa0Female\xa0", "Job Role": "Team\xa0Leader"}).frame
    assert frame["gender"].tolist() == ["Female"]
    assert frame["job_role"].tolist() == ["Team Leader"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [Fault("FILE_EMPTY")], id="empty"),
        pytest.param(b" \r\n\r\n", [Fault("FILE_EMPTY")], id="white space"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", [Fault("FILE_NOT_TEXT")], id="binary"),
        pytest.param(GOOD.encode() + b"\x00", [Fault("FILE_NOT_TEXT")], id="NUL byte"),
        pytest.param(b"\x81\x8d" + GOOD.encode(), [Fault("FILE_NOT_TEXT")], id="no encoding"),
        pytest.param(
            replaced("Job Role", "Attaché").encode("cp1252"), [Fault("ENCODING_GUESSED")], id="1252"
        ),
        pytest.param(GOOD.encode("utf-8-sig"), [], id="UTF-8 with a mark"),
        pytest.param(GOOD.encode("utf-16"), [], id="UTF-16"),
        pytest.param(b"\xfe\xff" + GOOD.encode("utf-16-be"), [], id="UTF-16 big-endian"),
        pytest.param(
            GOOD.encode("utf-16")[:-1],
            [Fault("FILE_TRUNCATED", detail="it ends within a character")],
            id="UTF-16 cut in a character",
        ),
        pytest.param(
            GOOD.encode() + "é".encode()[:1],
            [Fault("FILE_TRUNCATED", detail="it ends within a character")],
            id="UTF-8 cut in a character",
        ),
        pytest.param(GOOD.encode() + b"\x1a", [], id="end mark of old systems"),
        pytest.param(
            "Staff List\r\n\r\nSnapshot Date,31-Mar-2023\r\n" + GOOD,
            [Fault("PREAMBLE", detail="the headings were found in row 4")],
            id="preamble",
        ),
        pytest.param("\r\n" * 49 + GOOD, [], id="header in row 50"),
        pytest.param(
            as_text(HEADER, FIRST, HEADER, SECOND, HEADER),
            [Fault("HEADER_REPEATED", detail="rows 3, 5")],
            id="repeated header",
        ),
        pytest.param(
            with_column("gender ", "Male"),
            [Fault("HEADING_REPEATED", 1, "Gender", "'Gender', 'gender' all stand for Gender")],
            id="same heading twice",
        ),
        pytest.param(
            as_text([*(name for name in HEADER if name != "Gender"), "Sex"], FIRST),
            [Fault("HEADINGS_MATCHED", 1, detail="'Sex' as Gender")],
            id="synonym",
        ),
        pytest.param(
            with_column("Sex", "Male"),
            [Fault("COLUMNS_IGNORED", detail="1 in all: V")],
            id="a synonym beside the canonical heading",
        ),
        pytest.param(without("FTE"), [Fault("HEADING_MISSING", column="FTE")], id="missing column"),
        pytest.param(
            as_text([name.replace("Ethnic Origin", "Ethnic Orign") for name in HEADER], FIRST),
            [
                Fault(
                    "HEADING_MISSING",
                    column="Ethnic Origin",
                    detail="did you mean the column 'Ethnic Orign'?",
                ),
                Fault("COLUMNS_IGNORED", detail="1 in all: L"),
            ],
            id="misspelt column",
        ),
        pytest.param(
            without("FTE", "Gender", "Job Role"),
            [Fault("HEADING_MISSING", column="FTE"), Fault("HEADING_MISSING", column="Gender")],
            id="several missing columns, an optional one among them",
        ),
        pytest.param(
            as_text([*HEADER, *(f"X{n}" for n in range(200))], [*FIRST, *["1"] * 200]),
            [Fault("COLUMNS_IGNORED", detail="200 in all: V, W, X, Y, Z and 195 more")],
            id="200 extra columns",
        ),
        pytest.param(
            as_text([*HEADER, "", ""], [*FIRST, "", ""]), [], id="columns without a heading"
        ),
        pytest.param(
            replaced("FTE", "#N/A") + as_text(*[rows("esr_staff", {"FTE": "#DIV/0!"})[0]] * 11),
            [
                Fault(
                    "FORMULA_ERROR",
                    column="FTE",
                    detail="rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more",
                )
            ],
            id="formula errors in one column",
        ),
        pytest.param(
            staff_text({"Gender": "#REF!", "FTE": "#value!"}),
            [
                Fault("FORMULA_ERROR", column="FTE", detail="rows 2"),
                Fault("FORMULA_ERROR", column="Gender", detail="rows 2"),
            ],
            id="formula errors in two columns",
        ),
        pytest.param(
            with_column("Notes", "#N/A"),
            [Fault("COLUMNS_IGNORED", detail="1 in all: V")],
            id="formula error in a column that is not read",
        ),
        pytest.param(
            as_text(HEADER, [*FIRST, "x"], SECOND[:-1], SECOND),
            [
                Fault("ROW_CELL_COUNT", 2, detail="22 cells, where the heading row has 21"),
                Fault("ROW_CELL_COUNT", 3, detail="20 cells, where the heading row has 21"),
            ],
            id="rows of another length",
        ),
        pytest.param(
            as_text(HEADER, FIRST) + ",".join(SECOND[:-3]),
            [Fault("FILE_TRUNCATED", 3, detail="18 cells, where the heading row has 21")],
            id="last line cut short",
        ),
        pytest.param(GOOD.rstrip(), [], id="whole last line without a line end"),
        pytest.param(
            as_text(HEADER, FIRST) + '"20000002',
            [
                Fault(
                    "FILE_TRUNCATED",
                    3,
                    detail="a quotation mark is opened in this row and never closed",
                )
            ],
            id="quotation mark never closed",
        ),
        pytest.param(
            as_text(HEADER, ['"x"y', *FIRST[1:]], SECOND), [Fault("ROW_QUOTES", 2)], id="stray mark"
        ),
        pytest.param(as_text(HEADER), [], id="headings alone"),
    ],
)
def test_faults_of_a_file(content, expected):
    assert faults(content) == expected


@pytest.mark.parametrize(
    "content", [b"just,some,words\n1,2,3\n", b"Gender,Male\n", b"{}", b"\n" * 50 + GOOD.encode()]
)
def test_without_a_header_the_headings_looked_for_are_named(content):
    (fault,) = faults(content)
    assert fault.code == "HEADER_NOT_FOUND"
    assert fault.detail.startswith("looked for Employee Number, Assignment Number, ")
    assert fault.detail.endswith("Gender, Date Of Birth")


@pytest.mark.parametrize("name", ["esr_staff.xlsx", "ESR_STAFF.XLSX", "old.xls"])
def test_text_under_the_name_of_a_workbook(name):
    assert faults(GOOD, name) == [Fault("FILE_UNREADABLE")]


def test_a_file_that_is_cut_in_every_possible_place_never_reads_as_whole():
    whole = read(GOOD.encode(), "x.csv", "esr_staff")
    last_cell = len(GOOD.rstrip()) - len(SECOND[-1])
    for end in range(last_cell):
        reading = read(GOOD[:end].encode(), "x.csv", "esr_staff")
        assert reading.rejected or reading.rows_received < whole.rows_received, end


def test_rows_are_numbered_as_in_a_spreadsheet():
    text = as_text(HEADER, [], ['"two\r\nlines"', *FIRST[1:]], ["", ""], SECOND)
    reading = read(text.encode(), "x.csv", "esr_staff")
    assert reading.frame["row_number"].tolist() == [3, 5]
    assert reading.faults == []
    assert reading.rows_received == 2


def test_misfitting_rows_stay_in_the_frame():
    reading = read(as_text(HEADER, [*FIRST, "x"], SECOND[:2], SECOND).encode(), "x", "esr_staff")
    assert reading.rows_received == len(reading.frame) == 3


@pytest.mark.parametrize(
    "heading", ["EMPLOYEE NUMBER", "employee_number", "Employee-Number:", " Employee  Number "]
)
def test_case_spaces_and_punctuation_of_headings(heading):
    text = as_text([heading, *HEADER[1:]], FIRST)
    reading = read(text.encode(), "x.csv", "esr_staff")
    assert reading.faults == []
    assert reading.headings["employee_number"] == heading.strip()


def test_columns_may_stand_in_any_order():
    text = as_text(HEADER[::-1], FIRST[::-1])
    reading = read(text.encode(), "x.csv", "esr_staff")
    assert reading.frame.equals(read_rows({}).frame)


def test_a_source_without_headings_is_a_fault_of_ours():
    with pytest.raises(ProductError, match="nonsense"):
        read(b"x", "x.csv", "nonsense")
