"""A hidden zero of a whole that parts follow of which nothing is told, counted out by hand.

Two employers with two people in both. Of the one nothing is told but how many they are: nobody of
it is BME, as far as the other and their ICB tell nobody, one or two. That may be told of a whole,
save where parts follow it that tell nothing: of those it has to be told outright, or leave as much
open as they need.
"""

from dataclasses import replace

import pytest
from cells import ICB, owner, policy
from released import DAY, Tables

from pipeline.attack.attack import attack
from pipeline.attack.sums import Count
from pipeline.protect.cells import numbered
from pipeline.protect.relations import relations
from pipeline.protect.suppression import hidden_cells

ONE, OTHER = "01T", "01V"
GROUPS = ("WHITE", "BME", "UNKNOWN")
STAFF = {ONE: (40, 0, 20), OTHER: (30, 10, 10)}
PART = "directorate:Finance"
HIDDEN = replace(policy(), zeros_below_employer="hidden")
SHOWN = replace(policy(), zeros_below_employer="shown")


def counts(in_both: int) -> dict[str, tuple[int, ...]]:
    """Return the staff by group, with so many White people who work for both employers."""
    white, bme, unknown = (sum(own) for own in zip(*STAFF.values(), strict=True))
    return STAFF | {ICB: (white - in_both, bme, unknown)}


# --- attack -------------------------------------------------------------------------------------


def release(in_both, part=PART, day=DAY, hides=(), code=ONE):
    """Return a release that hides the groups of the one employer, and of ``hides``.

    Args:
        in_both: how many White people work for both employers.
        part: of what part nothing is told; None: there is none.
        day: of what day the part is.
        hides: other counts that are hidden, as organisation and group.
        code: of whose part nothing is told.
    """
    tables, true = Tables(), Tables()
    for body, numbers in counts(in_both).items():
        everybody = sum(numbers)
        for each in (tables, true):
            each.headcount(body, everybody)
        told = dict(zip(GROUPS, numbers, strict=True))
        true.profile(body, told)
        is_hidden = {group: body == ONE or (body, group) in hides for group in GROUPS}
        tables.profile(body, {of: None if is_hidden[of] else told[of] for of in GROUPS})
    if part:
        for group, number in zip(GROUPS, STAFF[code], strict=True):
            about = {"part": part, "group_code": group, "period_end": day}
            tables.figure(code, "PSED", "ethnicity", status="suppressed", **about)
            true.figure(code, "PSED", "ethnicity", numerator=number, **about)
    return tables.release(), true.release()["figure"]


def told(made, policy=HIDDEN):
    """Return what the attack finds of a release, with the ends of what is told."""
    tables, truth = made
    found = attack([tables], policy, truth).breaches
    return {(one.cell, str(one.kind)): (one.low, one.high) for one in found}


ZERO = Count(DAY, "employer", ONE, "workforce", "all", "ethnicity", "BME")


def test_a_zero_that_may_be_two_is_told_to_the_parts_that_follow_it():
    assert told(release(2)) == {(ZERO, "interval"): (0, 2)}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"part": None}, id="no part"),
        pytest.param({"day": "2021-12-31"}, id="of another day"),
        pytest.param({"part": "one_year"}, id="a whole too"),
    ],
)
def test_it_may_be_told_of_a_whole_that_no_part_follows(other):
    assert told(release(2, **other)) == {}


def test_it_may_be_told_where_a_zero_of_a_part_may_be():
    assert told(release(2), SHOWN) == {}


def test_told_outright_it_tells_of_no_person_of_a_part():
    assert told(release(0)) == {}


def test_the_parts_of_any_employer_follow_it():
    """Whoever is in a part of the other employer may be one of the two in both."""
    assert told(release(2, code=OTHER)) == {(ZERO, "interval"): (0, 2)}


@pytest.mark.parametrize(("in_both", "found"), [(3, {(0, 3)}), (4, set()), (5, set())])
def test_five_values_are_enough_where_the_block_is_withheld(in_both, found):
    assert set(told(release(in_both)).values()) == found


def test_what_the_protection_hides_besides_is_enough():
    assert told(release(2, hides={(OTHER, "BME"), (OTHER, "WHITE")})) == {}


# --- protection ---------------------------------------------------------------------------------


def hidden(in_both, policy=HIDDEN, part=PART):
    """Return what is hidden beside the one employer's groups, as organisation and group."""
    tables = {
        owner(code): {"workforce/all//ALL": sum(numbers)}
        | {
            f"workforce/all/ethnicity/{group}": one
            for group, one in zip(GROUPS, numbers, strict=True)
        }
        for code, numbers in counts(in_both).items()
    }
    own = owner(ONE)
    if part:
        tables[own] |= {
            f"workforce/{part}/ethnicity/{group}": number
            for group, number in zip(GROUPS, STAFF[ONE], strict=True)
        }
    cells = numbered(tables)
    withheld = [cells.number(own, name) for name in tables[own] if "ethnicity" in name]
    found = hidden_cells(
        cells, relations(cells, {owner(ICB): [[own, owner(OTHER)]]}), policy, withheld
    )
    named = cells.named()
    return {(named[one][0].organisation_code, named[one][1].rpartition("/")[2]) for one in found}


def test_the_protection_leaves_a_zero_open_that_silent_parts_follow():
    """With the unknown in place of the White, of whom 28 are left, 8 of these would be told."""
    assert hidden(2) == {(OTHER, "BME"), (OTHER, "WHITE")}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"part": None}, id="no part"),
        pytest.param({"policy": SHOWN}, id="zeros of parts are shown"),
        pytest.param({"in_both": 0}, id="told outright"),
        pytest.param({"in_both": 4}, id="five values"),
    ],
)
def test_the_protection_hides_nothing_for_a_zero_that_may_be_told(other):
    assert hidden(**{"in_both": 2} | other) == set()
