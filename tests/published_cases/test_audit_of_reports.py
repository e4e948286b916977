"""What an audit finds in the tables of five published reports, typed as they were printed.

Sources: the PSED and WRES reports 2022 of NHS Bedfordshire, Luton and Milton Keynes, the equality
report 2021/22 of NHS Stockport CCG, the inclusion strategy 2022-2025 of the Staffordshire CCGs and
the workforce plan of NHS St Helens CCG. Each expected value was worked out by hand from the counts.
"""

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from audited import findings_in

from pipeline.audit.run import audit
from pipeline.resources import ROOT

FOLDER = Path(__file__).parent / "audit"
CENSUS = ROOT.parent / "shared" / "data" / "census" / "census2011-qs201ew-la-ethnic-groups.csv"


def expected():
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "expected")


@pytest.mark.parametrize("case", CASES)
def test_an_audit_finds_what_is_wrong_in_a_published_table_and_nothing_else(case):
    found = [
        (str(one.row), one.code, one.printed, one.expected) for one in audit(FOLDER / f"{case}.csv")
    ]
    wanted = [
        (row["row"], row["code"], row["printed"], row["expected"])
        for row in expected()
        if row["case"] == case
    ]
    assert found == wanted


def test_the_cases_hold_the_counts_that_the_reports_meant_to_hide():
    # Sex: one person is neither; age: 1, 3 and 6 by their percentages; Stockport: 9 and 3 by
    # subtraction; ethnicity in percentages alone has one solution, and so has religion.
    told = {
        (row["case"], row["row"]): row["expected"].split(" (")[0].removeprefix("it is ")
        for row in expected()
        if row["code"] == "HIDDEN"
    }
    assert told["blmk_profile", "40"] == "1"
    assert [told["blmk_profile", row] for row in ("2", "3", "4")] == ["1", "3", "6"]
    assert [told["stockport", row] for row in ("7", "33")] == ["9", "3"]
    assert [told["stockport", row] for row in ("9", "14", "17")] == ["6", "7", "5"]
    assert [told["stockport", row] for row in ("21", "23", "25", "28")] == ["1", "2", "4", "9"]
    assert [told["blmk_survey", row] for row in ("3", "5", "9")] == ["5", "9", "5"]


def test_a_total_that_is_right_is_not_found():
    # Non-clinical 8a to VSM of 2022: 107, 24 and 4 are 135, and 4 of 135 is 3%.
    rows = {row["row"] for row in expected() if row["case"] == "blmk_wres_1"}
    assert not {"35", "37", "38"} & rows


def census_lines(areas):
    """Return the ethnic groups of local authorities at the Census 2011 as lines of tables."""
    with CENSUS.open(encoding="utf-8-sig", newline="") as file:
        for row in list(csv.DictReader(file))[:areas]:
            place = {"Organisation": row["geography"], "Table": "Ethnic group", "Period": "2011"}
            counts = {
                heading.removeprefix("Ethnic Group: ").removesuffix("; measures: Value"): int(cell)
                for heading, cell in row.items()
                if heading.startswith("Ethnic Group: ")
            }
            everybody = counts.pop("All categories: Ethnic group")
            for name, count in ({"Total": everybody} | counts).items():
                above, _, below = name.partition(": ")
                share = (Decimal(100 * count) / everybody).quantize(Decimal("0.1"), ROUND_HALF_UP)
                yield place | {
                    "Group": name,
                    "Group Of": above if below else "",
                    "Count": count,
                    "Percent": f"{share}%",
                }


def test_real_counts_printed_half_up_give_no_finding(tmp_path):
    if not CENSUS.is_file():
        pytest.skip("shared data is not beside this checkout")
    lines = list(census_lines(60))
    assert len(lines) == 60 * 24
    assert [one.sentence() for one in findings_in(tmp_path, lines)] == []
