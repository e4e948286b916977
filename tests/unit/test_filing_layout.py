"""The layouts of the returns as data, and the formulas of their auto cells."""

from datetime import date
from fractions import Fraction

import pytest

from pipeline.filings.formulas import AUTOS, NOT_APPLICABLE
from pipeline.filings.pay_gap import pay_gap_columns
from pipeline.filings.template import filing_rows, template
from pipeline.registry import load_registry
from pipeline.resources import reference

REGISTRY = {(one.standard, one.indicator): one for one in load_registry()}
YEARS = range(2015, 2031)
STANDARDS = ("WRES", "WDES")


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_a_layout_whose_cells_stand_apart(standard, year):
    layout = template(standard, date(year, 3, 31))
    places = [slot.place for slot in layout.slots]
    assert len(set(places)) == len(places)
    frames = [
        (table.sheet, table.top + down)
        for table in layout.tables
        for down in range(2 + len(table.labels))
    ]
    assert len(set(frames)) == len(frames)


@pytest.mark.parametrize("standard", STANDARDS)
def test_each_cell_shows_what_the_registry_defines(standard):
    """Indicators, measures and decimals are those of the registry; so are the sources behind."""
    parts = {row["part"] for row in reference("workforce_part")}
    for slot in template(standard, date(2022, 3, 31)).slots:
        _, indicator, part, measure, group = slot.key
        if not indicator:
            continue
        registered = REGISTRY[standard, indicator]
        assert measure in registered.measures
        assert group in registered.groups
        if slot.field == "value" and slot.decimals is not None:
            assert registered.measures[measure].decimals == slot.decimals
        assert set(slot.needs.split()) <= {*registered.needs, "esr_staff"}
        if indicator == "1" and standard == "WRES":
            assert part in parts


def test_a_memo_row_is_in_no_total():
    memos = {
        (row["standard"], row["row"])
        for row in filing_rows("template_row")
        if "memo" in row["label"]
    }
    assert memos == {("WRES", "senior_manager"), ("WDES", "ill_health")}
    for standard in STANDARDS:
        slots = template(standard, date(2022, 3, 31)).slots
        of_memo = {slot.place for slot in slots if "memo" in slot.label}
        assert of_memo
        assert not of_memo & {place for slot in slots for place in slot.arguments}


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_window_of_the_formal_process_changes_with_the_return_of_2023(standard):
    labels = {
        year: {slot.label for slot in template(standard, date(year, 3, 31)).slots}
        for year in (2022, 2023)
    }
    two_years = {
        "Entrants, year 1 (the year before)",
        "Entrants, year 2 (the year to the snapshot)",
        "Entrants, total of two years (auto)",
        "Entrants, average of two years (auto)",
    }
    assert labels[2022] - labels[2023] == two_years
    assert labels[2023] - labels[2022] == {"Entrants in the year"}


@pytest.mark.parametrize(
    ("auto", "numbers", "decimals", "shown"),
    [
        ("total", (98, 28, 4), None, 130),
        ("less", (19, 10), None, 9),
        ("average", (2, 1), None, Fraction(3, 2)),
        ("share", (96, 398), 1, 24.1),
        ("share", (1, 16), 1, 6.3),  # 6.25: a half goes up
        ("share", (0, 0), 1, NOT_APPLICABLE),
        # NHS Bedfordshire, Luton and Milton Keynes, WRES report 2022, indicators 2, 4 and 9.
        ("ratio", (43, 185, 17, 169), 2, 2.31),
        ("ratio", (116, 288, 48, 96), 2, 0.81),
        ("difference", (6, 19, 96, 398), 1, 7.5),
        ("difference", (0, 16, 1, 16), 1, -6.3),  # -6.25: away from zero
        ("difference", (1, 0, 1, 16), 1, NOT_APPLICABLE),
        ("ratio", (0, 96, 0, 288), 2, NOT_APPLICABLE),
        ("ratio", (1, 96, 0, 288), 2, NOT_APPLICABLE),
        ("ratio", (0, 96, 3, 288), 2, 0.0),
        ("ratio", (Fraction(3, 2), 100, 4, 400), 2, 1.5),
    ],
)
def test_an_auto_cell_works_out(auto, numbers, decimals, shown):
    assert AUTOS[auto].value(numbers, decimals) == shown


def test_a_formula_is_blank_while_a_cell_is_and_says_where_nothing_can_be_divided():
    ratio = AUTOS["ratio"].formula(("B3", "B2", "C3", "C2"), "B3,B2,C3,C2", 2)
    assert ratio == (
        '=IF(COUNT(B3,B2,C3,C2)<4,"",IF(OR(B2=0,C3=0,C2=0),"N/A",ROUND((B3*C2)/(B2*C3),2)))'
    )
    assert (
        AUTOS["total"].formula(("B2", "B3"), "B2:B3", None) == '=IF(COUNT(B2:B3)<2,"",SUM(B2:B3))'
    )


def test_the_columns_are_the_27_of_the_downloads():
    assert pay_gap_columns() == (
        *("EmployerName", "EmployerId", "Address", "PostCode", "CompanyNumber", "SicCodes"),
        *("DiffMeanHourlyPercent", "DiffMedianHourlyPercent"),
        *("DiffMeanBonusPercent", "DiffMedianBonusPercent"),
        *("MaleBonusPercent", "FemaleBonusPercent"),
        *("MaleLowerQuartile", "FemaleLowerQuartile"),
        *("MaleLowerMiddleQuartile", "FemaleLowerMiddleQuartile"),
        *("MaleUpperMiddleQuartile", "FemaleUpperMiddleQuartile"),
        *("MaleTopQuartile", "FemaleTopQuartile", "CompanyLinkToGPGInfo", "ResponsiblePerson"),
        *("EmployerSize", "CurrentName", "SubmittedAfterTheDeadline", "DueDate", "DateSubmitted"),
    )
