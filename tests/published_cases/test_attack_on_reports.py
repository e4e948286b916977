"""The attack on printed reports finds every hidden count that the reports told after all.

Sources: the PSED report 2021/22 and the WRES report 2022 of NHS Bedfordshire, Luton and Milton
Keynes, and the equality report 2021/22 of NHS Stockport CCG, as typed for ``equality audit``.
"""

import json
from pathlib import Path

import pytest
from audited import write_table
from command import equality

from pipeline.attack.printed import attack_printed
from pipeline.errors import UsageError

CASES = Path(__file__).parent / "audit"


def told(case):
    """Return each count that has one value, by table, part and group."""
    return {
        (cell.table, cell.part, cell.group): cell.low
        for cell in attack_printed(CASES / f"{case}.csv")
        if cell.low == cell.high and not cell.is_linked
    }


def test_percentages_tell_the_three_smallest_ages_and_subtraction_the_one_blank_sex():
    found = told("blmk_profile")
    ages = [found["Age", "all", group] for group in ("<=20 Years", ">=71 Years", "21-25")]
    assert ages == [1, 3, 6]
    assert [number for (table, _, _), number in found.items() if table == "Sex"] == [1]


def test_the_blank_record_of_one_table_tells_those_of_others():
    cells = attack_printed(CASES / "blmk_profile.csv")
    linked = {(cell.table, cell.group): cell.low for cell in cells if cell.is_linked}
    assert linked["Age", "66-70"] == 9
    assert linked["Disability", "Unspecified"] == 3


def test_percentages_and_a_total_tell_every_count_of_stockport():
    found = told("stockport")
    assert found["Disability", "all", "Not disclosed"] == 9
    assert found["Marital status", "all", "Undisclosed"] == 3
    clinical = [found["Race", "Clinical", group] for group in ("BAME", "White British")]
    assert clinical == [6, 40]
    groups = ("BAME", "White British", "White ME")
    assert [found["Race", "Non Clinical", group] for group in groups] == [7, 71, 5]
    religion = [number for (table, _, _), number in found.items() if table == "Religion"]
    assert religion == [28, 1, 68, 2, 17, 4, 0, 0, 9, 0]


def test_percentages_of_printed_bases_tell_answers_to_a_survey():
    numbers = list(told("blmk_survey").values())
    assert [number for number in numbers if number < 10] == [5, 9, 5]


def test_a_count_that_stays_hidden_keeps_its_whole_interval(tmp_path):
    rows = [
        {"Table": "A", "Group": "a", "Count": "*", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "b", "Count": "*", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "c", "Count": "*"},
        {"Table": "A", "Group": "Total", "Count": "60"},
    ]
    cells = attack_printed(write_table(tmp_path / "table.csv", rows))
    assert [(cell.low, cell.high, cell.is_protected) for cell in cells] == [
        (1, 9, True),
        (1, 9, True),
        (42, 58, True),
    ]
    assert cells[0].sentence() == "Row 2: A, a: 1 to 9 (protected)"


def test_of_tables_that_contradict_themselves_nothing_is_proven(tmp_path):
    rows = [
        {"Table": "A", "Group": "a", "Count": "*", "Percent": "50.0", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "b", "Count": "*", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "Total", "Count": "60"},
    ]
    table = write_table(tmp_path / "table.csv", rows)
    cells = attack_printed(table)
    assert [(cell.low, cell.high, cell.is_protected) for cell in cells] == [
        (None, None, False),
        (None, None, False),
    ]
    result = equality("attack", table)
    assert result.exit_code == 1
    assert result.out.splitlines() == [
        "Row 2: A, a: not proven (`equality audit` lists what is wrong)",
        "Row 3: A, b: not proven (`equality audit` lists what is wrong)",
        "table.csv: 2 hidden counts, 2 of them not protected",
    ]


def test_filings_are_no_table_to_attack(tmp_path):
    filing = Path(__file__).parent / "filings" / "filings.csv"
    with pytest.raises(UsageError, match="of which no count is hidden"):
        attack_printed(filing)


def test_the_command_ends_with_1_where_a_count_is_told_and_with_0_where_none_is(tmp_path):
    told = equality("attack", CASES / "stockport.csv", "--json")
    assert told.exit_code == 1
    cells = json.loads(told.out)
    found = {(one["table"], one["group"]): (one["low"], one["high"]) for one in cells}
    assert found["Marital status", "Undisclosed"] == (3, 3)
    rows = [
        {"Table": "A", "Group": "a", "Count": "*", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "b", "Count": "*", "Hidden Means": "1-9"},
        {"Table": "A", "Group": "Total", "Count": "10"},
    ]
    held = equality("attack", write_table(tmp_path / "table.csv", rows))
    assert (held.exit_code, held.err) == (0, "")
    assert held.out.splitlines()[-1] == "table.csv: 2 hidden counts, 0 of them not protected"


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path):
    missing = equality("attack", tmp_path / "none.csv")
    assert missing.exit_code == 2
    assert "none.csv" in missing.err
    assert "Traceback" not in missing.err
