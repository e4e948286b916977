"""Laws of whole inboxes, every standard and source at once."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from counting import Figure, Figures, figures
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from inbox import Row
from random_inbox import (
    ORIGINS,
    UNKNOWN_ORIGINS,
    Inbox,
    about_staff,
    applications,
    board,
    characteristics,
    inboxes,
    posts,
    write,
)

from pipeline.assess.columns import COUNTS
from pipeline.identity import Keys

PERIOD = "2022-03-31"
OTHER_KEYS = Keys(pseudonym=b"8" * 32, store=b"9" * 32)
ABOUT_BODIES = {"EDS", "DUTIES", "ACTIONS"}
"""Standards that count documents and grades of bodies and no people."""
ESTIMATED = ("standard", "indicator", "part", "group_code", "comparator_code")
"""What an estimate over employers shares with the pooled ratio beside it."""

# One example builds two warehouses or three, which takes seconds.
few = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def found(inbox: Inbox, **more: Keys) -> Figures:
    with TemporaryDirectory() as folder:
        return figures(write(Path(folder), inbox), **more)


def one_ccg(random: Random, people: int, origins: tuple[str, ...] = ORIGINS) -> dict:
    """Return what one CCG sends, by source."""
    rows = [
        row
        for number in range(1, people + 1)
        for row in posts(
            random, number, characteristics(random) | {"ethnic_origin": random.choice(origins)}
        )
    ]
    sources = {"esr_staff": rows, "recruitment": applications(random, people)}
    return sources | {"board": board(random, 6)} | about_staff(random, rows, PERIOD)


@pytest.mark.slow
@few
@given(inboxes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_and_the_key_change_nothing(inbox, random):
    places = random.sample(list(inbox), len(inbox))
    shuffled = {place: random.sample(inbox[place], len(inbox[place])) for place in places}
    assert found(shuffled, keys=OTHER_KEYS) == found(inbox)


def is_of_strata(row: Figure) -> bool:
    """Whether it is a Mantel-Haenszel estimate, which stands beside a pooled ratio.

    It compares people within each employer and then weighs the employers. So it is right that it
    changes where one employer becomes two, and that one employer alone has none.
    """
    return row.key["part"].endswith(":mantel_haenszel") and row.key["measure"] == "ratio"


def is_of_people(row: Figure) -> bool:
    """Whether it counts people, whichever employer of the ICB they are with."""
    return row.key["standard"] not in ABOUT_BODIES and not is_of_strata(row)


@pytest.mark.slow
@few
@given(st.integers(0, 2**32), st.integers(20, 40))
def test_a_ccg_split_in_two_leaves_the_figures_of_its_icb(seed, people):
    """Everybody goes with all that is told of them; the board stays where it is."""
    random = Random(seed)
    whole = one_ccg(random, people)
    goes = {row["Employee Number"] for row in whole["esr_staff"] if random.random() < 0.5}

    def is_there(row: Row) -> bool:
        return row["Employee Number"] in goes if "Employee Number" in row else random.random() < 0.5

    split: Inbox = {(PERIOD, "01T", "board"): whole["board"]}
    for source, rows in whole.items():
        if source != "board":
            there = [row for row in rows if is_there(row)]
            here = [row for row in rows if row not in there]
            # A half that had nothing to send would count as one that did not send.
            assume(here and there)
            split |= {(PERIOD, "01T", source): here, (PERIOD, "01V", source): there}
    together = found({(PERIOD, "01T", source): rows for source, rows in whole.items()})
    apart = found(split)
    before, after = (
        [row for row in each.select(level="icb") if is_of_people(row)] for each in (together, apart)
    )
    assert before
    assert after == before
    # Nothing else of people is left out, and every estimate has the counts of its pooled ratio.
    assert not any(map(is_of_strata, together.rows))
    estimates = [row for row in apart.select(level="icb") if is_of_strata(row)]
    assert estimates
    counts = {
        tuple(row.key[name] for name in ESTIMATED): [row.told[name] for name in COUNTS]
        for row in before
        if row.key["measure"] == "relative_likelihood"
    }
    for row in estimates:
        pooled = row.key | {"part": row.key["part"].removesuffix(":mantel_haenszel")}
        assert [row.told[name] for name in COUNTS] == counts[
            tuple(pooled[name] for name in ESTIMATED)
        ]


def ratios(each: Figures) -> list[Figure]:
    """Return the ratios by ethnicity of those of whom it is known."""
    return [
        row
        for row in each.rows
        if row.key["measure"] in ("ratio", "relative_likelihood")
        and (
            row.key["standard"] in ("WRES", "RDR")
            or (row.key["standard"], row.key["indicator"]) == ("CENSUS", "ethnicity")
        )
        and not row.key["part"].endswith("all_staff")
    ]


@pytest.mark.slow
@few
@given(st.integers(0, 2**32), st.integers(10, 40))
def test_people_of_unknown_ethnicity_change_no_ratio(seed, people):
    random = Random(seed)
    known = one_ccg(random, people)
    more = one_ccg(random, 12, UNKNOWN_ORIGINS)
    strangers = [row | {"Ethnic Origin": ""} for row in more["recruitment"]]
    for rows, name in ((more["esr_staff"], "Assignment Number"), (strangers, "Application Id")):
        for row in rows:
            row[name] = f"9{row[name]}"
    for row in more["esr_staff"]:
        # New people, without a post elsewhere that would tell their ethnicity.
        row["Employee Number"] = f"9{row['Employee Number']}"
        row["NHS Unique Id"] = ""
        row["Ethnic Origin"] = random.choice(UNKNOWN_ORIGINS)
    added = known | {
        "esr_staff": known["esr_staff"] + more["esr_staff"],
        "recruitment": known["recruitment"] + strangers,
    }
    without, with_them = (
        ratios(found({(PERIOD, "01T", source): rows for source, rows in sources.items() if rows}))
        for sources in (known, added)
    )
    assert without
    assert with_them == without
