"""Every figure of the demo, computed a second time by other means, against the product's table.

The second computation (``recount``) reads the sample's files as written. A figure that the product
has and it has not, or the other way round, is a failure; so is a standard of the table that no
module of it computes.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from recount import STANDARDS, Place, figures_of
from recount.extracts import Extracts
from recount.values import Figure

from pipeline.cli import main


@pytest.fixture(scope="module")
def expected(demo_home: Path) -> dict[Place, Figure]:
    return figures_of(demo_home / "inbox")


@pytest.fixture(scope="module")
def product(demo_home: Path) -> dict[Place, Figure]:
    """The rows of ``figures --unprotected --json``."""
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *texts, **_: printed.extend(texts))
        assert main(["figures", "--unprotected", "--json", "--home", str(demo_home)]) == 0
    rows = json.loads("".join(printed))
    found = {place(row): Figure(*(row[name] for name in Figure._fields)) for row in rows}
    assert len(found) == len(rows), "two figures have the same key"
    return found


def place(row: Mapping) -> Place:
    names = ("standard", "indicator", "part", "measure", "group_code", "comparator_code")
    key = tuple(row[name] or "" for name in names)
    return Place(row["period_end"], row["level"], row["organisation_code"], key)


def of_standard(figures: Mapping[Place, Figure], standard: str) -> dict[Place, Figure]:
    return {place: figure for place, figure in figures.items() if place.key[0] == standard}


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_figure_is_computed_twice_the_same(standard, expected, product):
    ours, theirs = of_standard(expected, standard), of_standard(product, standard)
    assert sorted(theirs.keys() - ours.keys()) == []
    assert sorted(ours.keys() - theirs.keys()) == []
    wrong = {place: (ours[place], theirs[place]) for place in ours if ours[place] != theirs[place]}
    assert wrong == {}


def test_every_standard_of_the_table_is_computed_twice(expected, product):
    standards = {place.key[0] for place in product}
    assert standards == {place.key[0] for place in expected} == set(STANDARDS)


def test_an_icb_is_smaller_than_the_sum_of_its_employers(product, demo_home):
    """The people who hold posts in two CCGs of it are counted once at the ICB."""
    extracts = Extracts(demo_home / "inbox")
    headcounts = {
        place[:3]: figure.numerator or 0
        for place, figure in product.items()
        if place.key == ("PSED", "sex", "all", "headcount", "ALL", "")
    }
    for period in extracts.periods:
        (icb,) = [owner for owner in extracts.owners(period) if owner.level == "icb"]
        employers = sum(headcounts[period, "employer", member] for member in icb.members)
        assert 10 <= employers - headcounts[period, "icb", icb.organisation] <= 16
