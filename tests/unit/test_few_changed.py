"""Blocks that tell of one or two people: versions of a snapshot, and a year with one leaver."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest
from cells import figure, frame, policy

from pipeline.protect.cells import Owner
from pipeline.protect.detail import Block
from pipeline.protect.few_changed import (
    Pair,
    close_snapshots,
    few_changed,
    headcounts,
    moved_people,
)
from pipeline.protect.published_before import PublishedBefore

NOW, YEAR_BEFORE = date(2022, 3, 31), date(2021, 3, 31)
ALL = "workforce/all//ALL"
GROUPS = ("WHITE", "BME", "UNKNOWN")


def owner(period_end=NOW, level="employer", code="01T"):
    return Owner(period_end, level, code)


def ethnicity(white, bme, unknown, part="all"):
    """Return the counts of one block with their base."""
    groups = {
        f"workforce/{part}/ethnicity/{group}": number
        for group, number in zip(GROUPS, (white, bme, unknown), strict=True)
    }
    return {f"workforce/{part}//ALL": white + bme + unknown, **groups}


def block(of, part="all"):
    return Block(of, "workforce", part, "ethnicity")


def versions(now, told, of=None):
    """Return what a release told of an owner of which the counts are now ``now``."""
    of = of or owner()
    return PublishedBefore({of: now}, ({(of, name): number for name, number in told.items()},))


# --- another version of the same snapshot ------------------------


@pytest.mark.parametrize(
    ("before", "now", "is_withheld"),
    [
        ((60, 30, 20), (60, 30, 20), False),
        ((60, 30, 20), (60, 31, 19), True),  # one person told their ethnicity
        ((60, 30, 20), (60, 29, 20), True),  # one person is a leaver after all
        ((60, 30, 20), (60, 28, 20), True),
        ((60, 30, 20), (60, 27, 20), False),
        ((60, 30, 20), (72, 31, 20), False),  # among thirteen
        ((60, 30, 20), (60, 40, 10), False),
    ],
)
def test_a_version_that_differs_by_one_or_two_people_is_withheld(before, now, is_withheld):
    found = few_changed(versions(ethnicity(*now), ethnicity(*before)), {}, policy())
    assert found == ({block(owner())} if is_withheld else set())


def test_a_part_is_looked_at_by_its_own_base():
    part = "directorate:Finance"
    now = ethnicity(90, 30, 20) | ethnicity(33, 10, 0, part)
    before = ethnicity(60, 30, 20) | ethnicity(32, 10, 0, part)
    assert few_changed(versions(now, before), {}, policy()) == {block(owner(), part)}


def test_without_its_base_a_change_is_of_nobody_knows_how_many():
    before = ethnicity(60, 30, 20)
    del before[ALL]
    assert few_changed(versions(ethnicity(60, 29, 20), before), {}, policy()) == set()


def test_the_policy_says_how_few_are_few():
    before = versions(ethnicity(60, 29, 20), ethnicity(60, 30, 20))
    assert few_changed(before, {}, replace(policy(), minimum_change=1)) == set()


# --- two snapshots ------------------------


def years(now, then, told=()):
    counts = {owner(): now, owner(YEAR_BEFORE): then}
    release = {(of, name): counts[of][name] for of in told for name in counts[of]}
    return PublishedBefore(counts, (release,) if told else ())


ONE_LEAVER = years(ethnicity(60, 29, 20), ethnicity(60, 30, 20))
PAIR = Pair(owner(), YEAR_BEFORE)


def test_one_leaver_between_two_snapshots_withholds_the_later_one():
    assert few_changed(ONE_LEAVER, {PAIR: 1}, policy()) == {block(owner())}


@pytest.mark.parametrize("moved", [{PAIR: 3}, {PAIR: 27}, {}])
def test_a_small_net_change_of_many_who_came_and_went_tells_of_nobody(moved):
    assert few_changed(ONE_LEAVER, moved, policy()) == set()


def test_of_two_snapshots_the_one_that_is_not_out_is_withheld():
    counts = ethnicity(60, 29, 20), ethnicity(60, 30, 20)
    later_is_out = years(*counts, told=[owner()])
    assert few_changed(later_is_out, {PAIR: 1}, policy()) == {block(owner(YEAR_BEFORE))}
    both_are_out = years(*counts, told=[owner(), owner(YEAR_BEFORE)])
    assert few_changed(both_are_out, {PAIR: 1}, policy()) == set()


def test_after_a_withheld_snapshot_the_one_before_it_is_what_a_reader_has():
    june, september = date(2022, 6, 30), date(2022, 9, 30)
    of = [owner(day, "icb", "QYG") for day in (NOW, june, september)]
    numbers = ((60, 30, 20), (60, 29, 20), (60, 26, 20))
    counts = {one: ethnicity(*own) for one, own in zip(of, numbers, strict=True)}
    moved = {Pair(of[1], NOW): 1, Pair(of[2], june): 2, Pair(of[2], NOW): 4}
    assert few_changed(PublishedBefore(counts), moved, policy()) == {block(of[1])}


def test_snapshots_that_are_not_published_are_no_neighbours():
    staff = dict.fromkeys(map(owner, (YEAR_BEFORE, date(2021, 12, 31), NOW)), 110)
    assert close_snapshots(staff, policy()) == [Pair(owner(), YEAR_BEFORE)]
    assert close_snapshots(staff | {owner(): 112}, policy()) == [Pair(owner(), YEAR_BEFORE)]
    assert close_snapshots(staff | {owner(): 113}, policy()) == []


def test_the_headcounts_are_those_of_the_figures():
    rows = [
        figure(numerator=(ALL, 110)),
        figure("01V", numerator=("workforce/all/sex/FEMALE", 60)),
        figure("01X", numerator=(ALL, None)),
    ]
    assert headcounts(frame(rows)) == {owner(): 110}


def test_people_are_counted_who_are_there_at_one_of_two_snapshots():
    staff = [(YEAR_BEFORE, person) for person in (1, 2, 3)] + [
        (NOW, person) for person in (2, 3, 4)
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table core.workforce (period_end date, level varchar, "
            "organisation_code varchar, person integer)"
        )
        connection.executemany("insert into core.workforce values (?, 'employer', '01T', ?)", staff)
        assert moved_people(connection, [PAIR]) == {PAIR: 2}
        assert moved_people(connection, []) == {}
        nobody = Pair(owner(code="01V"), YEAR_BEFORE)
        assert moved_people(connection, [nobody]) == {nobody: 0}
