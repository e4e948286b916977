"""Laws of pooling, on small inboxes at random: merged or apart, in any order, under any key."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from counting import Figures, figures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inbox import staff_row, write_inbox

from pipeline.identity import Keys

PERIOD = "2022-03-31"
CCGS = ("01T", "01V", "01X")
ICB = "QYG"
OTHER_KEYS = Keys(pseudonym=b"8" * 32, store=b"9" * 32)


@st.composite
def posts(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """Posts of up to six people by CCG; a person has any number of them, anywhere.

    Assignment numbers rise with the CCG's code, so that the last tie is broken alike when all the
    posts stand in one extract.
    """
    found: dict[str, list[dict[str, str]]] = {code: [] for code in CCGS}
    for number in range(draw(st.integers(1, 14))):
        place = draw(st.integers(0, 2))
        person = draw(st.integers(1, 6))
        row = staff_row(
            person,
            nhs_unique_id=f"7400000{person}",
            assignment_number=f"{place}{draw(st.integers(0, 99)):02}-{number:02}",
            primary_assignment=draw(st.sampled_from(["Yes", "No"])),
            fte=draw(st.sampled_from(["1.0", "0.5", "0"])),
            pay_scale=draw(st.sampled_from(["NHS|XR05|Band 5", "NHS|XN08|Band 8a"])),
            assignment_category=draw(st.sampled_from(["Permanent", "Fixed Term Temp", "Bank"])),
            ethnic_origin=draw(st.sampled_from(["A", "H", "Z", ""])),
            disability=draw(st.sampled_from(["Yes", "No", "Not Declared", ""])),
        )
        found[CCGS[place]].append(row)
    return {code: rows for code, rows in found.items() if rows}


def write(inbox: Path, by_code: dict[str, list[dict[str, str]]]) -> Path:
    for code, rows in by_code.items():
        write_inbox(inbox, PERIOD, code, "esr_staff", rows)
    return inbox


def pooled(found: Figures) -> list[object]:
    """Return the ICB's figures of staff."""
    return [row for row in found.select(level="icb") if row.key["indicator"] not in ("2", "9")]


@pytest.mark.slow
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(posts(), st.randoms(use_true_random=False))
def test_pooling_is_merging_and_knows_neither_order_nor_key(by_code, random):
    """The ICB has the figures of one employer with all the posts, and at most the sum of heads."""
    together = [row for rows in by_code.values() for row in rows]
    random.shuffle(together)
    shuffled = {code: random.sample(rows, len(rows)) for code, rows in by_code.items()}
    with TemporaryDirectory() as folder:
        apart = figures(write(Path(folder) / "apart", by_code))
        merged = figures(write(Path(folder) / "merged", {"01T": together}))
        other = figures(write(Path(folder) / "other", shuffled), keys=OTHER_KEYS)
    assert other == apart
    assert pooled(merged) == pooled(apart)
    employers = [apart.headcount(code, "employer") for code in by_code]
    assert max(employers) <= apart.headcount(ICB, "icb") <= sum(employers)
