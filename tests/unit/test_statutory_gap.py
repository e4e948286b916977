"""Whose gender pay gap the law makes public: the filing, the release and the attack agree.

Source: SI 2017/353, Schedule 1, paragraphs 1 and 2: an authority with 250 relevant employees or
more on the snapshot date. Whose sex no record tells is employed too, and in no figure of the gap.
"""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from filed import RELEASE, private
from inbox import pay_row, staff_row, write_inbox
from random_releases import shipped_policy

from pipeline.assess.counted import count_rows
from pipeline.assess.figures import assess
from pipeline.assess.methods import answer
from pipeline.attack.attack import attack
from pipeline.attack.published import READ
from pipeline.filings.figures import read_figures
from pipeline.filings.pay_gap import pay_gap_rows
from pipeline.protect.figures import protect, without_counts
from pipeline.registry import load_registry
from pipeline.relevant_employees import relevant_employees

SNAPSHOT = date(2022, 3, 31)
MANY, FEW = "01X", "12F"
# 249 and 248 men and women, and one person whose sex is not known.
SEXES = {
    code: ["Male"] * 100 + ["Female"] * women + [""] for code, women in ((MANY, 149), (FEW, 148))
}


@pytest.fixture(scope="module")
def made(module_folders):
    """What is filed and what is published of an employer of 250 people and of one of 249."""
    inbox = module_folders.mktemp("statutory") / "inbox"
    for code, sexes in SEXES.items():
        staff = [staff_row(number, gender=sex) for number, sex in enumerate(sexes, 1)]
        paid = [
            pay_row(number, hourly_rate=f"{10 + number % 7}.00")
            for number in range(1, len(sexes) + 1)
        ]
        write_inbox(inbox, str(SNAPSHOT), code, "esr_staff", staff)
        write_inbox(inbox, str(SNAPSHOT), code, "pay", paid)
    with private(inbox) as connection:
        registry, policy = load_registry(), shipped_policy()
        employees = relevant_employees(connection)
        filed = read_figures(connection, RELEASE)
        figures = assess(count_rows(connection, registry), registry, answer)
    both = protect(figures, {}, policy, employees=employees)
    decided, published = map(without_counts, both)
    return SimpleNamespace(
        employees=employees, filed=filed, decided=decided, published=published, policy=policy
    )


def test_relevant_employees_are_all_who_are_employed(made):
    assert made.employees == {(SNAPSHOT, MANY): 250, (SNAPSHOT, FEW): 249}


def test_the_filing_is_asked_of_whoever_has_250(made):
    rows = pay_gap_rows(made.filed, SNAPSHOT, voluntary=True)
    assert {row.body.code: row.is_compulsory for row in rows} == {MANY: True, FEW: False}


def test_the_release_shows_whole_what_has_to_be_filed(made):
    gaps = made.published[made.published["standard"].eq("GPG") & made.published["part"].eq("all")]
    shown = gaps[gaps["value"].notna()]
    of_many = set(shown.loc[shown["organisation_code"].eq(MANY), "indicator"])
    assert of_many == {"mean_hourly", "median_hourly", "bonus_share"} | {
        f"quarter_{number}" for number in range(1, 5)
    }
    assert set(shown.loc[shown["organisation_code"].eq(FEW), "indicator"]) == {"median_hourly"}


def test_the_attack_holds_the_release_for_possible(made):
    """249 men and women are no contradiction to a gap that stands whole."""
    codes = [*SEXES]
    bodies = [{"organisation_code": code, "kind": "CCG", "icb_code": None} for code in codes]
    tables = {
        "figure": made.published,
        "organisation": pd.DataFrame(bodies, columns=list(READ["organisation"])),
        "coverage": pd.DataFrame(columns=list(READ["coverage"])),
    }
    assert attack([tables], made.policy, made.decided).breaches == ()
