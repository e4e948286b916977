"""Tables printed from whole counts are never said to be impossible; one planted error is found."""

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from audited import findings_in
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.audit.findings import Severity

EXAMPLES = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
GROUPS = ("White", "BME", "Not stated")


def printed(value: Fraction, decimals: int) -> str:
    """Return an exact number with that many decimals, half away from zero."""
    scale = 10**decimals
    units = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(units, scale)
    sign = "-" if value < 0 and units else ""
    return sign + (f"{whole}.{rest:0{decimals}d}" if decimals else f"{whole}")


def units_off(text: str, units: int) -> str:
    """Return a printed number that is some units of its last decimal larger."""
    decimals = len(text.partition(".")[2])
    scale = 10**decimals
    return printed(Fraction(round(Fraction(text) * scale) + units, scale), decimals)


def share(count: int, base: int, decimals: int) -> str:
    return printed(Fraction(100 * count, base), decimals)


@st.composite
def reports(draw):
    """A workforce of three parts by ethnicity, its sexes, and who of it was appointed."""
    decimals = draw(st.integers(0, 3))
    counts = st.integers(1, 400)
    parts = [tuple(draw(counts) for _ in GROUPS) for _ in range(3)]
    whole = tuple(map(sum, zip(*parts, strict=True)))
    total = sum(whole)
    women = draw(st.integers(0, total))
    rows = []
    for name, part_of, numbers in [
        ("all", "", whole),
        *((f"band {n}", "all", p) for n, p in enumerate(parts)),
    ]:
        base = sum(numbers)
        place = {"Table": "Ethnicity", "Characteristic": "Ethnicity", "Part": name}
        place |= {"Part Of": part_of, "Population": "workforce"}
        rows += [
            place | {"Group": group, "Count": n, "Percent": share(n, base, decimals) + "%"}
            for group, n in zip(GROUPS, numbers, strict=True)
        ]
        rows.append(place | {"Group": "Total", "Count": base, "Percent": "100%"})
    place = {"Table": "Sex", "Characteristic": "Sex", "Population": "workforce"}
    for group, number in (("Female", women), ("Male", total - women)):
        percent = share(number, total, decimals)
        rows.append(place | {"Group": group, "Count": number, "Percent": percent})
    rows.append(place | {"Group": "Total", "Count": total})
    shortlisted = [draw(st.integers(1, 300)) for _ in range(2)]
    appointed = [draw(st.integers(1, base)) for base in shortlisted]
    rates = [Fraction(a, n) for a, n in zip(appointed, shortlisted, strict=True)]
    place = {"Table": "Appointed", "Population": "appointed"}
    for group, number, base in zip(GROUPS, appointed, shortlisted, strict=False):
        percent = share(number, base, decimals)
        rows.append(place | {"Group": group, "Count": number, "Base": base, "Percent": percent})
    rows[-2] |= {"Ratio": printed(rates[0] / rates[1], 2), "Comparator Group": "BME"}
    rows[-2]["Difference"] = printed(100 * (rates[0] - rates[1]), decimals) + " pp"
    return [{"Period": "2021/22"} | row for row in rows], decimals


def audited(rows):
    with tempfile.TemporaryDirectory() as folder:
        return findings_in(Path(folder), rows)


def impossible(rows):
    """Return the codes of what cannot be true."""
    found = audited(rows)
    return [one.code for one in found if one.detector.severity is Severity.IMPOSSIBLE]


@EXAMPLES
@given(reports())
def test_tables_of_whole_counts_printed_half_up_hold_nothing_impossible(report):
    assert [one.sentence() for one in audited(report[0])] == []


def row_of(rows, table, group, part=None):
    return next(
        row
        for row in rows
        if (row["Table"], row["Group"]) == (table, group) and part in (None, row.get("Part"))
    )


def total_one_more(rows, decimals):
    row_of(rows, "Ethnicity", "Total", "band 1")["Count"] += 1
    return {"TOTAL"}


def group_one_less(rows, decimals):
    row_of(rows, "Ethnicity", "White", "band 0")["Count"] -= 1
    return {"TOTAL"}


def percentage_a_unit_off(rows, decimals):
    row = row_of(rows, "Sex", "Female")
    row["Percent"] = units_off(row["Percent"], 1)
    return {"PERCENT", "TRAILING_ZERO"}


def ratio_a_unit_off(rows, decimals):
    row = row_of(rows, "Appointed", "White")
    row["Ratio"] = units_off(row["Ratio"], 1)
    return {"RATIO"}


def difference_a_unit_off(rows, decimals):
    row = row_of(rows, "Appointed", "White")
    number = row["Difference"].removesuffix(" pp")
    row["Difference"] = units_off(number, -1 if number.startswith("-") else 1) + " pp"
    return {"DIFFERENCE"}


def sign_of_a_difference_turned(rows, decimals):
    row = row_of(rows, "Appointed", "White")
    number = row["Difference"].removesuffix(" pp")
    assume(Fraction(number) != 0)
    row["Difference"] = number.removeprefix("-") if number.startswith("-") else f"-{number}"
    return {"DIFFERENCE"}


def difference_worded_as_a_percentage(rows, decimals):
    row = row_of(rows, "Appointed", "White")
    row["Difference"] = row["Difference"].replace(" pp", "%")
    return {"WORDING"}


def known_as_the_label_of_all(rows, decimals):
    row = row_of(rows, "Ethnicity", "White", "all")
    total = row_of(rows, "Ethnicity", "Total", "all")["Count"]
    known = total - row_of(rows, "Ethnicity", "Not stated", "all")["Count"]
    assume(share(row["Count"], known, decimals) != share(row["Count"], total, decimals))
    row["Base Label"] = "known"
    return {"BASE_LABEL"}


def shares_without_counts_above_100(rows, decimals):
    for row in rows:
        if row["Table"] == "Sex" and row["Group"] != "Total":
            row["Count"] = ""
    row = row_of(rows, "Sex", "Female")
    row["Percent"] = units_off(row["Percent"], 3)
    return {"SHARES"}


def whole_outside_its_parts(rows, decimals):
    for row in rows:
        if row["Table"] == "Ethnicity" and row["Group"] == "White":
            row["Count"] = ""
    highest = max(
        Fraction(row["Percent"].rstrip("%"))
        for row in rows
        if (row["Table"], row["Group"]) == ("Ethnicity", "White") and row["Part"] != "all"
    )
    row = row_of(rows, "Ethnicity", "White", "all")
    row["Percent"] = printed(highest + Fraction(2, 10**decimals), decimals)
    return {"COMBINED"}


def another_total_elsewhere(rows, decimals):
    for group in ("Female", "Total"):
        row_of(rows, "Sex", group)["Count"] += 16
    return {"SAME_TOTAL"}


def the_same_cell_elsewhere(rows, decimals):
    rows += [
        row | {"Table": "Again", "Part Of": "", "Percent": ""}
        for row in rows
        if row["Table"] == "Ethnicity" and row["Part"] == "all"
    ]
    row_of(rows, "Again", "White")["Count"] += 1
    row_of(rows, "Again", "BME")["Count"] -= 1
    return {"SAME_CELL"}


def a_year_that_is_none(rows, decimals):
    for row in rows:
        row["Period"] = "2021/21"
    return {"PERIOD"}


def dates_the_wrong_way_round(rows, decimals):
    rows[0] |= {"From": "31 March 2022", "To": "2022-03-30"}
    return {"DATES"}


def mean_and_median_alike(rows, decimals):
    for measure in ("Mean", "Median"):
        gap = {"Table": "Gap", "Group": "Hourly pay", "Measure": measure, "Value": "27.5%"}
        rows.append({"Period": "2021/22"} | gap)
    return {"MEAN_MEDIAN"}


def a_lone_hidden_cell(rows, decimals):
    row_of(rows, "Sex", "Male")["Count"] = "#"
    return {"HIDDEN"}


def a_base_that_is_another_population(rows, decimals):
    row = row_of(rows, "Appointed", "BME")
    rows.append(
        {"Period": "2021/22", "Table": "Shortlisted", "Population": "shortlisted"}
        | {"Group": "BME", "Count": row["Base"] + 1}
    )
    row["Base Label"] = "shortlisted"
    return {"BASE_COUNT"}


@pytest.mark.parametrize(
    "plant",
    [
        total_one_more,
        difference_a_unit_off,
        shares_without_counts_above_100,
        a_year_that_is_none,
        a_base_that_is_another_population,
        *(
            pytest.param(plant, marks=pytest.mark.slow)
            for plant in (
                group_one_less,
                percentage_a_unit_off,
                ratio_a_unit_off,
                sign_of_a_difference_turned,
                difference_worded_as_a_percentage,
                known_as_the_label_of_all,
                whole_outside_its_parts,
                another_total_elsewhere,
                the_same_cell_elsewhere,
                dates_the_wrong_way_round,
                mean_and_median_alike,
                a_lone_hidden_cell,
            )
        ),
    ],
    ids=lambda plant: plant.__name__,
)
@settings(parent=EXAMPLES, max_examples=6)
@given(report=reports())
def test_one_planted_error_is_found(plant, report):
    rows, decimals = report
    wanted = plant(rows, decimals)
    assert wanted & {one.code for one in audited(rows)}


@EXAMPLES
@given(parts=st.lists(st.tuples(st.integers(20, 900), st.integers(0, 100)), min_size=2, max_size=5))
def test_a_plain_mean_of_percentages_is_told_from_a_pooled_one(parts):
    bases = [base for base, _ in parts]
    counts = [base * percent // 100 for base, percent in parts]
    shares = [share(count, base, 2) for count, base in zip(counts, bases, strict=True)]
    mean = printed(Fraction(sum(Fraction(text) for text in shares), len(parts)), 2)
    pooled = share(sum(counts), sum(bases), 2)
    rows = [
        {"Table": "BME", "Group": "BME", "Part": f"area {n}", "Part Of": "all", "Base": base}
        | {"Percent": text}
        for n, (base, text) in enumerate(zip(bases, shares, strict=True))
    ]
    whole = {"Table": "BME", "Group": "BME", "Part": "all", "Base": sum(bases)}
    # Few people behind a percentage are told, and that is no contradiction.
    assert impossible([*rows, whole | {"Percent": pooled}]) == []
    assume(abs(Fraction(mean) - Fraction(pooled)) > Fraction(2, 100))
    assert impossible([*rows, whole | {"Percent": mean}]) == ["MEANS"]
