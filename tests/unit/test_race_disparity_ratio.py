"""The race disparity ratio of counts by tier, and its identity.

Source: NHS England, race disparity ratio (2021). The case with two tiers is made from the table of
pay bands by ethnicity in the WRES report 2022 of NHS Bedfordshire, Luton and Milton Keynes.
"""

from fractions import Fraction

import pytest
from counting import figures
from hypothesis import given
from hypothesis import strategies as st
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

from pipeline.assess.rates import disparity_ratio

MARCH, CODE = "2021-03-31", "01W"
BANDS = ("Review Body Band 5", "Review Body Band 7", "Review Body Band 8 - Range A")
SCALES = ("NHS|XR05|", "NHS|XR07|", "NHS|XR08|")
PEOPLE = ((400, 200), (300, 90), (150, 30))  # White and BME in the lower, middle and upper tier
STEPS = ("lower_to_middle", "middle_to_upper", "lower_to_upper")


@pytest.fixture(scope="module")
def worked(module_folders):
    """The worked example on the clinical side; another side and other grades beside it."""
    inbox = module_folders.mktemp("disparity")
    rows = []
    for (white, bme), scale, name in zip(PEOPLE, SCALES, BANDS, strict=True):
        counts = {WHITE: white, BME: bme, UNKNOWN: 3}
        shared = {"staff_group": "Healthcare Scientists", "pay_scale": scale + name}
        rows += staff_rows(counts, first=len(rows) + 1, **shared)
    rows += staff_rows({WHITE: 4, BME: 2}, first=len(rows) + 1)
    consultants = {"staff_group": "Medical and Dental", "pay_scale": "NHS|YC72|Consultant"}
    rows += staff_rows({WHITE: 5, BME: 5}, first=len(rows) + 1, **consultants)
    write_inbox(inbox, MARCH, CODE, "esr_staff", rows)
    return figures(inbox)


def ratio(found, step, part):
    return found.only(standard="RDR", indicator=step, part=part, level="employer")


@pytest.mark.parametrize(
    ("step", "counts", "value", "direction"),
    [
        ("lower_to_middle", (300, 400, 90, 200), 1.67, "adverse"),
        ("middle_to_upper", (150, 300, 30, 90), 1.5, "cannot_tell"),
        ("lower_to_upper", (150, 400, 30, 200), 2.5, "adverse"),
    ],
)
def test_worked_example(worked, step, counts, value, direction):
    told = ratio(worked, step, "clinical")
    names = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
    assert tuple(told[name] for name in names) == counts
    assert (told["value"], told["status"], told["direction"]) == (value, "ok", direction)


def test_all_staff_are_both_sides_without_the_medical_grades(worked):
    told = ratio(worked, "lower_to_middle", "all")
    assert (told["numerator"], told["denominator"]) == (300, 404)
    assert (told["comparator_numerator"], told["comparator_denominator"]) == (90, 202)


def test_without_anybody_in_the_higher_tier_there_is_no_ratio(worked):
    told = ratio(worked, "lower_to_middle", "non_clinical")
    assert (told["value"], told["status"], told["reason"]) == (None, "not_applicable", "NO_EVENTS")


def test_two_tiers_of_the_blmk_report():
    """Bands 1-7 to 8a-VSM, March 2022: no direction is established on either side."""
    clinical = disparity_ratio(49, 33, 31, 11, "adverse")
    assert (clinical.value, clinical.ci_low, clinical.ci_high) == (0.53, 0.23, 1.19)
    non_clinical = disparity_ratio(107, 98, 24, 28, "adverse")
    assert (non_clinical.value, non_clinical.ci_low, non_clinical.ci_high) == (1.27, 0.69, 2.34)
    assert clinical.direction == non_clinical.direction == "cannot_tell"
    assert disparity_ratio(156, 131, 55, 39, "adverse").value == 0.84


headcount = st.integers(1, 5_000)


@given(st.tuples(headcount, headcount, headcount), st.tuples(headcount, headcount, headcount))
def test_lower_to_upper_is_the_product_of_its_steps(white, bme):
    """On unrounded values; the published ones round once and agree within what rounding leaves."""
    steps = [(0, 1), (1, 2), (0, 2)]
    exact = [Fraction(white[up] * bme[low], white[low] * bme[up]) for low, up in steps]
    assert abs(float(exact[0]) * float(exact[1]) / float(exact[2]) - 1) < 1e-9
    told = [
        disparity_ratio(white[up], white[low], bme[up], bme[low], "adverse") for low, up in steps
    ]
    for value, unrounded in zip((one.value for one in told), exact, strict=True):
        assert value is not None and abs(value - float(unrounded)) <= 0.005 * (1 + 1e-9)
