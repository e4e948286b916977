"""The figures of inboxes at random equal the second computation of them, in every standard."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from counting import Figures, figures
from hypothesis import HealthCheck, Phase, given, settings
from random_inbox import Inbox, inboxes, write
from recount import Place, figures_of
from recount.values import Figure

# One example builds the whole warehouse, which takes seconds: too long to look for a smaller one.
SETTINGS = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def by_place(found: Figures) -> dict[Place, Figure]:
    """Return the product's figures as the second computation gives its own."""
    names = ("standard", "indicator", "part", "measure", "group_code", "comparator_code")
    return {
        Place(
            row.key["period_end"],
            row.key["level"],
            row.key["organisation_code"],
            tuple("" if row.key[name] != row.key[name] else row.key[name] for name in names),
        ): Figure(*(row.told[name] for name in Figure._fields))
        for row in found.rows
    }


def assert_equal(inbox: Inbox) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder), inbox)
        ours, theirs = figures_of(path), by_place(figures(path))
    only = Counter(place.key[:2] for place in theirs.keys() ^ ours.keys())
    assert not only, "indicators that one computation alone has"
    wrong = {place: (ours[place], theirs[place]) for place in ours if ours[place] != theirs[place]}
    assert wrong == {}


@settings(max_examples=4, derandomize=True, **SETTINGS)
@given(inboxes())
def test_figures_of_inboxes_at_random_are_computed_twice_the_same(inbox):
    assert_equal(inbox)


@pytest.mark.slow
@settings(max_examples=15, derandomize=True, **SETTINGS)
@given(inboxes())
def test_figures_of_more_inboxes_at_random_are_computed_twice_the_same(inbox):
    assert_equal(inbox)


@pytest.mark.long
@settings(max_examples=60, derandomize=True, **SETTINGS)
@given(inboxes())
def test_figures_of_many_inboxes_at_random_are_computed_twice_the_same(inbox):
    assert_equal(inbox)
